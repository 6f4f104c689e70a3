using Swan.Geo.Scenes;
using Swan.Geo.Search;
using Swan.MLNet.Models;

namespace SceneSearch.Web.Demo;

/// <summary>A folder with drawn scenes and their index.</summary>
internal sealed class DemoFolder : IDisposable
{
    private readonly string _path;
    private readonly bool _isTemporary;

    private DemoFolder(string path, bool isTemporary) => (_path, _isTemporary) = (path, isTemporary);

    /// <summary>A folder.</summary>
    /// <param name="path">Where; what is there already is used again. Null: one that is removed afterwards.</param>
    public static DemoFolder At(string? path) =>
        path is null ? new(Directory.CreateTempSubdirectory("swan-demo-").FullName, isTemporary: true) : new(path, isTemporary: false);

    /// <summary>Draws what is not there, and indexes it with the model inside Swan.MLNet.</summary>
    /// <returns>The index.</returns>
    public string Index(TextWriter output)
    {
        string scenes = Path.Combine(_path, "scenes"), index = Path.Combine(_path, "index");
        if (!Directory.Exists(scenes))
        {
            output.WriteLine($"Drawing land into '{scenes}' …");
            DrawnLand.Write(scenes);
        }
        var options = new SwanSceneOptions { GroundSides = [320, 640], PixelSides = [256] };
        SwanSceneIndexer work = SwanSceneIndexer.Look(index, scenes, options);
        if (work.Windows > 0) output.WriteLine($"Indexing {work.Windows} windows …");
        using SwanModel model = SwanModel.OpenDefault();
        work.Run(model);
        return index;
    }

    public void Dispose()
    {
        if (_isTemporary) Directory.Delete(_path, recursive: true);
    }
}
