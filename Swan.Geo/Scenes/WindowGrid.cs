namespace Swan.Geo.Scenes;

/// <summary>Windows of one size over a scene, in rows from the top.</summary>
/// <remarks>
/// They are spread evenly, so that neighbors cover at least the share of each other that is asked for, and the first and last ones lie
/// along the scene's edges. Sides and places are multiples of the factor by which pixels are averaged: up to that many columns and rows
/// less one, at the right and the bottom, lie in no window.
/// </remarks>
internal sealed class WindowGrid
{
    private WindowGrid(GridAxis across, GridAxis down) => (Across, Down) = (across, down);

    /// <summary>Columns of windows.</summary>
    public GridAxis Across { get; }

    /// <summary>Rows of windows.</summary>
    public GridAxis Down { get; }

    /// <summary>How many windows there are.</summary>
    public long Count => (long)Across.Places.Length * Down.Places.Length;

    /// <summary>A window.</summary>
    public SceneWindow Window(int column, int row) => new(column, row, Across.Size, Down.Size);

    /// <summary>All windows, row by row.</summary>
    public IEnumerable<SceneWindow> Windows => from row in Down.Places from column in Across.Places select Window(column, row);

    /// <summary>One window that is the whole; a pixel of its picture stands for as many as may be, a power of two.</summary>
    public static WindowGrid Whole(int width, int height, double most) => new(GridAxis.Whole(width, most), GridAxis.Whole(height, most));

    /// <summary>The grids of a scene, by ground size where that is known, the smallest windows first.</summary>
    /// <param name="width">The scene's columns.</param>
    /// <param name="height">The scene's rows.</param>
    /// <param name="metersPerPixel">Meters on the ground from a column, and from a row, to the next; null where they are unknown.</param>
    /// <param name="options">Sides and overlap.</param>
    public static IReadOnlyList<WindowGrid> Of(
        int width, int height, (double Column, double Row)? metersPerPixel, SwanSceneOptions options)
    {
        (double Width, double Height)[] sides =
        [
            .. (metersPerPixel is var (across, down)
                ? options.GroundSides.Select(s => (Width: s / across, Height: s / down))
                : options.PixelSides.Select(s => (Width: (double)s, Height: (double)s)))
                .Where(s => Math.Min(s.Width, s.Height) >= SwanSceneOptions.LeastSide - 0.5),
        ];
        if (sides.Length == 0)
        {
            double least = SwanSceneOptions.LeastSide, ratio = metersPerPixel is { } meters ? meters.Column / meters.Row : 1;
            sides = [ratio <= 1 ? (least / ratio, least) : (least, least * ratio)];
        }
        // A window that is larger than the scene keeps its shape.
        return
        [
            .. sides.Select(s => Math.Min(1, Math.Min(width / s.Width, height / s.Height)) is var scale
                ? (Width: Math.Max(1, (int)Math.Round(s.Width * scale)), Height: Math.Max(1, (int)Math.Round(s.Height * scale))) : default)
                .Distinct().Order()
                .Select(s => new WindowGrid(
                    GridAxis.Of(Math.Min(s.Width, width), width, options.Overlap),
                    GridAxis.Of(Math.Min(s.Height, height), height, options.Overlap))),
        ];
    }
}

/// <summary>Where windows of one size lie along columns, or along rows.</summary>
/// <param name="Size">Pixels of the scene that a window has.</param>
/// <param name="Factor">Pixels that are averaged to one of the window's picture; a power of two.</param>
/// <param name="Places">The windows' first pixels, ascending.</param>
internal sealed record GridAxis(int Size, int Factor, int[] Places)
{
    // An encoder's input has 160 to 256 pixels a side: more than twice as many tell it nothing.
    private const int Enough = 256;

    public static GridAxis Whole(int length, double most)
    {
        int factor = 1;
        while (2 * factor <= Math.Min(most, length)) factor *= 2;
        return new(length / factor * factor, factor, [0]);
    }

    private static int FactorOf(int side, int enough)
    {
        int factor = 1;
        while (side / (2 * factor) >= enough) factor *= 2;
        return factor;
    }

    public static GridAxis Of(int side, int length, double overlap)
    {
        int factor = FactorOf(side, Enough);
        int size = side / factor * factor, span = length - size, stride = Math.Max(1, (int)Math.Round(size * (1 - overlap)));
        int steps = (span + stride - 1) / stride;
        return new(size, factor,
            steps == 0 ? [0] : [.. Enumerable.Range(0, steps + 1).Select(i => (int)((long)span * i / steps) / factor * factor).Distinct()]);
    }
}
