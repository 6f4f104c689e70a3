using Microsoft.ML;
using Swan.Geo.Rasters;
using Swan.Geo.Scenes;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Transforms;

namespace Swan.Geo.Tests.Scenes;

public sealed class SceneWindowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(700, 500, 100)]   // as it is
    [InlineData(1500, 1300, 600)] // two pixels averaged in each direction
    [InlineData(12_000, 300, 200)] // two panels
    public void Pictures_are_what_a_naive_reading_cuts(int width, int height, int side)
    {
        string path = DrawnScene.Write(_folder.File("scene.tif"), width, height);
        var options = new SwanSceneOptions { PixelSides = [side] };
        using Scene scene = Scene.Open(path, options, TestContext.Current.CancellationToken);
        WindowPicture[] pictures = [.. scene.Windows.Read(pictures: true, TestContext.Current.CancellationToken)];

        WindowGrid grid = Assert.Single(scene.Grids);
        Assert.Equal(grid.Windows.Order(Comparer<SceneWindow>.Create(Compare)), pictures.Select(p => p.Window).Order(
            Comparer<SceneWindow>.Create(Compare)));
        int factor = grid.Across.Factor;
        foreach (WindowPicture picture in pictures)
        {
            Assert.Equal((picture.Window.Width / factor, picture.Window.Height / factor), (picture.Width, picture.Height));
            for (int y = 0; y < picture.Height; y += 17)
            {
                for (int x = 0; x < picture.Width; x += 19)
                {
                    int at = (y * picture.Width + x) * 4;
                    for (int band = 0; band < 3; band++)
                        Assert.Equal(Mean(picture.Window.Column + x * factor, picture.Window.Row + y * factor, band, factor),
                            picture.Bgra![at + 2 - band]);
                    Assert.Equal(255, picture.Bgra![at + 3]);
                }
            }
        }
    }

    [Fact]
    public void Windows_with_too_little_data_are_left_out_and_counted()
    {
        // The left half has data; zero is none.
        var format = new RasterFormat(800, 400, 3, TiffSampleType.Byte) { NoData = "0" };
        string path = DrawnScene.Write(_folder.File("half.tif"), format, (x, y, band) => x < 400 ? 1 + DrawnScene.Value(x, y, band) : 0);
        var options = new SwanSceneOptions { PixelSides = [200], MinValidShare = 0.6 };
        using Scene scene = Scene.Open(path, options, TestContext.Current.CancellationToken);
        SceneWindow[] windows = [.. scene.Windows.Read(pictures: false, TestContext.Current.CancellationToken).Select(p => p.Window)];

        Assert.All(windows, w => Assert.True(w.Column + w.Width / 2 <= 400 - w.Width / 10));
        Assert.Equal([0, 100, 200], windows.Select(w => w.Column).Distinct().Order());
        Assert.Equal(scene.Count, windows.Length + scene.Windows.WithoutData);
    }

    [Fact]
    public void Pixels_without_data_do_not_darken_those_beside_them()
    {
        // Every other column has data, of one value.
        var format = new RasterFormat(1100, 1100, 3, TiffSampleType.Byte) { NoData = "0" };
        string path = DrawnScene.Write(_folder.File("columns.tif"), format, (x, _, _) => x % 2 == 0 ? 200 : 0);
        using Scene scene = Scene.Open(
            path, new SwanSceneOptions { PixelSides = [1100], MinValidShare = 0.4 }, TestContext.Current.CancellationToken);
        WindowPicture picture = Assert.Single(scene.Windows.Read(pictures: true, TestContext.Current.CancellationToken));
        Assert.All(picture.Bgra!.Where((_, i) => i % 4 != 3), value => Assert.Equal(200, value));
    }

    [Fact]
    public void All_windows_of_a_scene_are_stretched_alike()
    {
        // 16 bits, dark at the left and bright at the right: stretched by themselves, both would look the same.
        var format = new RasterFormat(1000, 300, 3, TiffSampleType.UInt16);
        string path = DrawnScene.Write(_folder.File("deep.tif"), format, (x, y, _) => 1000 + 3 * x + y % 7);
        using Scene scene = Scene.Open(path, new SwanSceneOptions { PixelSides = [300] }, TestContext.Current.CancellationToken);
        WindowPicture[] pictures = [.. scene.Windows.Read(pictures: true, TestContext.Current.CancellationToken)];
        double[] means = [.. pictures.OrderBy(p => p.Window.Column).Select(p => p.Bgra!.Where((_, i) => i % 4 != 3).Average(v => v))];
        Assert.True(means[0] < 60 && means[^1] > 195, string.Join(" ", means));
        Assert.Equal(means.Order(), means);
    }

    [Fact]
    public void A_sampled_range_is_that_of_the_whole_scene()
    {
        PixelWindow[] chunks = SceneStatistics.Sample(20_000, 20_000, (512, 512));
        Assert.InRange(chunks.Sum(c => (long)c.Width * c.Height), 15L << 20, 17L << 20);
        Assert.Equal(chunks.Length, chunks.Distinct().Count());
        // All parts of the scene have their share.
        int[] quarters = [.. chunks.GroupBy(c => (c.X >= 10_000, c.Y >= 10_000)).Select(g => g.Count())];
        Assert.Equal(4, quarters.Length);
        Assert.True(quarters.Max() - quarters.Min() <= 4, string.Join(" ", quarters));
    }

    [Theory]
    [InlineData(700, 500)]
    [InlineData(23_000, 400)] // three panels
    public void Rows_are_the_same_whatever_columns_are_asked_for(int width, int height)
    {
        string path = DrawnScene.Write(_folder.File("scene.tif"), width, height, DrawnScene.Utm32(1));
        IDataView view = new MLContext().Swan().LoadScenes([path], new SwanSceneOptions { GroundSides = [70, 150, 600] });
        string[] all = [.. Keys(view, "Key", "Window")];
        Assert.Equal(all, Keys(view, "Key"));
        Assert.True(all.Length > 20);
    }

    [Fact]
    public void No_pixel_is_read_where_none_is_asked_for()
    {
        // A tile in the middle is no Deflate; the file is as long as it should be.
        string path = DrawnScene.Write(_folder.File("scene.tif"), 700, 500, DrawnScene.Utm32(1));
        DamagedScene.Break(path, 3);
        IDataView Load(SwanOnError onError) => new MLContext().Swan().LoadScenes(
            [path], new SwanSceneOptions { GroundSides = [70], OnError = onError });
        Assert.NotEmpty(Keys(Load(SwanOnError.Throw), "Key"));
        Assert.Throws<SwanImageException>(() => Keys(Load(SwanOnError.Throw), "Key", "Window").Count());
        // Where damage costs rows, and no exception, rows would differ.
        Assert.Equal(Keys(Load(SwanOnError.Skip), "Key", "Window"), Keys(Load(SwanOnError.Skip), "Key"));
    }

    [Fact]
    public void A_scene_that_is_cut_off_is_refused_before_a_pixel_is_read()
    {
        string path = DrawnScene.Write(_folder.File("scene.tif"), 700, 500, DrawnScene.Utm32(1));
        DamagedScene.Cut(path);
        var e = Assert.Throws<SwanImageException>(() => Scene.Open(path, new SwanSceneOptions(), TestContext.Current.CancellationToken));
        Assert.Equal(ImageFault.Truncated, e.Fault);
        Assert.Contains("tile or strip 5", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_scene_is_refused_by_name()
    {
        string thin = DrawnScene.Write(_folder.File("thin.tif"), 8, 3_000);
        var e = Assert.Throws<SwanSceneException>(() => Scene.Open(thin, new SwanSceneOptions(), TestContext.Current.CancellationToken));
        Assert.Contains("8×3000", e.Message, StringComparison.Ordinal);
        Assert.Contains(thin, e.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Keys(IDataView view, params string[] columns)
    {
        using DataViewRowCursor cursor = view.GetRowCursor(columns.Select(c => view.Schema[c]));
        ValueGetter<ReadOnlyMemory<char>> key = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Key"]);
        ReadOnlyMemory<char> text = default;
        while (cursor.MoveNext())
        {
            key(ref text);
            yield return text.ToString();
        }
    }

    private static int Mean(int x, int y, int band, int factor)
    {
        int sum = 0;
        for (int dy = 0; dy < factor; dy++)
        {
            for (int dx = 0; dx < factor; dx++) sum += DrawnScene.Value(x + dx, y + dy, band);
        }
        return (sum + factor * factor / 2) / (factor * factor);
    }

    private static int Compare(SceneWindow a, SceneWindow b) => (a.Row, a.Column).CompareTo((b.Row, b.Column));
}
