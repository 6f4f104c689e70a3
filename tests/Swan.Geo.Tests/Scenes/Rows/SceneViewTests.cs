using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.Geo.Rasters;
using Swan.Geo.Scenes;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Transforms;

namespace Swan.Geo.Tests.Scenes;

public sealed class SceneViewTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new();

    private static SwanSceneOptions Options => new() { GroundSides = [200], PixelSides = [150] };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Windows_are_rows_with_their_place()
    {
        string path = DrawnScene.Write(_folder.File("s2_20240131.tif"), 400, 400, DrawnScene.Utm32(1));
        Row[] rows = Rows(_ml.Swan().LoadScenes([path], Options));
        Assert.Equal(9, rows.Length);
        Row first = rows[0];
        Assert.Equal(($"{path}#0,0,200,200", path, 0, 0, 200, 200), (first.Key, first.Scene, first.Column, first.RowNumber, first.Width,
            first.Height));
        Assert.Equal(1, first.MetersPerPixel, tolerance: 0.001);
        // The scene's upper left corner lies on the central meridian.
        Assert.Equal(9, first.Corners[0], tolerance: 1e-9);
        Assert.Equal(47.85, first.Corners[1], tolerance: 0.01);
        Assert.True(first.Corners[2] > first.Corners[0] && first.Corners[5] < first.Corners[3]);
        Assert.Equal((first.Corners[0] + first.Corners[4]) / 2, first.Center[0], tolerance: 1e-6);
        Assert.StartsWith("2024-01-31T00:00:00", first.Date, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scene_without_a_place_has_windows_in_pixels()
    {
        string path = DrawnScene.Write(_folder.File("plain.tif"), 300, 300);
        Row[] rows = Rows(_ml.Swan().LoadScenes([path], Options));
        Assert.Equal(9, rows.Length);
        Assert.All(rows, r => Assert.Equal((150, double.NaN, double.NaN, ""), (r.Width, r.MetersPerPixel, r.Center[0], r.Date)));
    }

    [Fact]
    public void Windows_are_embedded_as_images_of_the_same_pixels()
    {
        string path = DrawnScene.Write(_folder.File("scene.tif"), 300, 300);
        using SwanModel model = SwanModel.Open(TinyModel.Write(_folder.FullName));
        IDataView windows = _ml.Swan().LoadScenes([path], Options);
        IDataView embedded = _ml.Transforms.SwanEmbedding("Embedding", "Window", model).Fit(windows).Transform(windows);
        EmbeddedWindow[] rows = [.. _ml.Data.CreateEnumerable<EmbeddedWindow>(embedded, reuseRowObject: false)];
        Assert.Equal(9, rows.Length);
        foreach (EmbeddedWindow row in rows)
        {
            var pixels = new byte[150 * 150 * 3];
            for (int i = 0; i < 150 * 150; i++)
            {
                for (int band = 0; band < 3; band++)
                    pixels[i * 3 + band] = (byte)DrawnScene.Value(row.Column + i % 150, row.Row + i / 150, band);
            }
            TinyModel.Same(TinyModel.ImageEmbedding(new RgbImage(150, 150, pixels)), row.Embedding);
        }
    }

    [Fact]
    public void Each_column_is_the_same_whichever_others_are_read()
    {
        // Windows of two sizes, and columns of two panels, interleave.
        string path = DrawnScene.Write(_folder.File("scene.tif"), 11_000, 400, DrawnScene.Utm32(1));
        IDataView view = _ml.Swan().LoadScenes([path], new SwanSceneOptions { GroundSides = [200, 300], Overlap = 0.2 });
        List<Dictionary<int, string>> all = ViewRows.All(view);
        foreach (DataViewSchema.Column column in view.Schema)
        {
            DataViewSchema.Column[] only = [column];
            List<ViewRow> rows = ViewRows.Read(view.GetRowCursor(only), view, only);
            Assert.Equal(all.Select(r => r[column.Index]), rows.Select(r => r.Values[column.Index]));
        }
    }

    [Fact]
    public void A_scene_that_cannot_be_read_ends_the_pass_or_is_skipped_as_asked()
    {
        string good = DrawnScene.Write(_folder.File("good.tif"), 300, 300), missing = _folder.File("missing.tif");
        Assert.Throws<FileNotFoundException>(() => Rows(_ml.Swan().LoadScenes([missing, good], Options)));
        SwanSceneOptions skipping = Options;
        skipping.OnError = SwanOnError.Skip;
        var lines = new List<string>();
        _ml.Log += (_, e) => lines.Add(e.Message);
        Assert.Equal(9, Rows(_ml.Swan().LoadScenes([missing, good], skipping)).Length);
        Assert.Contains(lines, line => line.Contains(missing, StringComparison.Ordinal));
    }

    [Fact]
    public void Canceling_ends_a_pass()
    {
        string path = DrawnScene.Write(_folder.File("scene.tif"), 400, 400);
        using var canceled = new CancellationTokenSource();
        SwanSceneOptions options = Options;
        options.CancellationToken = canceled.Token;
        IDataView view = _ml.Swan().LoadScenes([path], options);
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        Assert.True(cursor.MoveNext());
        canceled.Cancel();
        Assert.Throws<OperationCanceledException>(() => cursor.MoveNext());
    }

    [Fact]
    public void Options_outside_their_ranges_are_named()
    {
        var e = Assert.Throws<SwanOptionsException>(() => _ml.Swan().LoadScenes(
            ["a.tif"], new SwanSceneOptions { GroundSides = [], PixelSides = [8], Overlap = 1, MinValidShare = 2,
                OnError = SwanOnError.Missing }));
        Assert.All((string[])["GroundSides", "PixelSides", "Overlap", "MinValidShare", "OnError"],
            name => Assert.Contains(name, e.Message, StringComparison.Ordinal));
    }

    private Row[] Rows(IDataView view) => [.. _ml.Data.CreateEnumerable<Row>(view, reuseRowObject: false)];

    private sealed class Row
    {
        public string Key { get; set; } = "";

        public string Scene { get; set; } = "";

        public int Column { get; set; }

        [ColumnName("Row")]
        public int RowNumber { get; set; }

        public int Width { get; set; }

        public int Height { get; set; }

        public double MetersPerPixel { get; set; }

        [VectorType(2)]
        public double[] Center { get; set; } = [];

        [VectorType(8)]
        public double[] Corners { get; set; } = [];

        public string Date { get; set; } = "";
    }

    private sealed class EmbeddedWindow
    {
        public int Column { get; set; }

        public int Row { get; set; }

        public float[] Embedding { get; set; } = [];
    }
}
