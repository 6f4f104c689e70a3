using Swan.Cli.Bench;

namespace Swan.Cli.Tests.Bench;

public sealed class FigureTests
{
    [Fact]
    public void Figures_are_of_the_median_turn()
    {
        var figure = new Figure("images", "images", 100, [2, 0.5, 1], [3, 4, 9]);
        Assert.Equal(100, figure.PerSecond);
        Assert.Equal(50, figure.Slowest);
        Assert.Equal(200, figure.Fastest);
        Assert.Equal(10, figure.WallMilliseconds);
        Assert.Equal(40, figure.ProcessorMilliseconds);
    }

    [Fact]
    public void Two_are_compared_within_each_turn()
    {
        // The second turn was slow for both: of the medians alone, 4 / 2, it would look as if nothing were known.
        Figure own = new("a", "a", 1, [1, 10, 2], [1, 1, 1]), other = new("a", "a", 1, [3, 30, 4], [1, 1, 1]);
        Assert.Equal(3, own.TimesAsFastAs(other));
    }

    [Fact]
    public void Of_an_even_number_the_median_is_the_mean_of_the_middle_ones() => Assert.Equal(2.5, Figure.Median([4, 1, 3, 2]));
}
