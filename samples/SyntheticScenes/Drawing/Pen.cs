using SkiaSharp;

namespace SyntheticScenes;

/// <summary>Draws one overhead image: origin in the middle, turned by a random angle, lit from a random side.</summary>
/// <remarks>
/// What lies within <see cref="Sight"/> of the middle is seen whatever the angle; ground, water and roads go on to <see cref="Reach"/>,
/// past the corners.
/// </remarks>
internal sealed class Pen : IDisposable
{
    public const int Side = 256;
    public const float Sight = 120, Reach = 200;
    private static readonly Lazy<SKBitmap> Clouds = new(DrawClouds);
    private readonly SKBitmap _bitmap = new(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque);
    private readonly SKPoint _sun;

    public Pen(Random random)
    {
        Random = random;
        Canvas = new SKCanvas(_bitmap);
        float sun = Between(0, MathF.Tau);
        _sun = new(MathF.Cos(sun), MathF.Sin(sun));
        Canvas.Translate(Side / 2f, Side / 2f);
        Canvas.RotateDegrees(Between(0, 360));
        Canvas.Scale(Between(0.92f, 1.05f));
    }

    public Random Random { get; }

    public SKCanvas Canvas { get; }

    public float Between(float low, float high) => low + (high - low) * Random.NextSingle();

    public T Any<T>(params ReadOnlySpan<T> choices) => choices[Random.Next(choices.Length)];

    /// <summary>Anything from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Some(int low, int high) => Random.Next(low, high + 1);

    public bool Chance(double probability) => Random.NextDouble() < probability;

    /// <summary>The same color a little lighter, darker, warmer or colder: nothing seen from above has one exact color.</summary>
    public SKColor Shade(SKColor color, int by = 9)
    {
        int all = Some(-by, by);
        return new(Near(color.Red), Near(color.Green), Near(color.Blue), color.Alpha);

        byte Near(byte channel) => (byte)Math.Clamp(channel + all + Some(-by / 3, by / 3), 0, 255);
    }

    public static SKColor Mix(SKColor a, SKColor b, float share)
    {
        return new(Part(a.Red, b.Red), Part(a.Green, b.Green), Part(a.Blue, b.Blue));

        byte Part(byte from, byte to) => (byte)(from + (to - from) * share);
    }

    /// <summary>Covers everything with one color and its texture.</summary>
    public void Ground(Paint paint)
    {
        Canvas.Clear(Shade(paint.Color));
        Texture(Everything(), 2.2f, 110);
    }

    public void Fill(SKPath path, SKColor color)
    {
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        Canvas.DrawPath(path, paint);
    }

    public void Line(SKPath path, float width, SKColor color, float[]? dashes = null, SKStrokeCap cap = SKStrokeCap.Butt)
    {
        using SKPathEffect? effect = dashes is null ? null : SKPathEffect.CreateDash(dashes, 0);
        using var paint = new SKPaint
        {
            Color = color,
            IsAntialias = true,
            IsStroke = true,
            StrokeWidth = width,
            StrokeCap = cap,
            PathEffect = effect,
        };
        Canvas.DrawPath(path, paint);
    }

    public void Line(float x0, float y0, float x1, float y1, float width, SKColor color, float[]? dashes = null)
    {
        using var path = new SKPath();
        path.MoveTo(x0, y0);
        path.LineTo(x1, y1);
        Line(path, width, color, dashes);
    }

    /// <summary>Fills something that stands so many pixels high, after its shadow.</summary>
    public void Raise(SKPath path, SKColor color, float height)
    {
        Shadow(path, height);
        Fill(path, color);
    }

    public void Shadow(SKPath path, float height)
    {
        // The sun shines from one side of the image, however the canvas is turned for this thing.
        if (!Canvas.TotalMatrix.TryInvert(out SKMatrix toThing)) return;
        SKPoint fall = toThing.MapVector(_sun);
        using var shadow = new SKPath { FillType = SKPathFillType.Winding };
        for (float reach = 1; reach <= height; reach++) shadow.AddPath(path, fall.X * reach, fall.Y * reach);
        Fill(shadow, new SKColor(18, 22, 34, 105));
    }

    /// <summary>Draws at a place with a direction of its own.</summary>
    public void At(float x, float y, float degrees, Action draw)
    {
        using var _ = new SKAutoCanvasRestore(Canvas);
        Canvas.Translate(x, y);
        Canvas.RotateDegrees(degrees);
        draw();
    }

    /// <summary>Lightens and darkens an area in clouds of about so many pixels.</summary>
    public void Texture(SKPath area, float size, byte strength)
    {
        SKMatrix placed = SKMatrix.CreateRotationDegrees(Between(0, 360))
            .PostConcat(SKMatrix.CreateScale(size, size))
            .PostConcat(SKMatrix.CreateTranslation(Between(0, 999), Between(0, 999)));
        using SKShader clouds = SKShader.CreateBitmap(Clouds.Value, SKShaderTileMode.Repeat, SKShaderTileMode.Repeat, placed);
        using var paint = new SKPaint
        {
            Shader = clouds,
            BlendMode = SKBlendMode.SoftLight,
            IsAntialias = true,
            Color = SKColors.White.WithAlpha(strength),
            FilterQuality = SKFilterQuality.Low,
        };
        Canvas.DrawPath(area, paint);
    }

    // Gray noise whose smallest clouds are about a pixel. Drawn once: noise is slow.
    private static SKBitmap DrawClouds()
    {
        const int size = 512;
        // The noise's red alone, with more contrast, as a gray: blended by soft light, mid-gray changes nothing.
        float[] gray = [2, 0, 0, 0, -0.5f, 2, 0, 0, 0, -0.5f, 2, 0, 0, 0, -0.5f, 0, 0, 0, 0, 1];
        using SKShader noise = SKShader.CreatePerlinNoiseFractalNoise(0.06f, 0.06f, 5, 1, new SKPointI(size, size));
        using SKColorFilter filter = SKColorFilter.CreateColorMatrix(gray);
        using var paint = new SKPaint { Shader = noise, ColorFilter = filter };
        var clouds = new SKBitmap(size, size, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(clouds);
        canvas.DrawPaint(paint);
        return clouds;
    }

    public static SKPath Box(float x, float y, float width, float height, float round = 0)
    {
        var path = new SKPath();
        path.AddRoundRect(new SKRect(x - width / 2, y - height / 2, x + width / 2, y + height / 2), round, round);
        return path;
    }

    public static SKPath Disc(float x, float y, float radius)
    {
        var path = new SKPath();
        path.AddCircle(x, y, radius);
        return path;
    }

    public static SKPath Everything() => Box(0, 0, 2 * Reach, 2 * Reach);

    /// <summary>The finished image as a JPEG file.</summary>
    public void Save(string path)
    {
        Texture(Everything(), 0.35f, 90); // the camera's grain
        Canvas.Flush();
        using SKData jpeg = _bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        using FileStream file = File.Create(path);
        jpeg.SaveTo(file);
    }

    public void Dispose()
    {
        Canvas.Dispose();
        _bitmap.Dispose();
    }
}
