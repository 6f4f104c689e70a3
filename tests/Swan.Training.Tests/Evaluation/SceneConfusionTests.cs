using SkiaSharp;
using Swan.Training.Evaluation;
using Swan.Training.Reports;

namespace Swan.Training.Tests.Evaluation;

public sealed class SceneConfusionTests
{
    private static readonly SceneConfusion Confusion = new(
        ["park", "park", "park", "park", "river", "river", null, "beach"],
        ["park", "river", "river", null, "river", "beach", "park", "beach"]);

    [Fact]
    public void Queries_are_counted_under_their_own_scene_and_the_one_found()
    {
        Assert.Equal(["beach", "park", "river"], Confusion.Scenes);
        int[][] counts =
            [.. Enumerable.Range(0, 3).Select(scene => Enumerable.Range(0, 3).Select(found => Confusion.Count(scene, found)).ToArray())];
        Assert.Equal([[1, 0, 0], [0, 1, 2], [1, 0, 1]], counts);
        // a query that found no scene counts, too
        Assert.Equal((0.25, 0.5, 0.5), (Confusion.Share(1, 1), Confusion.Share(1, 2), Confusion.Share(2, 0)));
        Assert.Equal(3 / 7.0, Confusion.Right, tolerance: 1e-12);
    }

    [Fact]
    public void Confusions_come_by_share_and_equal_ones_by_name()
    {
        Assert.Equal([("park", "river", 0.5, 2), ("river", "beach", 0.5, 1)], Confusion.MostFrequent(5));
        Assert.Equal("park", Assert.Single(Confusion.MostFrequent(1)).Scene);
        Assert.Empty(new SceneConfusion(["park"], ["park"]).MostFrequent(5));
    }

    [Fact]
    public void A_scene_that_is_only_found_has_a_column_and_an_empty_row()
    {
        var confusion = new SceneConfusion(["park"], ["zoo"]);
        Assert.Equal(["park", "zoo"], confusion.Scenes);
        Assert.Equal((1, 0), (confusion.Share(0, 1), confusion.Share(1, 1)));
        Assert.Throws<ArgumentException>(() => new SceneConfusion(["park"], []));
    }

    [Fact]
    public void The_picture_has_true_scenes_in_rows_from_the_top_and_found_ones_in_columns()
    {
        // a is always taken for b, b for neither: the one dark cell is on the upper right.
        byte[] png = SceneConfusionPlot.Draw(new SceneConfusion(["a", "b"], ["b", null]), ["a", "b"], "Title");
        using SKBitmap picture = SKBitmap.Decode(png);
        // beside it is the scale
        (double X, double Y)[] dark = [.. from y in Enumerable.Range(0, picture.Height) from x in Enumerable.Range(0, picture.Width - 120)
            where picture.GetPixel(x, y) == new SKColor(8, 48, 107) select ((double)x, (double)y)];
        Assert.InRange(dark.Length, 10_000, picture.Width * picture.Height / 4);
        double center = (190 + picture.Width - 110) / 2.0;
        Assert.All(dark, p => Assert.InRange(p.X, center - 2, picture.Width));
        Assert.InRange(dark.Max(p => p.Y), 0, 0.6 * (picture.Height - 190));
    }
}
