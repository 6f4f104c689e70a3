using AutoMLPipeline.Search;
using Microsoft.ML.SearchSpace;

namespace Swan.Samples.Tests.AutoMLPipeline;

public sealed class RandomSearchTests
{
    private static readonly DateTime Never = DateTime.MaxValue;

    [Fact]
    public void The_defaults_come_first_nothing_is_tried_twice_and_the_same_seed_tries_the_same()
    {
        Point[] tried = Run(trials: 30, seed: 4);
        Assert.Equal(new Point().ToString(), tried[0].ToString());
        Assert.Equal(30, tried.Select(p => p.ToString()).Distinct().Count());
        Assert.Equal(tried.Select(p => p.ToString()), Run(trials: 30, seed: 4).Select(p => p.ToString()));
        Assert.NotEqual(tried.Select(p => p.ToString()), Run(trials: 30, seed: 5).Select(p => p.ToString()));
    }

    [Fact]
    public void The_search_gets_nearer_to_the_best_than_draws_alone()
    {
        double searched = Enumerable.Range(0, 20).Average(seed => Run(trials: 60, seed).Max(Score));
        double drawn = Enumerable.Range(0, 20).Average(seed => Run(trials: 60, seed, score: _ => 0).Max(Score));
        Assert.True(searched > drawn, $"{searched} against {drawn}");
    }

    [Fact]
    public void A_space_that_is_used_up_ends_the_search() =>
        Assert.InRange(RandomSearch.Run(new AnnotatedSpace<Coin>(new()), 30, 1, Never, c => new Trial<Coin>(c, 0, 0, 0)).Count(), 2, 2);

    [Fact]
    public void No_trial_starts_after_the_deadline() =>
        Assert.Empty(RandomSearch.Run(new AnnotatedSpace<Point>(new()), 30, 1, DateTime.UtcNow.AddSeconds(-1),
            p => new Trial<Point>(p, 0, 0, 0)));

    [Fact]
    public void Failed_trials_count_but_are_not_built_upon()
    {
        // Whatever is tried near the defaults fails; so the second half must gather around the best that ran.
        double Failing(Point p) => Math.Abs(p.A - 0.5) < 0.25 ? double.NaN : Score(p);
        Point[] tried = Run(trials: 100, seed: 2, Failing);
        Assert.Equal(100, tried.Length);
        Assert.True(tried[50..].Count(p => double.IsNaN(Failing(p))) < tried[..50].Count(p => double.IsNaN(Failing(p))));
    }

    private static Point[] Run(int trials, int seed, Func<Point, double>? score = null) =>
        [.. RandomSearch.Run(new AnnotatedSpace<Point>(new()), trials, seed, Never, p => new Trial<Point>(p, (score ?? Score)(p), 0, 0))
            .Select(t => t.Options)];

    // Highest, 0, in a corner of four dimensions.
    private static double Score(Point p) => -(Math.Abs(p.A - 0.9) + Math.Abs(p.B - 0.1) + Math.Abs(p.C - 0.7) + Math.Abs(p.D - 0.3));

    public sealed class Point
    {
        [Range(0.0, 1.0, 0.5)]
        public double A { get; set; } = 0.5;

        [Range(0.0, 1.0, 0.5)]
        public double B { get; set; } = 0.5;

        [Range(0.0, 1.0, 0.5)]
        public double C { get; set; } = 0.5;

        [Range(0.0, 1.0, 0.5)]
        public double D { get; set; } = 0.5;

        public override string ToString() => FormattableString.Invariant($"{A} {B} {C} {D}");
    }

    public sealed class Coin
    {
        [BooleanChoice]
        public bool Heads { get; set; } = true;

        public override string ToString() => Heads ? "heads" : "tails";
    }
}
