using Swan.MLNet.Imaging;

namespace Swan.Geo.Scenes;

/// <summary>The windows of a scene with their pictures, in one pass over its pixels.</summary>
/// <remarks>
/// Memory holds a row of tiles and, of each grid, as many averaged rows as a window has, of a panel of some ten thousand columns. Not safe
/// for concurrent use.
/// </remarks>
/// <param name="image">The scene; the caller's.</param>
/// <param name="grids">Which windows.</param>
/// <param name="minValidShare">The least share of a window's pixels that have data.</param>
internal sealed class SceneWindows(SceneImage image, IReadOnlyList<WindowGrid> grids, double minValidShare)
{
    // Strips can have a single row each.
    private const int LeastRows = 64;

    /// <summary>Windows that were left out so far because too few of their pixels have data.</summary>
    public long WithoutData { get; private set; }

    /// <summary>The share of the scene's pixels that has been read, 0 to 1.</summary>
    public double Done { get; private set; }

    /// <summary>Reads the scene. Windows come panel by panel, and in a panel by their last row, whatever is asked for.</summary>
    /// <param name="pictures">Whether pictures are wanted; without them, pixels are read where some may have no data.</param>
    /// <param name="token">Ends reading, at the next tile.</param>
    public IEnumerable<WindowPicture> Read(bool pictures, CancellationToken token) =>
        pictures || !image.Data.IsAllData ? FromPixels(pictures, token) : Listed();

    private IEnumerable<WindowPicture> Listed()
    {
        foreach (ScenePanel panel in ScenePanel.Divide(image.Width, image.File.Image.Chunk.Width, grids))
        {
            var rows = grids.Index().SelectMany(g => g.Item.Down.Places.Select(row => (g.Index, Grid: g.Item, Row: row)))
                .OrderBy(r => r.Row + r.Grid.Down.Size).ThenBy(r => r.Index);
            foreach ((_, WindowGrid grid, int row) in rows)
            {
                foreach (int column in grid.Across.Places.Where(c => panel.Has(c, grid.Across.Size)))
                    yield return new(grid.Window(column, row), 0, 0, null);
            }
        }
        Done = 1;
    }

    private IEnumerable<WindowPicture> FromPixels(bool pictures, CancellationToken token)
    {
        IReadOnlyList<ScenePanel> panels = ScenePanel.Divide(image.Width, image.File.Image.Chunk.Width, grids);
        int bottom = grids.Max(g => g.Down.Places[^1] + g.Down.Size), rows = RowsATime();
        byte[] strip = [];
        foreach ((int index, ScenePanel panel) in panels.Index())
        {
            ReducedRows[] reduced = [.. grids.Select(g => new ReducedRows(g, panel))];
            // All grids' rows are of the same width: what the last columns lack to a multiple of a factor is cut off.
            int bytes = panel.Width * 4;
            if (strip.Length < bytes * rows) strip = GC.AllocateUninitializedArray<byte>(checked(bytes * rows));
            for (int y = 0; y < bottom; y += rows)
            {
                int count = Math.Min(rows, image.Height - y);
                image.Read(new PixelWindow(panel.Left, y, panel.Width, count), strip, token);
                Done = (index + (double)Math.Min(y + count, bottom) / bottom) / panels.Count;
                for (int row = 0; row < count; row++)
                {
                    foreach (ReducedRows grid in reduced)
                    {
                        grid.Add(strip.AsSpan(row * bytes, bytes));
                        foreach (SceneWindow window in grid.Completed)
                        {
                            if (Cut(grid, window, pictures) is { } picture) yield return picture;
                        }
                    }
                }
            }
        }
        Done = 1;
    }

    private int RowsATime()
    {
        int rows = image.File.Image.RowsAtATime;
        return Math.Min(image.Height, rows * Math.Max(1, LeastRows / rows));
    }

    private WindowPicture? Cut(ReducedRows grid, SceneWindow window, bool picture)
    {
        var pixels = new byte[grid.Width * grid.Height * 4];
        grid.CopyTo(window, pixels);
        long data = 0;
        for (int i = 3; i < pixels.Length; i += 4)
        {
            data += pixels[i];
            pixels[i] = byte.MaxValue;
        }
        if (data >= minValidShare * byte.MaxValue * (pixels.Length / 4))
            return picture ? new(window, grid.Width, grid.Height, pixels) : new(window, 0, 0, null);
        WithoutData++;
        return null;
    }
}

/// <summary>A window and what it shows.</summary>
/// <param name="Window">Where it lies.</param>
/// <param name="Width">Columns of the picture; 0 without one.</param>
/// <param name="Height">Rows of the picture; 0 without one.</param>
/// <param name="Bgra">Blue, green, red and 255 for each of its pixels, row by row; null where none was asked for. The receiver's.</param>
internal readonly record struct WindowPicture(SceneWindow Window, int Width, int Height, byte[]? Bgra);
