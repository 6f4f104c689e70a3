using SkiaSharp;
using static SyntheticScenes.Grammar;
using static SyntheticScenes.Pen;

namespace SyntheticScenes;

/// <summary>Rows of marked places, more or less full, beside a building.</summary>
internal sealed class ParkingLot : Scene
{
    public override string[] Draw(Pen pen)
    {
        Paint ground = pen.Any<Paint>(Paint.Grounds), roof = pen.Any(Paint.White, Paint.Gray, Paint.Red, Paint.Blue, Paint.Brown);
        Paint surface = pen.Any(new Paint("dark", 0x5B5D62), new Paint("light", 0xA19E97));
        Paint? only = pen.Chance(0.6) ? pen.Any(Paint.White, Paint.Red, Paint.Blue, Paint.Black, Paint.Yellow) : null;
        int rows = pen.Some(1, 4);
        (string fill, float share) = pen.Any(("full", 0.95f), ("half empty", 0.5f), ("almost empty", 0.14f));
        string beside = pen.Any("building", "trees");
        pen.Ground(ground);

        float top = -96, depth = 34, height = rows * depth + 8;
        using SKPath lot = Box(0, top + height / 2, 212, height, 3);
        pen.Line(lot, 4, new SKColor(0xFFC9C5BA));
        pen.Fill(lot, pen.Shade(surface.Color, 6));
        for (int row = 0; row < rows; row++)
        {
            float y = top + 4 + row * depth;
            pen.Line(-98, y + 2, 98, y + 2, 1, SKColors.White);
            for (float x = -98; x <= 98; x += 9.8f)
            {
                pen.Line(x, y + 2, x, y + 17, 0.9f, SKColors.White);
                if (x < 90 && pen.Chance(share)) pen.Car(x + 4.9f, y + 10 + pen.Between(-1, 1), pen.Any(-90, 90), only);
            }
        }

        float below = top + height + 8, room = 104 - below;
        if (beside == "building")
        {
            pen.Building(
                pen.Between(-15, 15), below + MathF.Min(room, 70) / 2, pen.Between(110, 180), MathF.Min(room, 70) - 8, roof.Color, 12);
        }
        else pen.Trees((int)(room * 0.7f), -108, below + 6, 108, 108);

        string cars = only is { } paint ? $"{paint.Word} cars" : "cars of many colours", lines = Count(rows, "row"),
            next = beside == "building" ? $"a {roof.Word} building" : "trees";
        return
        [
            $"{cars} [stand|are parked] in {lines} [beside|next to] {next}",
            $"a {Maybe(fill)}parking lot with {cars}",
            $"a {fill} parking lot with {lines} of {cars} on {ground.Word}",
            $"{lines} of {cars} on a {Maybe(surface.Word)}parking lot [near|beside] {next}",
            $"a {surface.Word} parking lot [beside|next to] {next} is {fill}",
            $"{next} [beside|near] a {fill} parking lot with {lines}",
            $"[cars on|{cars} on] a parking lot [beside {next}|]",
        ];
    }
}
