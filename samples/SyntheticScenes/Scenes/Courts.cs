using SkiaSharp;
using static SyntheticScenes.Grammar;
using static SyntheticScenes.Pen;

namespace SyntheticScenes;

/// <summary>Tennis or basketball courts in rows.</summary>
internal sealed class Courts : Scene
{
    public override string[] Draw(Pen pen)
    {
        Paint ground = pen.Any<Paint>(Paint.Grounds), inside = pen.Any(Paint.Blue, Paint.Green, Paint.Orange, Paint.Red, Paint.Gray),
            rim = pen.Any(Paint.Green, Paint.Red, Paint.Brown, Paint.Blue);
        while (rim == inside) rim = pen.Any(Paint.Green, Paint.Red, Paint.Brown, Paint.Blue);
        int rows = pen.Some(1, 2), columns = pen.Some(1, 4), courts = rows * columns;
        bool tennis = pen.Chance(0.6);
        string beside = pen.Any("trees", "a road", "houses", "a pond");
        pen.Ground(ground);
        float width = 42, height = 70, top = rows == 1 ? -36 : -66;
        for (int i = 0; i < courts; i++)
        {
            float x = (i % columns - (columns - 1) / 2f) * (width + 6), y = top + i / columns * (height + 6);
            pen.At(x, y, 0, () => Court(pen, width, height, inside.Color, rim.Color, tennis));
        }

        float below = top + (rows - 1) * (height + 6) + height / 2 + 8;
        switch (beside)
        {
            case "trees": pen.Trees(34, -110, below + 6, 110, below + 34); break;
            case "a road": pen.Road(-Reach, below + 16, Reach, below + 16, 18); break;
            case "houses":
                for (float x = -84; x <= 84; x += 42) pen.House(x, below + 18, 29, 20, pen.Any(Paint.Red, Paint.Brown, Paint.Gray).Color);
                break;
            default:
                using (var pond = new SKPath())
                {
                    pond.AddOval(new SKRect(-70, below, 70, below + 40));
                    pen.Water(pond, Paint.Waters[0]);
                }

                break;
        }

        string kind = tennis ? "tennis" : "basketball", several = Some(courts, $"{inside.Word} {kind} court"),
            order = rows == 1 ? "one row" : "two rows";
        return
        [
            $"{several} [beside|next to|near] {beside}",
            $"{several} with {rim.Word} borders in {order}",
            $"{Some(courts, $"{kind} court")} on {ground.Word} [beside|next to] {beside}",
            $"{order} of {Maybe(inside.Word)}{kind} courts with {rim.Word} [borders|edges]",
            $"{beside} [beside|near] {Count(courts, $"{kind} court")} with {rim.Word} borders",
            $"{(courts == 1 ? "a" : "")} {Maybe(inside.Word)}{kind} {Plural(courts, "court")} [near {beside}|]",
        ];
    }

    private static void Court(Pen pen, float width, float height, SKColor inside, SKColor rim, bool tennis)
    {
        using SKPath outer = Box(0, 0, width, height), inner = Box(0, 0, width * 0.62f, height * 0.76f);
        pen.Fill(outer, pen.Shade(rim, 5));
        pen.Fill(inner, pen.Shade(inside, 5));
        pen.Line(inner, 1.2f, SKColors.White);
        pen.Line(outer, 1, new SKColor(0xFF4A4C4E)); // the fence
        float w = width * 0.31f, h = height * 0.38f;
        if (tennis)
        {
            pen.Line(-w - 3, 0, w + 3, 0, 1.8f, SKColors.White);
            pen.Line(-w * 0.75f, -h, -w * 0.75f, h, 1, SKColors.White);
            pen.Line(w * 0.75f, -h, w * 0.75f, h, 1, SKColors.White);
            pen.Line(-w * 0.75f, -h * 0.5f, w * 0.75f, -h * 0.5f, 1, SKColors.White);
            pen.Line(-w * 0.75f, h * 0.5f, w * 0.75f, h * 0.5f, 1, SKColors.White);
            pen.Line(0, -h * 0.5f, 0, h * 0.5f, 1, SKColors.White);
            return;
        }

        using SKPath circle = Disc(0, 0, w * 0.4f);
        pen.Line(circle, 1.1f, SKColors.White);
        pen.Line(-w, 0, w, 0, 1, SKColors.White);
        foreach (int end in (ReadOnlySpan<int>)[-1, 1])
        {
            using SKPath key = Box(0, end * h * 0.78f, w * 0.7f, h * 0.42f), arc = Disc(0, end * h * 0.57f, w * 0.35f);
            pen.Fill(key, rim);
            pen.Line(key, 1, SKColors.White);
            pen.Line(arc, 1, SKColors.White);
        }
    }
}
