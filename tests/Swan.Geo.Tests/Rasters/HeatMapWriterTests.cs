using System.Runtime.InteropServices;
using CsCheck;
using Swan.Geo.Rasters;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Tests.Rasters;

public sealed class HeatMapWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("heat.tif");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_cell_says_what_the_windows_over_its_middle_say()
    {
        // Also beyond the scene's sides, with at least a cell in it.
        Gen<ScoredWindow> window = Gen.Select(Gen.Int[-90, 569], Gen.Int[-90, 369], Gen.Int[30, 300], Gen.Int[30, 300], Gen.Float[-1, 1])
            .Select((x, y, w, h, s) => new ScoredWindow(x, y, w - Math.Min(x, 0), h - Math.Min(y, 0), s));
        Gen.Select(window.List[1, 40], Gen.Int[1, 30], Gen.Enum<HeatMapStatistic>()).Sample((windows, cell, statistic) =>
        {
            HeatMapGrid grid = HeatMapWriter.Write(Path, 600, 400, windows, options: new() { CellSize = cell, Statistic = statistic });
            float[] cells = Read();

            Assert.Equal((cell, (599 / cell) + 1, (399 / cell) + 1), (grid.CellSize, grid.Columns, grid.Rows));
            for (int i = 0; i < cells.Length; i++)
            {
                double x = Middle(i % grid.Columns * cell, 600), y = Middle(i / grid.Columns * cell, 400);
                float[] over = [.. windows.Where(w => w.Column <= x && x < w.Column + w.Width && w.Row <= y && y < w.Row + w.Height)
                    .Select(w => w.Score)];
                float expected = over.Length == 0 ? float.NaN : statistic == HeatMapStatistic.Max ? over.Max() : over.Average();
                Assert.Equal(expected, cells[i], 1e-5f);
            }

            double Middle(int start, int pixels) => (start + Math.Min(start + cell, pixels)) / 2.0;
        }, iter: 60, threads: 1); // one file
    }

    [Fact]
    public void Without_a_size_cells_are_as_large_as_the_finest_stride()
    {
        // Two scales; the last windows of rows and columns are moved back to the scene's sides.
        ScoredWindow[] windows = [.. Windows(1000, 700, 224, 112), .. Windows(1000, 700, 448, 224)];

        HeatMapGrid grid = HeatMapWriter.Write(Path, 1000, 700, windows);

        Assert.Equal((112, 9, 7), (grid.CellSize, grid.Columns, grid.Rows));
        Assert.DoesNotContain(float.NaN, Read());
    }

    [Fact]
    public void A_large_scene_has_at_most_4096_cells_a_side_and_no_window_is_lost()
    {
        HeatMapGrid grid = HeatMapWriter.Write(Path, 40_960, 3_000, [new(20_481, 1_001, 2, 2, 0.5f), new(0, 0, 1, 1, 0.25f)]);

        Assert.Equal((10, 4096, 300), (grid.CellSize, grid.Columns, grid.Rows));
        float[] cells = Read();
        Assert.Equal(0.5f, cells[100 * 4096 + 2048]);
        Assert.Equal(0.25f, cells[0]);
        Assert.Equal(2, cells.Count(float.IsFinite));
    }

    [Fact]
    public void GDAL_finds_it_over_its_scene_with_its_name_and_nodata()
    {
        var geo = new GeoTags([0.5, 0.5, 0], [0, 0, 0, 400_000, 5_200_000, 0], null, MovedGeoTagsTests.Utm(), null, null);
        HeatMapWriter.Write(Path, 600, 400, [new(0, 0, 300, 400, 0.25f), new(100, 0, 100, 100, 0.75f)], geo,
            new() { CellSize = 50, Description = "boats & <ships>" });

        var info = GdalProgram.Info(Path, "-stats");

        Assert.Equal([400_000, 25, 0, 5_200_000, 0, -25], info["geoTransform"]!.AsArray().Select(GdalProgram.Number));
        Assert.Equal([12, 8], info["size"]!.AsArray().Select(n => n!.GetValue<int>()));
        Assert.Contains("UTM zone 33N", info["coordinateSystem"]!["wkt"]!.GetValue<string>(), StringComparison.Ordinal);
        var band = info["bands"]![0]!;
        Assert.Equal("Float32", band["type"]!.GetValue<string>());
        Assert.Equal("boats & <ships>", band["description"]!.GetValue<string>());
        Assert.Equal("NaN", band["noDataValue"]!.GetValue<string>());
        Assert.Equal((0.25, 0.75), (band["minimum"]!.GetValue<double>(), band["maximum"]!.GetValue<double>()));
        Assert.Equal("50", band["metadata"]![""]!["STATISTICS_VALID_PERCENT"]!.GetValue<string>());
    }

    [Fact]
    public void Windows_outside_the_scene_and_scores_that_are_no_numbers_are_refused()
    {
        foreach (ScoredWindow window in (ScoredWindow[])
            [new(600, 0, 10, 10, 0), new(0, 400, 10, 10, 0), new(-10, 0, 10, 10, 0), new(0, 0, 0, 10, 0), new(0, 0, 10, 10, float.NaN)])
        {
            Assert.Throws<ArgumentException>(() => HeatMapWriter.Write(Path, 600, 400, [window]));
        }

        var e = Assert.Throws<ArgumentOutOfRangeException>(
            () => HeatMapWriter.Write(Path, 600, 400, [], options: new() { CellSize = 0, MaxSide = 0, Statistic = (HeatMapStatistic)9 }));
        Assert.Contains("CellSize is 0; expected at least 1 pixel; MaxSide is 0", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void A_canceled_map_leaves_what_was_there()
    {
        File.WriteAllText(Path, "before");

        Assert.Throws<OperationCanceledException>(() => HeatMapWriter.Write(Path, 600, 400, [new(0, 0, 9, 9, 0)], token: new(true)));

        Assert.Equal("before", File.ReadAllText(Path));
        Assert.Single(Directory.GetFileSystemEntries(_folder.FullName));
    }

    private static IEnumerable<ScoredWindow> Windows(int width, int height, int side, int stride)
    {
        foreach (int y in Starts(height))
        {
            foreach (int x in Starts(width)) yield return new(x, y, side, side, x + y);
        }

        IEnumerable<int> Starts(int length) =>
            Enumerable.Range(0, (length - side - 1) / stride + 1).Select(i => i * stride).Append(length - side);
    }

    private float[] Read()
    {
        using TiffFile file = TiffFile.Open(File.OpenRead(Path), Path);
        Assert.True(double.IsNaN(file.NoData!.Value));
        TiffFields fields = file.Image.Fields;
        return MemoryMarshal.Cast<byte, float>(file.Image.Read(new(0, 0, fields.Width, fields.Height), [0]).Samples).ToArray();
    }
}
