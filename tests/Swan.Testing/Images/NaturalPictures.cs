using System.Buffers.Binary;
using SkiaSharp;

namespace Swan.Testing;

/// <summary>JPEGs of pictures that are smooth with edges, as photographs are, of any size.</summary>
internal static class NaturalPictures
{
    // What encoders with halved colors code at a time.
    private const int Unit = 16;

    /// <summary>Encodes one.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="seed">Which picture.</param>
    /// <param name="gray">Whether the file has one component.</param>
    /// <param name="quality">JPEG quality.</param>
    public static byte[] Jpeg(int width, int height, int seed, bool gray = false, int quality = 90)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Draw(bitmap, width, height, seed);
        if (!gray) return Encode(bitmap, quality);
        using SKBitmap one = bitmap.Copy(SKColorType.Gray8);
        return Encode(one, quality);
    }

    /// <summary>Encodes one whose last blocks go on with a color, as some encoders and lossless croppers leave something there.</summary>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="seed">Which picture.</param>
    /// <param name="beyond">The color.</param>
    /// <param name="ramp">Whether it grows brighter from left to right and from top to bottom, and is nothing else.</param>
    public static byte[] JpegThatGoesOn(int width, int height, int seed, SKColor beyond, bool ramp = false)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(
            (width + Unit - 1) / Unit * Unit, (height + Unit - 1) / Unit * Unit, SKColorType.Rgba8888, SKAlphaType.Opaque));
        bitmap.Erase(beyond);
        if (ramp) DrawRamp(bitmap, width, height);
        else Draw(bitmap, width, height, seed);
        byte[] file = Encode(bitmap, 95);
        int frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), (ushort)width);
        return file;
    }

    private static void DrawRamp(SKBitmap bitmap, int width, int height)
    {
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                byte level = (byte)(20 + 100 * x / width + 100 * y / height);
                bitmap.SetPixel(x, y, new SKColor(level, level, level));
            }
        }
    }

    private static void Draw(SKBitmap bitmap, int width, int height, int seed)
    {
        var random = new Random(seed);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.ClipRect(new SKRect(0, 0, width, height));
            using var ground = new SKPaint
            {
                Shader = SKShader.CreatePerlinNoiseFractalNoise(8f / width, 8f / height, 4, seed % 1000),
            };
            canvas.Clear(SKColors.Gray);
            canvas.DrawPaint(ground);
            for (int i = 0; i < 12; i++)
            {
                using var paint = new SKPaint { Color = new SKColor((uint)random.Next()).WithAlpha(160), IsAntialias = true };
                canvas.DrawCircle(random.Next(width), random.Next(height), random.Next(2, 2 + Math.Max(width, height) / 8), paint);
            }
        }
    }

    private static byte[] Encode(SKBitmap bitmap, int quality)
    {
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, quality);
        return data.ToArray();
    }
}
