using SkiaSharp;
using static SyntheticScenes.Grammar;
using static SyntheticScenes.Pen;

namespace SyntheticScenes;

/// <summary>Round tanks in rows or in a ring, with what lies beside them.</summary>
internal sealed class StorageTanks : Scene
{
    public override string[] Draw(Pen pen)
    {
        Paint ground = pen.Any<Paint>(Paint.Grounds), steel = pen.Any(Paint.White, Paint.White, Paint.Gray, Paint.Brown, Paint.Green),
            water = pen.Any<Paint>(Paint.Waters);
        int rows = pen.Some(1, 3), columns = pen.Some(2, 4);
        bool ring = rows == 1 && pen.Chance(0.4);
        int tanks = ring ? pen.Some(4, 7) : rows * columns;
        string beside = pen.Any("a road", "a river", "trees", "a warehouse");
        pen.Ground(ground);
        switch (beside)
        {
            case "a road": pen.Road(-Reach, 96, Reach, 96, 18); break;
            case "trees": pen.Trees(34, -115, 84, 115, 112); break;
            case "a warehouse": pen.House(0, 98, 130, 28, Paint.Gray.Color); break;
            default:
                using (SKPath river = Box(0, 150, 2 * Reach, 130)) pen.Water(river, water);
                break;
        }

        float pitch = ring ? 0 : MathF.Min(60, 200f / MathF.Max(columns, rows + 0.6f)),
            radius = ring ? 19 : pitch * pen.Between(0.34f, 0.42f);
        using (SKPath yard = ring ? Disc(0, -22, 92) : Box(0, -22, columns * pitch + 14, rows * pitch + 14))
            pen.Raise(yard, pen.Shade(new SKColor(0xFFC0B8A6)), 3);
        for (int i = 0; i < tanks; i++)
        {
            float angle = MathF.Tau * i / tanks;
            float x = ring ? 62 * MathF.Cos(angle) : (i % columns - (columns - 1) / 2f) * pitch,
                y = -22 + (ring ? 62 * MathF.Sin(angle) : (i / columns - (rows - 1) / 2f) * pitch);
            pen.Line(x, y, 0, -22, 1.6f, new SKColor(0xFF8B8579)); // pipes
        }

        for (int i = 0; i < tanks; i++)
        {
            float angle = MathF.Tau * i / tanks;
            float x = ring ? 62 * MathF.Cos(angle) : (i % columns - (columns - 1) / 2f) * pitch,
                y = -22 + (ring ? 62 * MathF.Sin(angle) : (i / columns - (rows - 1) / 2f) * pitch);
            pen.At(x, y, pen.Between(0, 360), () => Tank(pen, radius, steel.Color));
        }

        string several = Some(tanks, $"{steel.Word} storage tank"), order = ring ? "a ring" : rows == 1 ? "one row" : Count(rows, "row");
        return
        [
            $"{several} [stand|are arranged] in {order}",
            $"{several} in {order} [beside|next to|near] {beside}",
            $"{Some(tanks, "round tank")} on {ground.Word} [beside|next to] {beside}",
            $"[an oil depot|a tank farm] with {several} in {order} on {ground.Word}",
            $"{order} of {Maybe(steel.Word)}[round|cylindrical] storage tanks [near|beside] {beside}",
            $"[a tank farm|an oil depot|{steel.Word} storage tanks|round tanks] [beside {beside}|]",
        ];
    }

    private static void Tank(Pen pen, float radius, SKColor color)
    {
        color = pen.Shade(color, 6);
        using SKPath side = Disc(0, 0, radius), roof = Disc(0, 0, radius * 0.9f);
        pen.Raise(side, Mix(color, SKColors.Black, 0.25f), radius * 0.55f);
        pen.Fill(roof, color);
        for (int spoke = 0; spoke < 8; spoke++)
            pen.At(0, 0, spoke * 45, () => pen.Line(radius * 0.15f, 0, radius * 0.9f, 0, 0.8f, new SKColor(0x38000000)));
        pen.Line(roof, 1, new SKColor(0x60FFFFFF));
    }
}
