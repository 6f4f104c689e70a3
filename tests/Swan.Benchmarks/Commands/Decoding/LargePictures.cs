using System.Buffers.Binary;
using SkiaSharp;
using Swan.Testing;

namespace Swan.Benchmarks.Commands;

/// <summary>Large pictures, made of small ones.</summary>
internal static class LargePictures
{
    // What encoders with halved colors code at a time.
    private const int Unit = 16;

    /// <summary>Enlarges a picture to a square by cubic interpolation, as a JPEG: no more details than it had.</summary>
    /// <param name="path">The picture.</param>
    /// <param name="side">The square's.</param>
    /// <param name="quality">Of the JPEG.</param>
    /// <param name="goesOn">Whether the last blocks go on with black, as a cropped file's may, instead of the picture's edge.</param>
    public static byte[] Enlarge(string path, int side, int quality, bool goesOn = false)
    {
        using SKBitmap small = SKBitmap.Decode(path);
        using SKBitmap large = small.Resize(new SKImageInfo(side, side), SKFilterQuality.High);
        if (!goesOn) return Encode(large, SKEncodedImageFormat.Jpeg, quality);
        int coded = (side + Unit - 1) / Unit * Unit;
        using var longer = new SKBitmap(new SKImageInfo(coded, coded));
        longer.Erase(SKColors.Black);
        using (var canvas = new SKCanvas(longer)) canvas.DrawBitmap(large, 0, 0);
        byte[] file = Encode(longer, SKEncodedImageFormat.Jpeg, quality);
        // The file's sides decide where its picture ends.
        int frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), (ushort)side);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), (ushort)side);
        return file;
    }

    /// <summary>Lays pictures side by side as they are, so that the square has as many details a pixel as photographs.</summary>
    /// <param name="paths">Pictures, used over and over.</param>
    /// <param name="first">Which comes first.</param>
    /// <param name="side">The square's.</param>
    /// <param name="format">PNG, JPEG or WebP.</param>
    /// <param name="quality">Of what loses something.</param>
    public static byte[] Mosaic(string[] paths, int first, int side, SKEncodedImageFormat format, int quality)
    {
        using SKBitmap mosaic = Draw(paths, first, side);
        return Encode(mosaic, format, quality);
    }

    /// <summary>The same as a TIFF: RGB of 8 bits, not compressed, in one strip.</summary>
    public static byte[] Tiff(string[] paths, int first, int side)
    {
        using SKBitmap mosaic = Draw(paths, first, side);
        byte[] rgba = mosaic.Bytes;
        return new WrittenTiff(side, side, 3, 8, (x, y, band) => rgba[4 * (y * side + x) + band]).Write();
    }

    private static SKBitmap Draw(string[] paths, int first, int side)
    {
        var mosaic = new SKBitmap(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(mosaic);
        for (int y = 0, next = first, height; y < side; y += height)
        {
            height = 1;
            for (int x = 0; x < side; next++)
            {
                using SKBitmap picture = SKBitmap.Decode(paths[next % paths.Length]);
                canvas.DrawBitmap(picture, x, y);
                (x, height) = (x + picture.Width, Math.Max(height, picture.Height));
            }
        }
        return mosaic;
    }

    private static byte[] Encode(SKBitmap picture, SKEncodedImageFormat format, int quality)
    {
        using SKData data = picture.Encode(format, quality);
        return data.ToArray();
    }
}
