using SkiaSharp;
using static SyntheticScenes.Grammar;
using static SyntheticScenes.Pen;

namespace SyntheticScenes;

/// <summary>A pitch, a running track or none, stands around it or on its long sides.</summary>
internal sealed class Stadium : Scene
{
    public override string[] Draw(Pen pen)
    {
        Paint ground = pen.Any<Paint>(Paint.Grounds), stand = pen.Any(Paint.White, Paint.Blue, Paint.Red, Paint.Gray, Paint.Yellow);
        Paint track = pen.Any(Paint.Red, Paint.Blue, Paint.Brown), lawn = pen.Any(Paint.Green, Paint.Green, Paint.Brown);
        bool tracked = pen.Chance(0.55);
        string stands = pen.Any("round", "rectangular", "two"), beside = pen.Any("a parking lot", "trees", "a road", "open ground");
        pen.Ground(ground);
        switch (beside)
        {
            case "a road": pen.Road(-Reach, 104, Reach, 104, 18); break;
            case "trees": pen.Trees(40, -112, 92, 112, 116); break;
            case "a parking lot":
                using (SKPath lot = Box(0, 105, 200, 30)) pen.Fill(lot, new SKColor(0xFF6C6E73));
                for (float x = -92; x <= 92; x += 8)
                    foreach (float y in (ReadOnlySpan<float>)[98, 112]) if (pen.Chance(0.7)) pen.Car(x, y, 90);
                break;
        }

        pen.At(0, -14, 0, () =>
        {
            switch (stands)
            {
                case "two":
                    Tiers(pen, Box(0, -66, 150, 26, 3), stand.Color);
                    Tiers(pen, Box(0, 66, 150, 26, 3), stand.Color);
                    break;
                default:
                    Tiers(pen, stands == "round" ? Box(0, 0, 224, 164, 82) : Box(0, 0, 218, 160, 8), stand.Color);
                    break;
            }

            using SKPath infield = stands == "rectangular" && !tracked ? Box(0, 0, 158, 102, 2) : Box(0, 0, 164, 104, 52);
            pen.Fill(infield, tracked ? pen.Shade(track.Color) : pen.Shade(lawn.Color));
            for (int lane = 1; tracked && lane <= 3; lane++)
            {
                using SKPath line = Box(0, 0, 164 - 6 * lane, 104 - 6 * lane, 52 - 3 * lane);
                pen.Line(line, 0.8f, new SKColor(0xB0FFFFFF));
            }

            Pitch(pen, tracked ? 104 : 136, tracked ? 62 : 82, lawn.Color);
        });

        string seats = stands == "two" ? $"two {stand.Word} stands" : $"a {stands} {stand.Word} stand",
            run = tracked ? $"a {track.Word} running track" : "no running track", pitch = $"{Maybe(lawn.Word)}pitch";
        string place = beside == "open ground" ? $"on {ground.Word}" : $"beside {beside}";
        return
        [
            $"a stadium with a {pitch} and {seats}",
            $"{seats} [around|enclosing|beside] a {pitch} with {run}",
            $"a stadium {place} with {seats} and {run}",
            $"{run} around the {pitch} of a stadium {place}",
            $"a [football|sports] stadium with {seats} on {ground.Word}",
            $"the {pitch} of a stadium with {run} [lies|is] {place}",
            $"a [football |sports |]stadium [{place}|with {run}]",
        ];
    }

    private static void Tiers(Pen pen, SKPath outline, SKColor color)
    {
        using (outline)
        {
            pen.Raise(outline, pen.Shade(color, 6), 10);
            pen.Line(outline, 2, Mix(color, SKColors.Black, 0.3f));
            using var _ = new SKAutoCanvasRestore(pen.Canvas);
            pen.Canvas.ClipPath(outline, antialias: true);
            for (int tier = 1; tier <= 3; tier++)
            {
                pen.Canvas.Scale(0.945f, 0.93f);
                pen.Line(outline, 1, Mix(color, SKColors.Black, 0.22f));
            }
        }
    }

    private static void Pitch(Pen pen, float width, float height, SKColor color)
    {
        using SKPath grass = Box(0, 0, width, height), circle = Disc(0, 0, height * 0.15f);
        pen.Fill(grass, color);
        for (int band = 0; band < 8; band += 2)
        {
            using SKPath mown = Box(-width / 2 + (band + 0.5f) * width / 8, 0, width / 8, height);
            pen.Fill(mown, new SKColor(0x20FFFFFF));
        }

        pen.Line(grass, 1.2f, SKColors.White);
        pen.Line(circle, 1, SKColors.White);
        pen.Line(0, -height / 2, 0, height / 2, 1, SKColors.White);
        foreach (int end in (ReadOnlySpan<int>)[-1, 1])
        {
            using SKPath box = Box(end * width * 0.43f, 0, width * 0.14f, height * 0.5f);
            pen.Line(box, 1, SKColors.White);
        }
    }
}
