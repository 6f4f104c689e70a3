using Swan.Geo.Coordinates;

namespace Swan.Geo.Scenes;

/// <summary>An open scene: its pixels, where it lies, and the windows that it is cut into.</summary>
/// <remarks>Not safe for concurrent use. The file is open until this is disposed.</remarks>
internal sealed class Scene : IDisposable
{
    private readonly SceneImage _image;

    private Scene(string path, SceneImage image, Georeference? place, DateTimeOffset? date, SwanSceneOptions options)
    {
        (Path, _image, Place, Date) = (path, image, place, date);
        Grids = WindowGrid.Of(image.Width, image.Height, place?.MetersPerPixel, options);
        Windows = new SceneWindows(image, Grids, options.MinValidShare);
    }

    public string Path { get; }

    public int Width => _image.Width;

    public int Height => _image.Height;

    /// <summary>Where it lies; null where nothing says it.</summary>
    public Georeference? Place { get; }

    /// <summary>When it was taken; null where nothing says it.</summary>
    public DateTimeOffset? Date { get; }

    public IReadOnlyList<WindowGrid> Grids { get; }

    public SceneWindows Windows { get; }

    /// <summary>Windows, those without data included.</summary>
    public long Count => Grids.Sum(g => g.Count);

    /// <summary>Opens a scene.</summary>
    /// <exception cref="Swan.MLNet.Imaging.SwanImageException">It is no TIFF, damaged, or its samples are no pictures.</exception>
    /// <exception cref="SwanSceneException">It can't be cut into windows, or where it lies contradicts itself.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static Scene Open(string path, SwanSceneOptions options, CancellationToken token)
    {
        SceneImage image = SceneImage.Open(path, options.Decoding, token);
        try
        {
            return new(path, image, Georeference.Read(image.File, path), SceneDate.Find(path, image.File.Directory), options);
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    public void Dispose() => _image.Dispose();
}
