using SkiaSharp;
using static SyntheticScenes.Pen;

namespace SyntheticScenes;

/// <summary>What many scenes share: roads, trees, houses, cars, boats. Sizes are pixels of the finished image.</summary>
internal static class SceneElements
{
    private static readonly SKColor Asphalt = new(0xFF62646A), Marking = new(0xDDF2F0E6), Leaves = new(0xFF3F6239), Glass = new(0xFF30363F);
    private static readonly Paint[] CarPaints = [Paint.White, Paint.White, Paint.Black, Paint.Gray, Paint.Red, Paint.Blue];

    public static void Road(this Pen pen, SKPath way, float width)
    {
        pen.Line(way, width + 3, new SKColor(0x55D8D4C4));
        pen.Line(way, width, pen.Shade(Asphalt, 6));
        pen.Line(way, 1.2f, Marking, [6, 6]);
    }

    public static void Road(this Pen pen, float x0, float y0, float x1, float y1, float width)
    {
        using var way = new SKPath();
        way.MoveTo(x0, y0);
        way.LineTo(x1, y1);
        pen.Road(way, width);
    }

    public static void Water(this Pen pen, SKPath area, Paint paint)
    {
        pen.Fill(area, pen.Shade(paint.Color));
        pen.Texture(area, 1f, 70);
        pen.Line(area, 2.5f, new SKColor(0x40FFFFFF)); // the shallow edge
    }

    public static void Tree(this Pen pen, float x, float y, float radius)
    {
        // Five overlapping tufts, the lit ones last.
        SKColor dark = pen.Shade(Leaves, 12);
        using var crown = new SKPath { FillType = SKPathFillType.Winding };
        for (int i = 0; i < 5; i++)
        {
            crown.AddCircle(x + pen.Between(-0.45f, 0.45f) * radius, y + pen.Between(-0.45f, 0.45f) * radius,
                radius * pen.Between(0.55f, 0.8f));
        }
        pen.Raise(crown, dark, radius * 0.8f);
        for (int i = 0; i < 3; i++)
        {
            using SKPath tuft = Disc(x + pen.Between(-0.4f, 0.4f) * radius, y + pen.Between(-0.4f, 0.4f) * radius,
                radius * pen.Between(0.2f, 0.4f));
            pen.Fill(tuft, Mix(dark, new SKColor(0xFF9DB56B), 0.35f));
        }
    }

    /// <summary>Trees anywhere in a rectangle.</summary>
    public static void Trees(this Pen pen, int count, float left, float top, float right, float bottom)
    {
        for (int i = 0; i < count; i++) pen.Tree(pen.Between(left, right), pen.Between(top, bottom), pen.Between(4, 8));
    }

    /// <summary>A hipped roof, one half in the light.</summary>
    public static void House(this Pen pen, float x, float y, float width, float depth, SKColor roof, float degrees = 0) =>
        pen.At(x, y, degrees, () =>
        {
            roof = pen.Shade(roof);
            using SKPath outline = Box(0, 0, width, depth);
            pen.Raise(outline, roof, 7);
            float hip = MathF.Min(depth / 2, width / 3), ridge = width / 2 - hip;
            using var shade = new SKPath();
            shade.AddPoly([new(-width / 2, depth / 2), new(-ridge, 0), new(ridge, 0), new(width / 2, depth / 2)]);
            pen.Fill(shade, new SKColor(0x38000000));
            pen.Line(-ridge, 0, ridge, 0, 1, new SKColor(0x60FFFFFF));
        });

    /// <summary>A flat roof with a rim and a few boxes on it.</summary>
    public static void Building(this Pen pen, float x, float y, float width, float depth, SKColor roof, float height = 11)
    {
        roof = pen.Shade(roof);
        using SKPath outline = Box(x, y, width, depth);
        pen.Raise(outline, roof, height);
        pen.Line(outline, 1.6f, Mix(roof, SKColors.White, 0.4f));
        for (int i = 0; i < width * depth / 700; i++)
        {
            using SKPath box = Box(
                x + pen.Between(-0.38f, 0.38f) * width, y + pen.Between(-0.3f, 0.3f) * depth, pen.Between(4, 8), pen.Between(3, 6));
            pen.Raise(box, Mix(roof, SKColors.White, 0.3f), 2);
        }
    }

    public static void Car(this Pen pen, float x, float y, float degrees, Paint? paint = null) => pen.At(x, y, degrees, () =>
    {
        using SKPath body = Box(0, 0, 11, 5.5f, 1.8f), glass = Box(-0.5f, 0, 6, 4.4f, 1.2f), roof = Box(-0.8f, 0, 3.6f, 4.2f, 0.8f);
        SKColor color = pen.Shade((paint ?? pen.Any<Paint>(CarPaints)).Color, 6);
        pen.Raise(body, color, 2);
        pen.Fill(glass, Glass);
        pen.Fill(roof, color);
    });

    public static void Boat(this Pen pen, float x, float y, float degrees, float length, SKColor color, bool wake = false) =>
        pen.At(x, y, degrees, () =>
        {
            float half = length / 2, beam = length * 0.16f;
            if (wake)
            {
                using var foam = new SKPath();
                foam.AddPoly([new(half, 0), new(-length * 1.5f, -beam * 2.4f), new(-length * 1.1f, 0), new(-length * 1.5f, beam * 2.4f)]);
                pen.Fill(foam, new SKColor(0x55FFFFFF));
            }

            using var hull = new SKPath();
            hull.MoveTo(half, 0);
            hull.QuadTo(half * 0.7f, beam, 0, beam);
            hull.LineTo(-half, beam * 0.8f);
            hull.LineTo(-half, -beam * 0.8f);
            hull.LineTo(0, -beam);
            hull.QuadTo(half * 0.7f, -beam, half, 0);
            hull.Close();
            pen.Raise(hull, pen.Shade(color, 6), 3);
            pen.Line(hull, 1, new SKColor(0x70FFFFFF));
            using SKPath bridge = Box(-half * 0.45f, 0, length * 0.22f, beam * 1.1f, 1);
            pen.Raise(bridge, Mix(color, SKColors.White, 0.75f), 3);
        });
}
