using System.Runtime.InteropServices;
using System.Security;
using Swan.MLNet;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Rasters;

/// <summary>Draws the scores of a scene's windows as a GeoTIFF of float32.</summary>
/// <remarks>Cells that no window covers are NaN, which GDAL_NODATA says, too. Memory holds 256 rows of cells.</remarks>
internal static class HeatMapWriter
{
    // NaN rather than a number such as -9999: GDAL and QGIS leave NaN out of statistics, stretches and resampling even where a program has
    // dropped the tag in between, and nothing can take it for a score.
    private const string NoData = "nan";

    /// <summary>Writes a heat map.</summary>
    /// <param name="path">The file; replaced if it exists, and its folder made.</param>
    /// <param name="width">The scene's columns.</param>
    /// <param name="height">The scene's rows.</param>
    /// <param name="windows">Windows that lie in the scene at least in part, with scores that are numbers, in any order.</param>
    /// <param name="geo">What places the scene on the earth; null for nothing.</param>
    /// <param name="options">How it is drawn; null: as by default.</param>
    /// <param name="token">Ends drawing; the path is as it was.</param>
    /// <returns>The cells.</returns>
    /// <exception cref="ArgumentException">A window lies outside the scene, or its score is no number.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option or a side is not valid.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static HeatMapGrid Write(
        string path, int width, int height, IReadOnlyList<ScoredWindow> windows, GeoTags? geo = null, HeatMapOptions? options = null,
        CancellationToken token = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(windows);
        options ??= new();
        options.Check();
        foreach (ScoredWindow window in windows) ThrowUnlessUsable(window, width, height);
        var grid = HeatMapGrid.Of(width, height, windows, options);
        using AtomicFile file = AtomicFile.Create(path);
        var writer = new GeoTiffWriter(file.Stream, new RasterFormat(grid.Columns, grid.Rows, 1, TiffSampleType.Single)
        {
            NoData = NoData,
            Geo = geo?.Moved(0, 0, grid.CellSize),
            Metadata = options.Description is { } text ? Described(text) : null,
        });
        var cells = new float[(long)grid.Columns * Math.Min(grid.Rows, GeoTiffWriter.TileSide)];
        int[]? counts = options.Statistic == HeatMapStatistic.Mean ? new int[cells.Length] : null;
        for (int top = 0; top < grid.Rows; top += GeoTiffWriter.TileSide)
        {
            int rows = Math.Min(GeoTiffWriter.TileSide, grid.Rows - top);
            Span<float> band = cells.AsSpan(0, rows * grid.Columns);
            Draw(band, counts, top, rows, grid, windows, token);
            writer.Write(0, top, grid.Columns, rows, MemoryMarshal.AsBytes(band), token);
        }

        writer.Complete();
        file.Commit();
        return grid;
    }

    private static void Draw(
        Span<float> cells, int[]? counts, int top, int rows, HeatMapGrid grid, IReadOnlyList<ScoredWindow> windows, CancellationToken token)
    {
        cells.Fill(float.NaN);
        counts?.AsSpan().Clear();
        for (int i = 0; i < windows.Count; i++)
        {
            if (i % 4096 == 0) token.ThrowIfCancellationRequested();
            ScoredWindow window = windows[i];
            (int firstRow, int endRow) = grid.RowsOf(window);
            if (endRow <= top || firstRow >= top + rows) continue;
            (int first, int end) = grid.ColumnsOf(window);
            for (int y = Math.Max(firstRow - top, 0); y < Math.Min(endRow - top, rows); y++)
            {
                int at = y * grid.Columns + first;
                if (counts is null) Largest(cells.Slice(at, end - first), window.Score);
                else Mean(cells.Slice(at, end - first), counts.AsSpan(at), window.Score);
            }
        }
    }

    private static void Largest(Span<float> cells, float score)
    {
        foreach (ref float cell in cells)
        {
            if (!(cell >= score)) cell = score;
        }
    }

    private static void Mean(Span<float> cells, Span<int> counts, float score)
    {
        for (int i = 0; i < cells.Length; i++)
            cells[i] = counts[i]++ == 0 ? score : cells[i] + (score - cells[i]) / counts[i];
    }

    private static void ThrowUnlessUsable(ScoredWindow window, int width, int height)
    {
        bool apart = window.Column >= width || window.Row >= height || (long)window.Column + window.Width <= 0
            || (long)window.Row + window.Height <= 0;
        if (window.Width < 1 || window.Height < 1 || apart)
            throw new ArgumentException($"The window {window} has no pixel of the scene's {width}×{height}.", nameof(window));
        if (!float.IsFinite(window.Score)) throw new ArgumentException($"The score of {window} is not finite.", nameof(window));
    }

    // GDAL escapes twice what it writes there, and reads it so.
    private static string Described(string text) =>
        "<GDALMetadata><Item name=\"DESCRIPTION\" sample=\"0\" role=\"description\">"
        + SecurityElement.Escape(SecurityElement.Escape(text)) + "</Item></GDALMetadata>";
}
