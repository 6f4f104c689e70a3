using Swan.Cli.Tests.Commands;
using Swan.Geo.Tests.Scenes;

namespace Swan.Cli.Tests.Guides;

/// <summary>A folder with the images, models and results that the documents' commands name.</summary>
internal sealed class GuideFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public GuideFolder(ExportedRun exported)
    {
        Pictures("photos/north", 12, "0001.jpg");
        Pictures("bridges", 3, "bridge.png");
        Pictures("tiles", 120, "tile.png"); // of which one may be bad: a job allows 1 %
        Satellite("tiles/mostly-empty.tif", noData: 0.95);
        Satellite("scene.tif", noData: 0);
        Directory.CreateDirectory(_folder.File("scenes"));
        DrawnScene.Write(_folder.File("scenes/a_20240131.tif"), 700, 700, DrawnScene.Utm32(1));
        TinyData.Write(_folder.File("DIR"));
        exported.CopyRun(_folder.File("RUN"));
        foreach (string name in (string[])["model.swan", "MODEL.swan", "rsicd.swan"]) File.Copy(exported.Model, _folder.File(name));
        // The documents write OUT for the folder of an earlier command.
        Directory.CreateSymbolicLink(_folder.File("OUT"), _folder.File("embeddings-of-tiles"));
    }

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Dispose();

    private void Pictures(string folder, int count, string first)
    {
        Directory.CreateDirectory(_folder.File(folder));
        Sketches.Write(_folder.File($"{folder}/{first}"), 1);
        for (int seed = 2; seed <= count; seed++) Sketches.Write(_folder.File($"{folder}/{seed}.png"), seed);
    }

    private void Satellite(string name, double noData)
    {
        var tiff = new WrittenTiff(100, 80, 3, 16, (x, y, band) => y < 80 * noData ? 0 : 500 + (10 * x) + (7 * y) + (100 * band))
        {
            NoData = "0",
        };
        File.WriteAllBytes(_folder.File(name), tiff.Write());
    }
}
