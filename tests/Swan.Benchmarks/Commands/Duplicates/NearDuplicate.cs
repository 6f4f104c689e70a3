using SkiaSharp;
using Swan.Benchmarks.Looks;
using Swan.MLNet.Imaging;

namespace Swan.Benchmarks.Commands;

/// <summary>What becomes of a picture that somebody takes for the same.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Apply">Gives the copy.</param>
internal sealed record NearDuplicate(string Name, Func<RgbImage, RgbImage> Apply)
{
    public static IReadOnlyList<NearDuplicate> All { get; } =
    [
        new("brighter by a fifth", p => new(p.Width, p.Height, Array.ConvertAll(p.Pixels, v => (byte)Math.Min(255, v * 6 / 5)))),
        new("mirrored", p => Moved(p, p.Width, p.Height, (x, y) => (p.Width - 1 - x, y))),
        new("90 % crop", Cropped),
        new("quarter turn", p => Moved(p, p.Height, p.Width, (x, y) => (y, p.Height - 1 - x))),
        new("JPEG 40", p => Alteration.Saved(p, 1, SKEncodedImageFormat.Jpeg, 40)),
        new("half size", p => Alteration.Saved(p, 0.5, SKEncodedImageFormat.Png, 100)),
    ];

    // 90 % of each side, from the middle.
    private static RgbImage Cropped(RgbImage p)
    {
        int width = p.Width * 9 / 10, height = p.Height * 9 / 10, left = (p.Width - width) / 2, top = (p.Height - height) / 2;
        return Moved(p, width, height, (x, y) => (x + left, y + top));
    }

    private static RgbImage Moved(RgbImage picture, int width, int height, Func<int, int, (int X, int Y)> from)
    {
        byte[] pixels = new byte[width * height * 3];
        ReadOnlySpan<byte> source = picture.Pixels;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (int fromX, int fromY) = from(x, y);
                source.Slice((fromY * picture.Width + fromX) * 3, 3).CopyTo(pixels.AsSpan((y * width + x) * 3));
            }
        }
        return new RgbImage(width, height, pixels);
    }
}
