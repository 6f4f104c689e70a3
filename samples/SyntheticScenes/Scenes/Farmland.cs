using SkiaSharp;
using static SyntheticScenes.Grammar;
using static SyntheticScenes.Pen;

namespace SyntheticScenes;

/// <summary>Furrowed fields side by side, or round ones under pivot irrigation; farmhouses and a road between them.</summary>
internal sealed class Farmland : Scene
{
    private static readonly Paint[] Crops =
    [
        new("green", 0x5F8A44), new("yellow", 0xC9AE56), new("brown", 0x8A6A4B), new("orange", 0xC08A4E), new("grey", 0x9C988A),
    ];

    public override string[] Draw(Pen pen)
    {
        Paint ground = pen.Any<Paint>(Paint.Grounds), roof = pen.Any(Paint.Red, Paint.White, Paint.Blue);
        Paint[] crops = [.. Crops];
        pen.Random.Shuffle(crops);
        bool round = pen.Chance(0.45);
        int fields = round ? pen.Some(1, 5) : pen.Some(2, 6), farms = pen.Some(0, 3);
        pen.Ground(ground);
        if (round) Circles(pen, fields, crops);
        else Strips(pen, fields, crops);
        bool road = pen.Chance(0.5);
        if (road) pen.Road(-Reach, 74, Reach, 74, 14);
        for (int i = 0; i < farms; i++)
        {
            float x = (i - (farms - 1) / 2f) * 62 + pen.Between(-8, 8);
            pen.House(x, 97, 27, 18, roof.Color, pen.Between(-12, 12));
            pen.Trees(2, x + 20, 90, x + 28, 106);
        }

        string shape = round ? "round" : "rectangular", several = Some(fields, $"{shape} field"),
            colors = fields == 1 ? crops[0].Word : $"{crops[0].Word} and {crops[1].Word}";
        string houses = farms == 0 ? "no farmhouses" : Some(farms, $"{roof.Word} farmhouse"), way = road ? "a road" : "no road";
        return
        [
            $"farmland with {several} in {colors}",
            $"{Some(fields, $"{colors} field")} with {houses} [nearby|beside them|]",
            $"{several} [on|surrounded by] {ground.Word} with {way} and {houses}",
            $"{colors} {shape} fields and {houses} [in the farmland|on the farmland|in the countryside]",
            $"{houses} and {way} [beside|next to] {Count(fields, $"{colors} {shape} field")}",
            $"[{Plural(fields, $"{shape} field")}|farmland|{Plural(fields, $"{colors} field")}] with {way}",
        ];
    }

    private static void Strips(Pen pen, int fields, Paint[] crops)
    {
        float at = -112, width = 224f / fields;
        for (int i = 0; i < fields; i++, at += width)
        {
            using SKPath field = Box(at + width / 2, -28, width - 3, 176);
            Crop(pen, field, crops[i % 2], pen.Any(0, 90));
        }
    }

    private static void Circles(Pen pen, int fields, Paint[] crops)
    {
        float radius = fields switch { 1 => 72, 2 => 53, 3 or 4 => 40, _ => 34 };
        (float X, float Y)[] places = fields switch
        {
            1 => [(0, -25)],
            2 => [(-56, -25), (56, -25)],
            3 => [(-46, -68), (46, -68), (0, 14)],
            4 => [(-44, -70), (44, -70), (-44, 16), (44, 16)],
            _ => [(-74, -62), (0, -62), (74, -62), (-38, 8), (38, 8)],
        };
        for (int i = 0; i < fields; i++)
        {
            using SKPath field = Disc(places[i].X, places[i].Y, radius);
            Crop(pen, field, crops[i % 2], pen.Between(0, 180));
            pen.At(places[i].X, places[i].Y, pen.Between(0, 360), () => pen.Line(0, 0, radius, 0, 1.5f, new SKColor(0xC0F0F0F0)));
        }
    }

    private static void Crop(Pen pen, SKPath field, Paint crop, float degrees)
    {
        SKColor color = pen.Shade(crop.Color, 14);
        pen.Fill(field, color);
        pen.Texture(field, 1.2f, 60);
        using var _ = new SKAutoCanvasRestore(pen.Canvas);
        pen.Canvas.ClipPath(field, antialias: true);
        pen.Canvas.RotateDegrees(degrees);
        for (float y = -Reach; y < Reach; y += 5) pen.Line(-Reach, y, Reach, y, 1.4f, Mix(color, SKColors.Black, 0.16f));
        pen.Canvas.RotateDegrees(-degrees);
        pen.Line(field, 2.5f, Mix(color, SKColors.Black, 0.4f)); // a hedge: fields may have the ground's color
    }
}
