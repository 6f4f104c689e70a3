namespace Swan.Geo.Scenes;

/// <summary>
/// Columns of a scene that are read together, and whose windows are cut from them: memory doesn't grow with wider scenes.
/// </summary>
/// <param name="First">Windows whose middle lies from here on …</param>
/// <param name="End">… and before this column are the panel's.</param>
/// <param name="Left">The first column that is read; a multiple of all grids' factors.</param>
/// <param name="Right">After the last one.</param>
internal readonly record struct ScenePanel(int First, int End, int Left, int Right)
{
    // Columns between two panels are read twice, so they are wide.
    private const int Wide = 10_240;

    public int Width => Right - Left;

    /// <summary>Whether a window is cut from it.</summary>
    public bool Has(int column, int size)
    {
        int middle = column + size / 2;
        return middle >= First && middle < End;
    }

    /// <summary>Divides a scene.</summary>
    /// <param name="width">The scene's columns.</param>
    /// <param name="chunkWidth">Columns of its tiles; strips have all columns, and are read once.</param>
    /// <param name="grids">All windows.</param>
    public static IReadOnlyList<ScenePanel> Divide(int width, int chunkWidth, IReadOnlyList<WindowGrid> grids)
    {
        int count = chunkWidth >= width ? 1 : (width + Wide - 1) / Wide;
        int align = grids.Max(g => g.Across.Factor);
        var panels = new List<ScenePanel>();
        for (int i = 0; i < count; i++)
        {
            int first = (int)((long)width * i / count), end = (int)((long)width * (i + 1) / count);
            var panel = new ScenePanel(first, end, 0, width);
            (int Column, int Size)[] windows =
                [.. grids.SelectMany(g => g.Across.Places.Where(c => panel.Has(c, g.Across.Size)).Select(c => (c, g.Across.Size)))];
            if (windows.Length == 0) continue;
            int left = windows.Min(w => w.Column) / align * align, right = windows.Max(w => w.Column + w.Size);
            panels.Add(panel with { Left = left, Right = Math.Min(width, left + (right - left + align - 1) / align * align) });
        }
        return panels;
    }
}
