using SkiaSharp;

namespace Swan.Testing;

/// <summary>Pictures of a few random shapes, each different: unlike noise, they look the same when they are saved again.</summary>
internal static class Sketches
{
    public static void Write(string path, int seed, int width = 96, int height = 72)
    {
        var random = new Random(seed);
        using var bitmap = new SKBitmap(width, height);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(Color());
        using var paint = new SKPaint { IsAntialias = true };
        for (int shape = 0; shape < 8; shape++)
        {
            paint.Color = Color();
            float x = random.Next(width), y = random.Next(height), size = random.Next(8, width / 2);
            if (random.Next(2) == 0) canvas.DrawCircle(x, y, size / 2, paint);
            else canvas.DrawRect(x, y, size, random.Next(8, height / 2), paint);
        }
        canvas.Flush();
        using FileStream file = File.Create(path);
        bitmap.Encode(file, SKEncodedImageFormat.Png, 100);

        SKColor Color() => new((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
    }
}
