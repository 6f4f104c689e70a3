using Swan.Geo.Rasters;
using Swan.Geo.Scenes;
using Swan.Geo.Search;
using Swan.Geo.Tests.Rasters;
using Swan.Geo.Tests.Scenes;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;

namespace Swan.Geo.Tests.Search;

public sealed class SwanSceneReaderTests : IDisposable
{
    private const int Width = 1_001, Height = 770;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 0, Width, Height)]
    [InlineData(300, 250, 200, 90)]
    [InlineData(1_000, 769, 1, 1)]
    public void A_region_at_full_size_has_the_scenes_own_pixels(int column, int row, int width, int height)
    {
        DrawnScene.Write(Scene("scene.tif"), Width, Height, DrawnScene.Utm32(1));
        SwanScenePicture picture = Read(column, row, width, height);
        Assert.Equal((column, row, 1.0, 1.0, width, height),
            (picture.Column, picture.Row, picture.ColumnStep, picture.RowStep, picture.Width, picture.Height));
        for (int y = 0; y < height; y += 7)
        {
            for (int x = 0; x < width; x += 7)
                AssertPixel(picture, x, y, band => DrawnScene.Value(column + x, row + y, band), tolerance: 0);
        }
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(7.9, 4)]
    [InlineData(64, 64)]
    public void A_reduced_region_is_averaged_by_a_power_of_two(double reduction, int expected)
    {
        DrawnScene.Write(Scene("scene.tif"), Width, Height, DrawnScene.Utm32(1));
        SwanScenePicture picture = Read(64, 128, 640, 512, reduction);
        Assert.Equal((expected, expected, 640 / expected, 512 / expected),
            (picture.ColumnStep, picture.RowStep, picture.Width, picture.Height));
        for (int y = 0; y < picture.Height; y += 3)
        {
            for (int x = 0; x < picture.Width; x += 3)
            {
                int left = 64 + x * expected, top = 128 + y * expected;
                AssertPixel(picture, x, y, band => (int)Math.Round(Enumerable.Range(0, expected * expected)
                    .Average(i => DrawnScene.Value(left + i % expected, top + i / expected, band))), tolerance: 1);
            }
        }
    }

    [Fact]
    public void Pixels_without_data_are_see_through()
    {
        var format = new RasterFormat(512, 512, 3, TiffSampleType.Byte) { Geo = DrawnScene.Utm32(1), NoData = "0" };
        DrawnScene.Write(Scene("scene.tif"), format, (x, y, _) => x < 128 || (x + y) % 2 == 0 && x < 256 ? 0 : 200);
        SwanScenePicture picture = Read(0, 0, 512, 512, 8);
        Assert.Equal(0, picture.Bgra[(20 * 64 + 5) * 4 + 3]);
        Assert.InRange(picture.Bgra[(20 * 64 + 20) * 4 + 3], 126, 129);
        Assert.Equal((200, 255), (picture.Bgra[(20 * 64 + 50) * 4], picture.Bgra[(20 * 64 + 50) * 4 + 3]));
        // What has no data doesn't darken what has.
        Assert.Equal(200, picture.Bgra[(20 * 64 + 20) * 4]);
    }

    [Fact]
    public void Overviews_that_the_file_has_are_read_instead()
    {
        string path = Scene("scene.tif");
        var format = new RasterFormat(Width, Height, 3, TiffSampleType.Byte) { Geo = DrawnScene.Utm32(1) };
        DrawnScene.Write(path, format, Smooth);
        SwanScenePicture before = Read(0, 0, Width, Height, 8);
        GdalProgram.Run("gdaladdo", "-q", "-r", "average", path, "2", "4");
        SwanScenePicture picture = Read(200, 100, 600, 500, 8);
        // 1,001 columns are 251 of the smallest overview, so a pixel is a little less than eight.
        Assert.Equal(8 * Width / 4 / 251.0, picture.ColumnStep, tolerance: 1e-9);
        Assert.InRange(picture.Column, 192, 200);
        Assert.True(picture.Column + picture.Width * picture.ColumnStep >= 800 - 8);
        for (int y = 2; y < picture.Height - 2; y += 3)
        {
            for (int x = 2; x < picture.Width - 2; x += 3)
            {
                (double column, double row) = (picture.Column + (x + 0.5) * picture.ColumnStep, picture.Row + (y + 0.5) * picture.RowStep);
                AssertPixel(picture, x, y, band => Smooth((int)column, (int)row, band), tolerance: 3);
            }
        }
        Assert.Equal(8, before.ColumnStep);

        static int Smooth(int x, int y, int band) => 20 + (x * (band + 1) + y) / 16;
    }

    [Fact]
    public void Deep_samples_are_read_in_the_range_of_the_whole_scene()
    {
        var format = new RasterFormat(600, 600, 3, TiffSampleType.UInt16) { Geo = DrawnScene.Utm32(1) };
        DrawnScene.Write(Scene("scene.tif"), format, (x, _, _) => 1_000 + x * 4);
        SwanScenePicture left = Read(0, 0, 100, 100), right = Read(500, 0, 100, 100);
        Assert.True(left.Bgra[50 * 4] < 60 && right.Bgra[50 * 4] > 190, $"{left.Bgra[50 * 4]}, {right.Bgra[50 * 4]}");
    }

    [Theory]
    [InlineData(-1, 0, 10, 10, 1)]
    [InlineData(0, 0, Width + 1, 10, 1)]
    [InlineData(0, 0, 0, 10, 1)]
    [InlineData(0, 0, 10, 10, 0.5)]
    [InlineData(0, 0, 10, 10, double.NaN)]
    public void Regions_outside_of_the_scene_are_refused(int column, int row, int width, int height, double reduction)
    {
        DrawnScene.Write(Scene("scene.tif"), Width, Height, DrawnScene.Utm32(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(column, row, width, height, reduction));
    }

    [Fact]
    public void A_scene_that_is_not_what_was_indexed_is_not_opened()
    {
        DrawnScene.Write(Scene("scene.tif"), Width, Height, DrawnScene.Utm32(1));
        using SwanSceneIndex index = Index();
        DrawnScene.Write(Scene("scene.tif"), Width, Height - 9, DrawnScene.Utm32(1));
        Assert.Null(index.OpenScene("scene.tif"));
        File.Delete(Scene("scene.tif"));
        Assert.Null(index.OpenScene("scene.tif"));
        Assert.Null(index.OpenScene("../scene.tif"));
    }

    private static void AssertPixel(SwanScenePicture picture, int x, int y, Func<int, int> value, int tolerance)
    {
        int at = (y * picture.Width + x) * 4;
        for (int band = 0; band < 3; band++) Assert.InRange(picture.Bgra[at + 2 - band], value(band) - tolerance, value(band) + tolerance);
        Assert.Equal(255, picture.Bgra[at + 3]);
    }

    private string Scene(string name) => Path.Combine(Directory.CreateDirectory(_folder.File("scenes")).FullName, name);

    private SwanScenePicture Read(int column, int row, int width, int height, double reduction = 1)
    {
        using SwanSceneIndex index = Index();
        using SwanSceneReader reader = index.OpenScene("scene.tif", TestContext.Current.CancellationToken)!;
        return reader.Read(column, row, width, height, reduction, TestContext.Current.CancellationToken);
    }

    private SwanSceneIndex Index()
    {
        using var model = SwanModel.Open(File.Exists(_folder.File("tiny.swan")) ? _folder.File("tiny.swan")
            : TinyModel.Write(_folder.FullName));
        SwanSceneIndexer.Look(_folder.File("index"), _folder.File("scenes"), new SwanSceneOptions { GroundSides = [200] }).Run(model);
        return SwanSceneIndex.Open(_folder.File("index"));
    }
}
