using Swan.Geo.Coordinates;
using Swan.Geo.Search;

namespace SceneSearch.Web.Maps;

/// <summary>Draws a scene's picture into another grid of pixels, however that lies.</summary>
internal static class PictureSampler
{
    /// <summary>Draws, between neighboring pixels; pixels that lie outside of the scene or have no data stay as they are.</summary>
    /// <param name="picture">A region of the scene that holds what is drawn, with a pixel to spare.</param>
    /// <param name="scene">The scene, whose edges nothing is drawn beyond.</param>
    /// <param name="toScene">From pixels of the target to those of the scene.</param>
    /// <param name="target">Blue, green, red and alpha of each pixel.</param>
    /// <param name="width">Columns of the target.</param>
    public static void Draw(SwanScenePicture picture, SwanIndexedScene scene, PixelTransform toScene, byte[] target, int width)
    {
        int height = target.Length / 4 / width;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (double column, double row) = toScene.ToMap(x + 0.5, y + 0.5);
                if (column < 0 || row < 0 || column >= scene.Width || row >= scene.Height) continue;
                Sample(picture, (column - picture.Column) / picture.ColumnStep - 0.5, (row - picture.Row) / picture.RowStep - 0.5,
                    target.AsSpan((y * width + x) * 4, 4));
            }
        }
    }

    // Between four pixels, of which those without data don't count; their alpha scales no color.
    private static void Sample(SwanScenePicture picture, double x, double y, Span<byte> to)
    {
        int left = (int)Math.Floor(x), top = (int)Math.Floor(y);
        double right = x - left, bottom = y - top;
        double blue = 0, green = 0, red = 0, alpha = 0;
        Add(left, top, (1 - right) * (1 - bottom));
        Add(left + 1, top, right * (1 - bottom));
        Add(left, top + 1, (1 - right) * bottom);
        Add(left + 1, top + 1, right * bottom);
        if (alpha < byte.MaxValue / 2.0) return;
        (to[0], to[1], to[2], to[3]) =
            ((byte)(blue / alpha + 0.5), (byte)(green / alpha + 0.5), (byte)(red / alpha + 0.5), byte.MaxValue);

        void Add(int column, int row, double share)
        {
            column = Math.Clamp(column, 0, picture.Width - 1);
            row = Math.Clamp(row, 0, picture.Height - 1);
            ReadOnlySpan<byte> pixel = picture.Bgra.AsSpan((row * picture.Width + column) * 4, 4);
            double weight = share * pixel[3];
            blue += weight * pixel[0];
            green += weight * pixel[1];
            red += weight * pixel[2];
            alpha += weight;
        }
    }
}
