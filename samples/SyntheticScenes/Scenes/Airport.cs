using SkiaSharp;
using static SyntheticScenes.Grammar;
using static SyntheticScenes.Pen;

namespace SyntheticScenes;

/// <summary>Runways, an apron with a row of planes, a terminal.</summary>
internal sealed class Airport : Scene
{
    private static readonly SKColor Runway = new(0xFF55575C), Apron = new(0xFFB9B7AF);

    public override string[] Draw(Pen pen)
    {
        Paint ground = pen.Any<Paint>(Paint.Grounds), body = pen.Any(Paint.White, Paint.White, Paint.Red, Paint.Blue, Paint.Yellow),
            roof = pen.Any(Paint.Gray, Paint.Brown, Paint.White, Paint.Blue);
        int planes = pen.Some(1, 6);
        string runways = pen.Any("one runway", "two parallel runways", "two crossing runways");
        pen.Ground(ground);

        if (runways == "two crossing runways") pen.At(0, -62, pen.Any(-24, 24), () => Strip(pen));
        if (runways == "two parallel runways") pen.At(0, -104, 0, () => Strip(pen));
        pen.At(0, -62, 0, () => Strip(pen));
        pen.Line(-88, -62, -66, 12, 10, Runway);
        pen.Line(88, -62, 66, 12, 10, Runway);
        using SKPath apron = Box(0, 38, 226, 78);
        pen.Fill(apron, pen.Shade(Apron));
        pen.Texture(apron, 0.6f, 40);
        float width = pen.Between(90, 190);
        pen.Building(0, 84, width, pen.Between(20, 30), roof.Color, 12);

        float gap = pen.Between(32, 36), left = -gap * (planes - 1) / 2 + pen.Between(-10, 10), y = pen.Between(36, 46);
        for (int i = 0; i < planes; i++)
        {
            pen.Line(left + i * gap, 12, left + i * gap, y, 1, new SKColor(0xC0D8B040));
            pen.At(left + i * gap, y, 90 + pen.Between(-5, 5), () => Plane(pen, 31, body.Color));
        }

        string kind = pen.Any("plane", "airplane", "aircraft");
        string several = Some(planes, $"{body.Word} {kind}");
        return
        [
            $"{several} {Are(planes)} parked [beside|next to|near] a {Maybe(roof.Word)}terminal",
            $"an airport with [{runways}|{runways}|runways] and {several}",
            $"{Some(planes, kind)} {Are(planes)} [standing|parked] in a row [in front of|before] the "
            + $"{Maybe(roof.Word)}[terminal|building] of an airport",
            $"{runways} [on|surrounded by] {ground.Word} and {several} at the airport",
            $"the airport [on|built on] {ground.Word} has {runways} [beside|next to] the apron with {several}",
            $"a {roof.Word} terminal with {several} [lies|stands] [beside|near] {runways}",
            $"{(planes == 1 ? "a" : "")} {Maybe(body.Word)}{Plural(planes, kind)} at an airport",
        ];
    }

    private static void Strip(Pen pen)
    {
        pen.Line(-Reach, 0, Reach, 0, 21, pen.Shade(Runway, 6));
        pen.Line(-Reach, 0, Reach, 0, 1.4f, SKColors.White, [14, 9]);
        foreach (float end in (ReadOnlySpan<float>)[-104, 104])
        {
            for (int bar = -3; bar <= 3; bar++) pen.Line(end - 9, bar * 2.7f, end + 9, bar * 2.7f, 1.3f, SKColors.White);
        }
    }

    private static void Plane(Pen pen, float length, SKColor color)
    {
        float half = length / 2;
        using var shape = new SKPath { FillType = SKPathFillType.Winding };
        // wings
        shape.AddPoly([new(half * 0.35f, 0), new(-half * 0.25f, half), new(-half * 0.5f, half), new(-half * 0.12f, 0),
            new(-half * 0.5f, -half), new(-half * 0.25f, -half)]);
        shape.AddPoly([new(-half * 0.65f, 0), new(-half * 0.95f, half * 0.4f), new(-half * 1.1f, half * 0.4f), new(-half * 0.9f, 0),
            new(-half * 1.1f, -half * 0.4f), new(-half * 0.95f, -half * 0.4f)]);
        using SKPath hull = Box(0, 0, length, length * 0.15f, length * 0.075f);
        shape.AddPath(hull);
        pen.Raise(shape, pen.Shade(color, 6), 5);
        pen.Fill(hull, Mix(color, SKColors.White, 0.45f));
    }
}
