using Swan.Geo.Search;

namespace SceneSearch.Web.Maps;

/// <summary>Which reduced pictures there are of a scene as a whole: the largest has at most 2,048 pixels a side, each next half.</summary>
/// <param name="Step">Columns, and rows, of the scene that one of the largest picture stands for; a power of two.</param>
/// <param name="Levels">How many.</param>
internal readonly record struct Overview(int Step, int Levels)
{
    private const int MostSide = 2048, LeastSide = 32;

    public static Overview Of(SwanIndexedScene scene)
    {
        int side = Math.Max(scene.Width, scene.Height), step = 1, levels = 1;
        while (side > (long)step * MostSide) step *= 2;
        while (side / step >> levels >= LeastSide && Math.Min(scene.Width, scene.Height) / step >> levels > 0) levels++;
        return new(step, levels);
    }

    /// <summary>The smallest one that shows enough; null where none does.</summary>
    /// <param name="reduction">Columns, and rows, of the scene that a pixel may stand for.</param>
    public int? LevelFor(double reduction) =>
        reduction * 1.01 < Step ? null : Math.Min(Levels - 1, (int)Math.Log2(reduction * 1.01 / Step));

    /// <summary>Half as large, averaged; pixels without data don't count.</summary>
    public static SwanScenePicture Halved(SwanScenePicture picture)
    {
        int width = Math.Max(1, picture.Width / 2), height = Math.Max(1, picture.Height / 2);
        var pixels = new byte[width * height * 4];
        Span<int> sums = stackalloc int[3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                sums.Clear();
                int alpha = 0;
                for (int part = 0; part < 4; part++)
                {
                    int column = Math.Min(2 * x + part % 2, picture.Width - 1), row = Math.Min(2 * y + part / 2, picture.Height - 1);
                    ReadOnlySpan<byte> pixel = picture.Bgra.AsSpan((row * picture.Width + column) * 4, 4);
                    alpha += pixel[3];
                    for (int c = 0; c < 3; c++) sums[c] += pixel[c] * pixel[3];
                }
                Span<byte> to = pixels.AsSpan((y * width + x) * 4, 4);
                for (int c = 0; c < 3 && alpha > 0; c++) to[c] = (byte)((sums[c] + alpha / 2) / alpha);
                to[3] = (byte)(alpha / 4);
            }
        }
        return picture with
        {
            ColumnStep = 2 * picture.ColumnStep, RowStep = 2 * picture.RowStep, Width = width, Height = height, Bgra = pixels,
        };
    }
}
