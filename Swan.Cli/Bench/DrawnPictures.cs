using SkiaSharp;

namespace Swan.Cli.Bench;

/// <summary>JPEG files to measure with where there are none: smooth with edges, files about as large as of aerial photographs.</summary>
internal static class DrawnPictures
{
    private const int Quality = 85, Shapes = 24;

    /// <summary>Writes them into a folder.</summary>
    /// <param name="folder">It exists.</param>
    /// <param name="count">How many; each is another picture.</param>
    /// <param name="side">Columns and rows.</param>
    /// <returns>Their paths.</returns>
    public static string[] Write(string folder, int count, int side)
    {
        string[] paths = [.. Enumerable.Range(0, count).Select(i => Path.Combine(folder, $"{i:D5}.jpg"))];
        for (int i = 0; i < count; i++) File.WriteAllBytes(paths[i], Draw(side, i));
        return paths;
    }

    private static byte[] Draw(int side, int number)
    {
        var random = new Random(number);
        using var bitmap = new SKBitmap(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        using SKShader noise = SKShader.CreatePerlinNoiseFractalNoise(24f / side, 24f / side, 5, number);
        using var ground = new SKPaint { Shader = noise };
        canvas.Clear(SKColors.Gray);
        canvas.DrawPaint(ground);
        for (int i = 0; i < Shapes; i++)
        {
            using var paint = new SKPaint { Color = new SKColor((uint)random.Next()).WithAlpha(byte.MaxValue), IsAntialias = true };
            canvas.DrawRect(random.Next(side), random.Next(side), random.Next(2, side / 6), random.Next(2, side / 6), paint);
        }
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return data.ToArray();
    }
}
