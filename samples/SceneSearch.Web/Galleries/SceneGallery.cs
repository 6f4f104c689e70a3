using NetTopologySuite.Geometries;
using SceneSearch.Web.Caching;
using SceneSearch.Web.Maps;
using Swan.Geo.Coordinates;
using Swan.Geo.Places;
using Swan.Geo.Search;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace SceneSearch.Web.Galleries;

/// <summary>An index of scenes.</summary>
internal sealed class SceneGallery : IGallery
{
    private const int Quality = 85;
    private readonly SwanModel _model;
    private readonly SwanSceneIndex _index;
    private MapGroups _maps;

    public SceneGallery(string folder, SwanModel model, PictureFolder pictures)
    {
        (_model, _index) = (model, SwanSceneIndex.Open(folder));
        Pictures = new ScenePictures(_index, pictures);
        _maps = new MapGroups(_index.ListScenes());
    }

    public string Folder => _index.Folder;

    public ModelIdentity? Model => _index.Model;

    public long Count => _index.WindowCount;

    public string? Warning => _index.SceneCount > 0 ? null
        : $"The index '{Folder}' has no scenes yet. Run 'swan scene index' to the end; the server follows it.";

    /// <summary>Of the scenes.</summary>
    public ScenePictures Pictures { get; }

    public MapGroups Maps
    {
        get
        {
            IReadOnlyList<SwanIndexedScene> scenes = _index.ListScenes();
            MapGroups maps = Volatile.Read(ref _maps);
            // Two requests may both make the same.
            if (!ReferenceEquals(maps.Scenes, scenes)) Volatile.Write(ref _maps, maps = new MapGroups(scenes));
            return maps;
        }
    }

    public Found Search(string text, ReadOnlyMemory<float> embedding, SearchScope scope, CancellationToken token) =>
        Told(_index.Search(_model, text, embedding, Options(scope), token));

    public Found SearchLike(string key, SearchScope scope, CancellationToken token) =>
        Told(_index.SearchLike(key, Options(scope), token));

    // The key has the content's hash.
    public string? StampOf(string key) => _index.FindWindow(key) is null ? null : key;

    public async Task<byte[]?> DrawAsync(string key, int side, CancellationToken token)
    {
        if (_index.FindWindow(key) is not var (scene, column, row, width, height)) return null;
        double reduction = Math.Max(1, (double)Math.Max(width, height) / side);
        if (await Pictures.ReadAsync(scene, column, row, width, height, reduction, patience: null, token) is not { } picture) return null;
        (int columns, int rows) = (Math.Max(1, (int)(width / reduction)), Math.Max(1, (int)(height / reduction)));
        var pixels = new byte[columns * rows * 4];
        var toScene = new PixelTransform(column, (double)width / columns, 0, row, 0, (double)height / rows);
        PictureSampler.Draw(picture, scene, toScene, pixels, columns);
        return PictureCodec.Encode(pixels, columns, Quality);
    }

    public async ValueTask DisposeAsync()
    {
        // What still reads scenes must end first.
        await Pictures.DisposeAsync();
        _index.Dispose();
    }

    // Without probabilities: the calibration is fitted on whole images, and would hide right places.
    private static SwanPlaceOptions Options(SearchScope scope) => new() { Top = scope.Top, Inside = scope.Inside };

    private Found Told(SwanPlaces places)
    {
        MapGroups maps = Maps;
        // The server's folders are nobody's business.
        Place[] named = [.. places.Places.Select(p => p with { Scene = maps.FindPath(p.Scene)?.Scene.Scene.Name
            ?? Path.GetFileName(p.Scene) })];
        return new Found
        {
            Windows = [.. places.Places.Zip(named, (place, name) => Window(place, name.Scene, maps))],
            Places = named, IsNothing = places.Places.Count == 0, Warning = places.Text?.Warning,
        };
    }

    private static FoundWindow Window(Place place, string name, MapGroups maps)
    {
        (string, double[][])? onMap = maps.FindPath(place.Scene) is var (group, scene)
            ? (group.Id, Bounds.Ring(scene.Transform, place.Column, place.Row, place.Width, place.Height)) : null;
        Point? middle = place.Footprint?.InteriorPoint;
        return new FoundWindow(place.Key!, name, place.Score, place.Probability)
        {
            OnMap = onMap, Middle = middle is null ? null : (middle.X, middle.Y), Date = place.Date,
            Window = (place.Column, place.Row, place.Width, place.Height), MetersPerPixel = place.MetersPerPixel,
        };
    }
}
