using SkiaSharp;
using static SyntheticScenes.Grammar;
using static SyntheticScenes.Pen;

namespace SyntheticScenes;

/// <summary>A ring road with three to six roads that meet in it.</summary>
internal sealed class Roundabout : Scene
{
    public override string[] Draw(Pen pen)
    {
        Paint ground = pen.Any<Paint>(Paint.Grounds), car = pen.Any(Paint.White, Paint.Red, Paint.Blue, Paint.Yellow, Paint.Black);
        int roads = pen.Some(3, 6), cars = pen.Some(0, 6);
        string middle = pen.Any("a round lawn", "a fountain", "trees", "a flower bed"), corners = pen.Any("houses", "trees", "open ground");
        float radius = pen.Between(46, 56), width = 22, turn = pen.Between(0, 360);
        pen.Ground(ground);
        for (int i = 0; i < roads; i++) pen.At(0, 0, turn + 360f * i / roads, () => pen.Road(radius - 6, 0, Reach, 0, 19));
        using SKPath ring = Disc(0, 0, radius), island = Disc(0, 0, radius - width / 2 - 1);
        pen.Line(ring, width, new SKColor(0xFF62646A));
        pen.Line(ring, 1, new SKColor(0xD0FFFFFF), [5, 6]);
        pen.Fill(island, pen.Shade(middle == "a round lawn" ? new SKColor(0xFF6E9A50) : ground.Color, 5));
        pen.Line(island, 2, new SKColor(0xFFD0CCC0));
        Middle(pen, middle, radius - width);

        for (int i = 0; i < roads; i++)
        {
            // In the gaps between the roads.
            pen.At(0, 0, turn + 360f * (i + 0.5f) / roads, () =>
            {
                if (corners == "houses") pen.House(radius + 44, 0, 20, 26, pen.Any(Paint.Red, Paint.Brown, Paint.Gray).Color);
                if (corners == "trees") pen.Trees(7, radius + 28, -14, radius + 58, 14);
            });
        }

        for (int i = 0; i < cars; i++)
        {
            float at = 360f * (i + pen.Between(-0.2f, 0.2f)) / cars;
            pen.At(0, 0, at, () => pen.Car(radius + pen.Any(-5, 5), 0, 90, car));
        }

        string several = cars == 0 ? "no cars" : Some(cars, $"{car.Word} car"), ways = Some(roads, "road"),
            around = corners == "open ground" ? ground.Word : corners;
        return
        [
            $"{ways} meet [at|in] a roundabout with {middle}",
            $"a roundabout with {ways} and {several}",
            $"{several} [driving |]around {middle} in a roundabout",
            $"a roundabout with {middle} [in the middle|in its centre] on {ground.Word}",
            $"{around} around a roundabout where {ways} meet",
            $"{several} on a roundabout with {ways}, {middle} in the middle and {around} around it",
            $"a roundabout [with {middle}|with {several}|near {around}]",
        ];
    }

    private static void Middle(Pen pen, string what, float radius)
    {
        switch (what)
        {
            case "a fountain":
                using (SKPath rim = Disc(0, 0, radius * 0.75f), basin = Disc(0, 0, radius * 0.66f), jet = Disc(0, 0, radius * 0.2f))
                {
                    pen.Raise(rim, new SKColor(0xFFDCD8CE), 3);
                    pen.Fill(basin, new SKColor(0xFF5AA9C4));
                    pen.Raise(jet, SKColors.White, 5);
                }

                break;
            case "trees":
                for (int i = 0; i < 9; i++)
                {
                    float angle = pen.Between(0, MathF.Tau), out_ = radius * MathF.Sqrt(pen.Between(0, 0.7f));
                    pen.Tree(out_ * MathF.Cos(angle), out_ * MathF.Sin(angle), pen.Between(5, 8));
                }

                break;
            case "a flower bed":
                for (int i = 0; i < 3; i++)
                {
                    using SKPath bed = Disc(0, 0, radius * (0.9f - 0.28f * i));
                    pen.Fill(bed, pen.Shade(new[] { new SKColor(0xFFC9507A), new SKColor(0xFFEAD9C8), new SKColor(0xFF8D4A96) }[i]));
                }

                break;
        }
    }
}
