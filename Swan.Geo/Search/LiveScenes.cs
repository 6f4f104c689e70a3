using NetTopologySuite.Geometries;
using Swan.Geo.Coordinates;
using Swan.Geo.Places;
using Swan.Geo.Scenes;
using Swan.MLNet.Imaging;
using Swan.MLNet.Search;

namespace Swan.Geo.Search;

/// <summary>The scenes of an index as its list has them now: read again when the list has changed.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class LiveScenes(SceneIndexFolder folder)
{
    // A list that is as young as a step of the file system's clock may change once more without another time.
    private static readonly TimeSpan s_settles = TimeSpan.FromSeconds(2.1);

    private readonly Lock _gate = new();
    private State? _state;

    /// <exception cref="MLNet.SwanFormatException">The list is damaged.</exception>
    /// <exception cref="IOException">It is not there.</exception>
    public State Current
    {
        get
        {
            State? state = _state;
            (DateTime, long)? stamp = Stamp();
            if (state?.Stamp is { } known && known == stamp) return state;
            lock (_gate)
            {
                stamp = Stamp();
                if (_state is null || stamp is null || _state.Stamp != stamp) _state = new State(SceneList.Read(folder.Path), stamp);
                return _state;
            }
        }
    }

    // Null where the file is not there, or may still change unseen.
    private (DateTime Written, long Length)? Stamp()
    {
        var file = new FileInfo(folder.List);
        return file.Exists && DateTime.UtcNow - file.LastWriteTimeUtc > s_settles ? (file.LastWriteTimeUtc, file.Length) : null;
    }

    /// <summary>One state of the list.</summary>
    internal sealed class State
    {
        private readonly SceneList _list;
        private readonly Lazy<IReadOnlyList<SwanIndexedScene>> _indexed;
        private readonly Dictionary<string, (SceneRecord Record, Lazy<Georeference?> Place)> _byPrefix;
        private readonly Lazy<Dictionary<string, SceneRecord>> _byPath;

        public State(SceneList list, (DateTime Written, long Length)? stamp)
        {
            (_list, Stamp) = (list, stamp);
            _indexed = new(() => [.. list.Scenes.Select(s => new SwanIndexedScene
            {
                Name = s.Name, Path = PathOf(s), Hash = s.Hash, Width = s.Width, Height = s.Height, Windows = s.Windows, Date = s.Date,
                Place = _byPrefix![SceneIndexing.Prefix(s.Name, s.Hash)].Place.Value, Unplaced = s.Unplaced,
            })]);
            _byPrefix = list.Scenes.ToDictionary(
                s => SceneIndexing.Prefix(s.Name, s.Hash), s => (s, new Lazy<Georeference?>(() => s.Place)), StringComparer.Ordinal);
            _byPath = new(() => list.Scenes.ToDictionary(PathOf, StringComparer.Ordinal));
        }

        /// <summary>The file that it was read from; null where that may still change unseen.</summary>
        public (DateTime Written, long Length)? Stamp { get; }

        /// <summary>The folder of the scenes.</summary>
        public string Folder => _list.Folder;

        /// <summary>Whether both have the same scenes.</summary>
        public bool IsLike(State other) => ReferenceEquals(this, other) || _byPrefix.Count == other._byPrefix.Count
            && _byPrefix.Keys.All(other._byPrefix.ContainsKey);

        public int Count => _list.Scenes.Count;

        public IReadOnlyList<SceneRecord> Scenes => _list.Scenes;

        /// <summary>The scene that a place was found in; null where it is no longer in the index as it was then.</summary>
        public SceneRecord? SceneOf(Place place) => _byPath.Value.TryGetValue(place.Scene, out SceneRecord? scene)
            && (place.SceneHash is null || place.SceneHash == scene.Hash) ? scene : null;

        /// <summary>The scenes for callers, by name.</summary>
        public IReadOnlyList<SwanIndexedScene> Indexed => _indexed.Value;

        /// <summary>Where a scene's file is.</summary>
        public string PathOf(SceneRecord scene) => Path.GetFullPath(scene.Name, _list.Folder);

        /// <summary>How a scene's pixels are read, in the range that was measured when it was indexed.</summary>
        public ImageDecodingOptions Decoding(SceneRecord? scene)
        {
            ImageDecodingOptions decoding = _list.Windows.ToOptions().Decoding;
            return scene is { Low: { } low, High: { } high } ? decoding with { Range = SampleRange.Values(low, high) } : decoding;
        }

        /// <summary>The scene and the window of a row; null where the row is of a scene that is not in the index whole.</summary>
        public (SceneRecord Scene, Lazy<Georeference?> Place, SceneWindow Window)? Find(string key)
        {
            int hash = key.LastIndexOf('#');
            return hash > 0 && _byPrefix.TryGetValue(key[..hash], out var found)
                ? (found.Record, found.Place, SceneWindow.Parse(key.AsSpan(hash + 1))) : null;
        }

        /// <summary>A row as a place; null where the row is of a scene that is not in the index whole.</summary>
        public Place? PlaceOf(string query, SwanAnswerHit hit)
        {
            if (Find(hit.Key) is not var (scene, located, window)) return null;
            Georeference? place = located.Value;
            return new Place
            {
                Scene = PathOf(scene), SceneHash = scene.Hash,
                Column = window.Column, Row = window.Row, Width = window.Width, Height = window.Height,
                Key = hit.Key, Query = query, Score = hit.Score, Probability = hit.Probability, Date = scene.Date,
                Footprint = OnEarth(place, window),
                MapFootprint = place is null ? null : OnMap(place.Transform, window),
                CoordinateSystem = place?.CoordinateSystem.Name, EpsgCode = place?.CoordinateSystem.EpsgCode,
                MetersPerPixel = place?.MeanMetersPerPixel,
            };
        }

        /// <summary>A window in WGS 84; null where its coordinates can't be transformed, or it holds a pole.</summary>
        public static Geometry? OnEarth(Georeference? place, SceneWindow window)
        {
            if (place?.CoordinateSystem.CanTransform != true) return null;
            try
            {
                return place.FootprintOf(window.Column, window.Row, window.Width, window.Height);
            }
            catch (SwanGeoreferenceException)
            {
                return null;
            }
        }

        private static Polygon OnMap(PixelTransform transform, SceneWindow window)
        {
            (int left, int top, int right, int bottom) =
                (window.Column, window.Row, window.Column + window.Width, window.Row + window.Height);
            Coordinate[] ring = [At(left, top), At(left, bottom), At(right, bottom), At(right, top), At(left, top)];
            return new Polygon(new LinearRing(ring));

            Coordinate At(int column, int row)
            {
                (double x, double y) = transform.ToMap(column, row);
                return new Coordinate(x, y);
            }
        }
    }
}
