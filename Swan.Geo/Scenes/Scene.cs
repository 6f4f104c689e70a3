using Swan.Geo.Coordinates;
using Swan.Geo.Rasters;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Scenes;

/// <summary>An open scene: its pixels, where it lies, and the windows that it is cut into.</summary>
/// <remarks>Not safe for concurrent use. The file is open until this is disposed.</remarks>
internal sealed class Scene : IDisposable
{
    private readonly SceneImage _image;

    private Scene(
        string path, SceneImage image, GeoTags tags, SceneLocation location, DateTimeOffset? date, SwanSceneOptions options)
    {
        (Path, _image, Tags, Date) = (path, image, tags, date);
        Place = location.Georeference;
        Unplaced = location.Kind == SceneLocationKind.Georeferenced ? null : location.Sentence;
        Grids = WindowGrid.Of(image.Width, image.Height, Place?.MetersPerPixel, options);
        Windows = new SceneWindows(image, Grids, options.MinValidShare);
    }

    public string Path { get; }

    /// <summary>The tags that place it, with what files beside it say.</summary>
    public GeoTags Tags { get; }

    public int Width => _image.Width;

    public int Height => _image.Height;

    /// <summary>Where it lies; null where nothing says it.</summary>
    public Georeference? Place { get; }

    /// <summary>Why its place on the earth isn't known; null where it is.</summary>
    public string? Unplaced { get; }

    /// <summary>The samples that became black and white; null where samples have 8 bits.</summary>
    public SampleScale? Range => _image.Map?.Scale;

    /// <summary>When it was taken; null where nothing says it.</summary>
    public DateTimeOffset? Date { get; }

    public IReadOnlyList<WindowGrid> Grids { get; }

    public SceneWindows Windows { get; }

    /// <summary>Windows, those without data included.</summary>
    public long Count => Grids.Sum(g => g.Count);

    /// <summary>Opens a scene.</summary>
    /// <exception cref="Swan.MLNet.Imaging.SwanImageException">It is no TIFF, damaged, or its samples are no pictures.</exception>
    /// <exception cref="SwanSceneException">It can't be cut into windows, or where it lies contradicts itself.</exception>
    /// <exception cref="SwanGeoreferenceException">A file beside it can't be read.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static Scene Open(string path, SwanSceneOptions options, CancellationToken token)
    {
        SceneImage image = SceneImage.Open(path, options.Decoding, token);
        try
        {
            GeoTags tags = SceneTags.Read(path, image.File.Directory, image.Pam);
            SceneLocation location = SceneLocation.Read(image.File, tags);
            if (location.Kind == SceneLocationKind.Contradictory) throw new SwanSceneException(path, location.Sentence);
            return new(path, image, tags, location, SceneDate.Find(path, image.File.Directory), options);
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    public void Dispose() => _image.Dispose();
}
