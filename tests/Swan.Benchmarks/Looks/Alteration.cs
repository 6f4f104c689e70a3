using System.Runtime.InteropServices;
using SkiaSharp;
using Swan.MLNet.Imaging;

namespace Swan.Benchmarks.Looks;

/// <summary>What becomes of a picture that is saved again.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Apply">Gives the decoded copy.</param>
internal sealed record Alteration(string Name, Func<RgbImage, RgbImage> Apply)
{
    private const int ResampledSide = 160;

    public static IReadOnlyList<Alteration> All { get; } =
    [
        new("PNG", p => Saved(p, 1, SKEncodedImageFormat.Png, 100)),
        new("JPEG 90", p => Saved(p, 1, SKEncodedImageFormat.Jpeg, 90)),
        new("JPEG 40", p => Saved(p, 1, SKEncodedImageFormat.Jpeg, 40)),
        new("WebP 75", p => Saved(p, 1, SKEncodedImageFormat.Webp, 75)),
        new("half size", p => Saved(p, 0.5, SKEncodedImageFormat.Png, 100)),
        new("half size, JPEG 40", p => Saved(p, 0.5, SKEncodedImageFormat.Jpeg, 40)),
        new("double size, JPEG 90", p => Saved(p, 2, SKEncodedImageFormat.Jpeg, 90)),
        new($"Swan's {ResampledSide}×{ResampledSide}", Resampled),
    ];

    /// <summary>Decodes a picture that was scaled and saved.</summary>
    public static RgbImage Saved(RgbImage picture, double scale, SKEncodedImageFormat format, int quality)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var rgba = new byte[picture.Width * picture.Height * 4];
        for (int from = 0, to = 0; from < picture.Pixels.Length; from += 3, to += 4)
        {
            picture.Pixels.AsSpan(from, 3).CopyTo(rgba.AsSpan(to));
            rgba[to + 3] = byte.MaxValue;
        }
        Marshal.Copy(rgba, 0, bitmap.GetPixels(), rgba.Length);
        int width = Math.Max(1, (int)(picture.Width * scale)), height = Math.Max(1, (int)(picture.Height * scale));
        using SKBitmap? scaled = scale == 1 ? null : bitmap.Resize(bitmap.Info.WithSize(width, height), SKFilterQuality.Medium);
        using SKData file = (scaled ?? bitmap).Encode(format, quality);
        return ImageDecoder.Decode(file.ToArray(), format.ToString());
    }

    private static RgbImage Resampled(RgbImage picture)
    {
        var pixels = new byte[ResampledSide * ResampledSide * 3];
        ImagePreprocessor.Prepare(picture, new ImagePreprocessing { Size = ResampledSide }, pixels);
        return new(ResampledSide, ResampledSide, pixels);
    }
}
