using Swan.Geo.Places;
using Swan.Geo.Rasters;
using Swan.Geo.Scenes;
using Swan.Geo.Search;
using Swan.Geo.Tests.Scenes;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;

namespace Swan.Geo.Tests.Search;

/// <summary>What an open index answers while, and after, it is brought up to date.</summary>
public sealed class UpdatedIndexTests : IDisposable
{
    private const int Updates = 12;
    private const string Caption = "green river bridge";

    private readonly TemporaryFolder _folder = new();
    private readonly SwanModel _model;

    public UpdatedIndexTests()
    {
        Directory.CreateDirectory(_folder.File("scenes"));
        _model = SwanModel.Open(TinyModel.Write(_folder.FullName));
        Update(0);
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Heat_maps_are_of_the_scenes_as_they_are_now()
    {
        using SwanSceneIndex index = SwanSceneIndex.Open(_folder.File("index"));
        Assert.Equal(1, WholeMaps(index));
        Update(1);
        Assert.Equal(1, WholeMaps(index));
    }

    [Fact]
    public async Task Heat_maps_and_searches_during_updates_have_all_windows()
    {
        using SwanSceneIndex index = SwanSceneIndex.Open(_folder.File("index"));
        Task updates = Task.Run(() =>
        {
            for (int i = 1; i <= Updates; i++) Update(i);
        }, TestContext.Current.CancellationToken);
        do
        {
            Assert.Equal(1, WholeMaps(index));
            var all = new SwanPlaceOptions { Top = 1_000, MaxOverlap = 1 };
            Assert.Equal(9, index.Search(_model, Caption, all, TestContext.Current.CancellationToken).Places.Count);
        }
        while (!updates.IsCompleted);
        await updates;
    }

    [Fact]
    public void A_page_has_no_pictures_of_what_a_scene_became()
    {
        using SwanSceneIndex index = SwanSceneIndex.Open(_folder.File("index"));
        IReadOnlyList<Place> before = index.Search(_model, Caption, null, TestContext.Current.CancellationToken).Places;
        Update(1);
        string page = _folder.File("page.html");
        SwanPlaceFiles.WritePage(index, page, "before", before, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("data:image", File.ReadAllText(page), StringComparison.Ordinal);
        IReadOnlyList<Place> now = index.Search(_model, Caption, null, TestContext.Current.CancellationToken).Places;
        SwanPlaceFiles.WritePage(index, page, "now", now, TestContext.Current.CancellationToken);
        Assert.Contains("data:image", File.ReadAllText(page), StringComparison.Ordinal);
    }

    // Heat maps whose cells all have a score.
    private int WholeMaps(SwanSceneIndex index)
    {
        IReadOnlyList<string> maps = SwanPlaceFiles.WriteHeatMaps(
            index, _model, Caption, _folder.File("maps"), cancellationToken: TestContext.Current.CancellationToken);
        foreach (string path in maps)
        {
            using TiffFile map = TiffFile.Open(File.OpenRead(path), path);
            var whole = new PixelWindow(0, 0, map.Image.Fields.Width, map.Image.Fields.Height);
            var cells = new float[whole.Width * whole.Height];
            map.Image.Read(whole, [0], (x, y, _, row) => row.CopyTo(cells.AsSpan(y * whole.Width + x)),
                TestContext.Current.CancellationToken);
            Assert.All(cells, cell => Assert.True(float.IsFinite(cell)));
        }
        return maps.Count;
    }

    private void Update(int version)
    {
        string next = _folder.File("next.tif");
        DrawnScene.Write(next, new RasterFormat(400, 400, 3, TiffSampleType.Byte) { Geo = DrawnScene.Utm32(1) },
            (x, y, band) => (DrawnScene.Value(x, y, band) + version) % 251);
        File.Move(next, Path.Combine(_folder.File("scenes"), "scene.tif"), overwrite: true);
        SwanSceneChanges changes = SwanSceneIndexer.Look(
            _folder.File("index"), _folder.File("scenes"), new SwanSceneOptions { GroundSides = [200] },
            TestContext.Current.CancellationToken).Run(_model, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((1, 9), (changes.Added + changes.Replaced, changes.Rows));
    }
}
