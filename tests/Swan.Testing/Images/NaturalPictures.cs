using SkiaSharp;

namespace Swan.Testing;

/// <summary>JPEGs of pictures that are smooth with edges, as photographs are, of any size.</summary>
internal static class NaturalPictures
{
    /// <summary>Encodes one.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="seed">Which picture.</param>
    /// <param name="gray">Whether the file has one component.</param>
    /// <param name="quality">JPEG quality.</param>
    public static byte[] Jpeg(int width, int height, int seed, bool gray = false, int quality = 90)
    {
        var random = new Random(seed);
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        {
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
        if (!gray) return Encode(bitmap, quality);
        using SKBitmap one = bitmap.Copy(SKColorType.Gray8);
        return Encode(one, quality);
    }

    private static byte[] Encode(SKBitmap bitmap, int quality)
    {
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, quality);
        return data.ToArray();
    }
}
