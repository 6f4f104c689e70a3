using SkiaSharp;
using static SyntheticScenes.Grammar;
using static SyntheticScenes.Pen;

namespace SyntheticScenes;

/// <summary>Rows of houses along a street, with gardens, trees and pools.</summary>
internal sealed class Housing : Scene
{
    public override string[] Draw(Pen pen)
    {
        Paint ground = pen.Any<Paint>(Paint.Grounds),
            roof = pen.Any(Paint.Red, Paint.Brown, Paint.Gray, Paint.Blue, Paint.White, Paint.Green);
        int rows = pen.Some(1, 3), perRow = pen.Some(2, 4), pools = pen.Some(0, Math.Min(3, perRow)), houses = rows * perRow;
        string trees = pen.Any("many trees", "few trees");
        pen.Ground(ground);

        float[] lines = rows switch { 1 => [-34], 2 => [-44, 44], _ => [-86, -26, 60] };
        float street = rows == 3 ? 17 : 0, pitch = pen.Between(52, 56);
        pen.Road(-Reach, street, Reach, street, 18);
        int dug = 0;
        foreach (float y in lines)
        {
            for (int i = 0; i < perRow; i++)
            {
                float x = (i - (perRow - 1) / 2f) * pitch, back = y < street ? y - 25 : y + 25;
                using SKPath drive = Box(x, (y + street) / 2, 7, MathF.Abs(y - street));
                if (rows < 3 || y != -86) pen.Fill(drive, new SKColor(0xFFB5B1A8));
                pen.House(x, y, pen.Between(33, 38), pen.Between(22, 26), roof.Color, pen.Between(-3, 3));
                if (y == lines[^1] && dug < pools)
                {
                    using SKPath pool = Box(x + pen.Between(-6, 6), back, 18, 10, 4);
                    pen.Line(pool, 3, new SKColor(0xFFE6E2D8));
                    pen.Fill(pool, new SKColor(0xFF4FB6CF));
                    dug++;
                }
                else if (trees == "many trees") pen.Trees(3, x - 24, back - 5, x + 24, back + 5);
            }
        }

        for (int i = 0; i < (trees == "many trees" ? 12 : 2); i++)
            pen.Tree(pen.Between(-112, 112), street + pen.Any(-14, 14), pen.Between(4, 6));
        for (int i = 0; i < 2; i++) pen.Car(pen.Between(-100, 100), street + pen.Any(-4, 4), 0);

        string several = Some(houses, "house"), order = rows == 1 ? "one row" : Count(rows, "row"),
            swim = pools == 0 ? "no pools" : Some(pools, "blue pool");
        return
        [
            $"{several} with {roof.Word} roofs [stand|are built] in {order}",
            $"a [residential area|neighborhood] of {several} with {roof.Word} roofs and {swim}",
            $"{several} in {order} [along|beside] a street with {trees}",
            $"{trees} and {several} with {roof.Word} roofs on {ground.Word}",
            $"{order} of houses with {roof.Word} roofs and {swim} [along|beside] a street",
            $"a [residential area|neighborhood] on {ground.Word} with {several}, {swim} and {trees}",
            $"houses with {roof.Word} roofs [along a street|in a residential area|and {trees}]",
        ];
    }
}
