using SkiaSharp;
using static SyntheticScenes.Grammar;
using static SyntheticScenes.Pen;

namespace SyntheticScenes;

/// <summary>A quay with piers; ships lie along them, containers or warehouses stand behind.</summary>
internal sealed class Port : Scene
{
    private static readonly SKColor Concrete = new(0xFFB3AFA6);

    public override string[] Draw(Pen pen)
    {
        Paint water = pen.Any<Paint>(Paint.Waters), hull = pen.Any(Paint.White, Paint.Red, Paint.Blue, Paint.Black, Paint.Orange),
            ground = pen.Any<Paint>(Paint.Grounds);
        int piers = pen.Some(1, 3), ships = pen.Some(1, Math.Min(6, 4 * piers));
        string goods = pen.Any("containers", "warehouses", "trees");
        pen.Ground(ground);
        using SKPath sea = Box(0, -80, 2 * Reach, 200), quay = Box(0, 30, 2 * Reach, 34);
        pen.Water(sea, water);
        pen.Raise(quay, pen.Shade(Concrete), 4);
        pen.Line(-Reach, 14.5f, Reach, 14.5f, 1.5f, new SKColor(0x90FFFFFF));

        float gap = 72, first = -gap * (piers - 1) / 2;
        var berths = new List<(float X, float Y)>();
        for (int i = 0; i < piers; i++)
        {
            float x = first + i * gap;
            using SKPath pier = Box(x, -38, 13, 112);
            pen.Raise(pier, pen.Shade(Concrete), 4);
            berths.AddRange([(x - 16, -16), (x + 16, -16), (x - 16, -66), (x + 16, -66)]);
        }

        (float X, float Y)[] free = [.. berths];
        pen.Random.Shuffle(free);
        foreach ((float x, float y) in free.Take(ships))
            pen.Boat(x, y + pen.Between(-3, 3), pen.Any(-90, 90), pen.Between(40, 45), hull.Color);

        Paint stack = pen.Any(Paint.Red, Paint.Blue, Paint.Orange, Paint.Green);
        for (float x = -112; x <= 112; x += goods == "warehouses" ? 46 : 17)
        {
            if (goods == "trees") pen.Trees(2, x - 8, 60, x + 8, 108);
            if (goods == "warehouses") pen.House(x, 74, 38, 32, Paint.Gray.Color);
            for (float y = 58; goods == "containers" && y < 100; y += 7)
            {
                using SKPath box = Box(x, y, 15, 5.5f);
                if (pen.Chance(0.85)) pen.Raise(box, pen.Shade(stack.Color, 14), pen.Some(2, 6));
            }
        }

        string behind = goods == "containers" ? $"{stack.Word} containers" : goods, several = Some(ships, $"{hull.Word} ship");
        return
        [
            $"{several} {Are(ships)} [moored|docked|lying] at {Some(piers, "pier")} [in|of] a port",
            $"a port with {Count(piers, "pier")}, {several} and {behind} [on|along] the quay",
            $"{Count(piers, "long pier")} in the {water.Word} water of a port with {several}",
            $"{several} [in|on] the {Maybe(water.Word)}water [beside|next to] a quay with {behind}",
            $"{behind} [stand|are] behind the quay of a [port|harbor] where {several} {Are(ships)} docked",
            $"a [port|harbor] on {ground.Word} with {several} [beside|along] {Some(piers, "pier")}",
            $"{(ships == 1 ? "a" : "")} {Maybe(hull.Word)}{Plural(ships, "ship")} in a [port|harbor]",
        ];
    }
}
