using Swan.Cli.Bench;

namespace Swan.Cli.Tests.Bench;

public sealed class TurnsTests
{
    [Fact]
    public void Of_two_neighbors_each_is_first_in_every_other_turn()
    {
        var done = new List<string>();
        Workload[] works = [.. "ab".Select(key => new Workload($"{key}", $"{key}", 1, _ => done.Add($"{key}")))];
        (Figure[] figures, _) = Turns.Take(works, 3, turn => done.Add($"{turn}"), TestContext.Current.CancellationToken);
        Assert.Equal(["a", "b", "a", "b", "a", "b", "0", "a", "b", "1", "b", "a", "2", "a", "b", "3"], done);
        Assert.Equal(["a", "b"], figures.Select(f => f.Key));
        Assert.All(figures, figure => Assert.Equal(3, figure.WallSeconds.Count(seconds => seconds > 0)));
    }
}
