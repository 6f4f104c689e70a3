namespace Swan.Geo.Rasters;

/// <summary>The cells of a heat map.</summary>
/// <param name="CellSize">Pixels of the scene along a cell's side.</param>
/// <param name="Width">The scene's columns.</param>
/// <param name="Height">The scene's rows.</param>
internal readonly record struct HeatMapGrid(int CellSize, int Width, int Height)
{
    /// <summary>Cells side by side; the last may reach beyond the scene.</summary>
    public int Columns => (Width - 1) / CellSize + 1;

    /// <summary>Cells above each other; the last may reach beyond the scene.</summary>
    public int Rows => (Height - 1) / CellSize + 1;

    /// <summary>Divides a scene.</summary>
    /// <param name="width">The scene's columns.</param>
    /// <param name="height">The scene's rows.</param>
    /// <param name="windows">Whose stride counts where no size is given.</param>
    /// <param name="options">The size of cells, and the most of them.</param>
    public static HeatMapGrid Of(int width, int height, IReadOnlyList<ScoredWindow> windows, HeatMapOptions options)
    {
        int least = (Math.Max(width, height) - 1) / options.MaxSide + 1;
        return new(Math.Max(options.CellSize ?? Stride(windows), least), width, height);
    }

    /// <summary>The columns of cells that a window covers: those whose middles lie in it, and at least one.</summary>
    public (int First, int End) ColumnsOf(ScoredWindow window) => Covered(window.Column, window.Width, Width, Columns);

    /// <summary>The rows of cells that a window covers: those whose middles lie in it, and at least one.</summary>
    public (int First, int End) RowsOf(ScoredWindow window) => Covered(window.Row, window.Height, Height, Rows);

    private (int First, int End) Covered(long start, long length, int pixels, int cells)
    {
        int first = MiddlesBefore(start, pixels, cells), end = MiddlesBefore(start + length, pixels, cells);
        if (first < end) return (first, end);
        int only = (int)Math.Clamp((start + length / 2) / CellSize, 0, cells - 1);
        return (only, only + 1);
    }

    // The last cell's middle is that of what the scene has of it.
    private int MiddlesBefore(long at, int pixels, int cells) => at > ((cells - 1.0) * CellSize + pixels) / 2
        ? cells
        : (int)Math.Clamp(Math.Ceiling((double)at / CellSize - 0.5), 0, cells - 1);

    // The most frequent distance of windows of one size: the last window of a row is often moved back to the scene's side, which makes
    // a smaller distance that is no stride.
    private static int Stride(IReadOnlyList<ScoredWindow> windows)
    {
        IEnumerable<int> strides =
            from window in windows
            group window by (window.Width, window.Height) into size
            let distances = Distances(size.Select(w => w.Column)).Concat(Distances(size.Select(w => w.Row))).CountBy(d => d)
            select distances.OrderByDescending(d => d.Value).ThenByDescending(d => d.Key).Select(d => d.Key)
                .FirstOrDefault(Math.Min(size.Key.Width, size.Key.Height));
        return strides.DefaultIfEmpty(1).Min();

        static IEnumerable<int> Distances(IEnumerable<int> starts)
        {
            int[] sorted = [.. starts.Distinct().Order()];
            return sorted.Skip(1).Zip(sorted, (next, before) => next - before);
        }
    }
}
