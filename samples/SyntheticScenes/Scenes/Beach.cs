using SkiaSharp;
using static SyntheticScenes.Grammar;
using static SyntheticScenes.Pen;

namespace SyntheticScenes;

/// <summary>Sea with breaking waves, a strip of sand with umbrellas, land behind.</summary>
internal sealed class Beach : Scene
{
    private static readonly Paint[] Sands = [new("yellow", 0xDCC795), new("white", 0xECE6D6), new("grey", 0xAAA396)];

    public override string[] Draw(Pen pen)
    {
        Paint water = pen.Any<Paint>(Paint.Waters.AsSpan(0, 3)), sand = pen.Any<Paint>(Sands), ground = pen.Any<Paint>(Paint.Grounds);
        Paint cloth = pen.Any(Paint.Red, Paint.Blue, Paint.White, Paint.Yellow, Paint.Orange);
        int umbrellas = pen.Some(0, 8), boats = pen.Some(0, 3);
        string behind = pen.Any("trees", "houses", "a road", "bare land");
        bool jetty = pen.Chance(0.3);
        pen.Ground(sand);

        using SKPath land = Shore(pen, 62, 8, Reach), sea = Shore(pen, -12, 10, -Reach);
        pen.Fill(land, pen.Shade(ground.Color));
        pen.Texture(land, 1.5f, 60);
        pen.Line(sea, 16, Mix(sand.Color, Paint.Brown.Color, 0.3f)); // wet sand
        pen.Water(sea, water);
        for (int wave = 0; wave < 3; wave++)
        {
            using SKPath foam = Shore(pen, -17 - 11 * wave, 8, -Reach);
            pen.Line(foam, 4.5f - 1.2f * wave, new SKColor(0xC0FFFFFF), wave == 0 ? null : [26 - 5 * wave, 10 + 6 * wave]);
        }

        if (jetty)
        {
            using SKPath planks = Box(pen.Between(-50, 50), -40, 9, 110);
            pen.Raise(planks, Paint.Brown.Color, 4);
        }

        for (int i = 0; i < boats; i++)
            pen.Boat(-70 + 70 * i + pen.Between(-14, 14), pen.Between(-92, -72), pen.Between(0, 360), 25, SKColors.White);
        float gap = 24, first = -gap * (umbrellas - 1) / 2;
        for (int i = 0; i < umbrellas; i++)
        {
            using SKPath umbrella = Disc(first + i * gap + pen.Between(-3, 3), 22 + pen.Between(-9, 12), 7.5f);
            pen.Raise(umbrella, pen.Shade(cloth.Color, 6), 6);
            pen.Line(umbrella, 1.2f, Mix(cloth.Color, SKColors.White, 0.6f));
        }

        switch (behind)
        {
            case "trees": pen.Trees(60, -114, 68, 114, 114); break;
            case "a road": pen.Road(-Reach, 86, Reach, 86, 17); break;
            case "houses":
                for (float x = -90; x <= 90; x += 45)
                    pen.House(x, 90, 32, 22, pen.Any(Paint.Red, Paint.White, Paint.Brown).Color, pen.Between(-6, 6));
                break;
        }

        string shade = umbrellas == 0 ? "no umbrellas" : Some(umbrellas, $"{cloth.Word} umbrella"),
            sails = boats == 0 ? "no boats" : Some(boats, "white boat"), pier = jetty ? "a wooden jetty" : "no jetty";
        return
        [
            $"{shade} on a [sandy beach|beach of {sand.Word} sand]",
            $"a beach with {sand.Word} sand between the {Maybe(water.Word)}sea and {behind}",
            $"{shade} [on|along] a beach and {sails} on the {Maybe(water.Word)}sea",
            $"white waves [roll|break] onto a {Maybe(sand.Word)}beach with {shade} and {pier}",
            $"{sails} on the sea [near|off] a beach with {pier} and {behind}",
            $"a {sand.Word} beach [beside|next to] {behind} with {shade} and {sails}",
            $"a {Maybe(sand.Word)}beach [beside the sea|with {shade}|and {sails}|near {behind}]",
        ];
    }

    // Everything on one side of a wavy line at about y, as far as `end`.
    private static SKPath Shore(Pen pen, float y, float swing, float end)
    {
        var path = new SKPath();
        path.MoveTo(-Reach, end);
        path.LineTo(-Reach, y);
        for (float x = -Reach; x < Reach; x += 100)
            path.CubicTo(x + 30, y + pen.Between(-swing, swing), x + 70, y + pen.Between(-swing, swing), x + 100, y);
        path.LineTo(Reach, end);
        path.Close();
        return path;
    }
}
