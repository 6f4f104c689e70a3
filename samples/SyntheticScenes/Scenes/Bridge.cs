using SkiaSharp;
using static SyntheticScenes.Grammar;
using static SyntheticScenes.Pen;

namespace SyntheticScenes;

/// <summary>A straight or winding river and the bridges over it.</summary>
internal sealed class Bridge : Scene
{
    public override string[] Draw(Pen pen)
    {
        Paint water = pen.Any<Paint>(Paint.Waters), deck = pen.Any(Paint.Gray, Paint.White, Paint.Red, Paint.Brown),
            ground = pen.Any<Paint>(Paint.Grounds);
        int bridges = pen.Some(1, 3), boats = pen.Some(0, 3);
        string course = pen.Any("straight", "curved"), width = pen.Any("narrow", "wide"), banks = pen.Any("trees", "houses", "bare banks");
        float half = width == "wide" ? 46 : 25, bend = course == "curved" ? pen.Any(-1, 1) * pen.Between(45, 70) : 0;
        pen.Ground(ground);
        using var river = new SKPath();
        river.MoveTo(-Reach, bend);
        river.CubicTo(-80, -bend * 1.6f, 80, bend * 1.6f, Reach, -bend);
        using var outline = new SKPaint { IsStroke = true, StrokeWidth = 2 * half };
        using SKPath area = outline.GetFillPath(river);
        pen.Water(area, water);

        if (banks != "bare banks")
        {
            for (float x = -108; x <= 108; x += banks == "houses" ? 34 : 15)
            {
                foreach (int side in (ReadOnlySpan<int>)[-1, 1])
                {
                    float y = side * (half + 20 + MathF.Abs(bend) * 0.35f + pen.Between(0, 26));
                    if (banks == "houses")
                    {
                        pen.House(x, side * MathF.Max(MathF.Abs(y), half + 30), 24, 17, pen.Any(Paint.Red, Paint.Brown, Paint.Gray).Color,
                            pen.Between(-10, 10));
                    }
                    else pen.Tree(x, y, pen.Between(5, 9));
                }
            }
        }

        float gap = pen.Between(64, 76), first = -gap * (bridges - 1) / 2, over = half + MathF.Abs(bend) * 0.4f + 12;
        for (int i = 0; i < boats; i++)
        {
            // Between the bridges, where they are seen.
            float x = first + gap * (i - 0.5f), y = -bend * 0.9f * x / 100 * -0.55f;
            pen.Boat(x, y + pen.Between(-0.25f, 0.25f) * half, pen.Any(0, 180) + pen.Between(-8, 8), 24, SKColors.White, wake: true);
        }

        for (int i = 0; i < bridges; i++)
        {
            pen.At(first + i * gap, 0, pen.Between(-5, 5), () =>
            {
                pen.Road(0, -Reach, 0, Reach, 13);
                using SKPath span = Box(0, 0, 25, 2 * over);
                pen.Raise(span, pen.Shade(deck.Color), 9);
                pen.Line(0, -over, 0, over, 11, new SKColor(0xFF6A6C70));
                pen.Line(0, -over, 0, over, 1.2f, SKColors.White, [6, 6]);
                for (int car = 0; car < 3; car++)
                {
                    bool up = pen.Chance(0.5);
                    pen.Car(up ? 3 : -3, pen.Between(-100, 100), up ? -90 : 90);
                }
            });
        }

        string several = Some(bridges, $"{deck.Word} bridge"), sails = boats == 0 ? "no boats" : Some(boats, "white boat"),
            stream = $"{Maybe(width)}{Maybe(course)}river";
        return
        [
            $"{several} over a {stream}",
            $"{several} {(bridges == 1 ? "crosses" : "cross")} a {stream} with {water.Word} water",
            $"a {course} river with {sails} under {Count(bridges, "bridge")}",
            $"a {stream} with {banks} on both sides and {several}",
            $"{Count(bridges, "bridge")} [across|over] a {width} river [between|with] "
            + $"{(banks == "bare banks" ? $"banks of {ground.Word}" : $"{banks} on {ground.Word}")}",
            $"{sails} on the {water.Word} river [below|near] {several}",
            $"[a river|a {water.Word} river] with {(bridges == 1 ? "a" : "")} {Plural(bridges, $"{deck.Word} bridge")}",
        ];
    }
}
