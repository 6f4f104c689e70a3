namespace AutoMLPipeline.Search;

/// <summary>A trial: settings and how they did.</summary>
/// <param name="Options">What was tried.</param>
/// <param name="Score">Higher is better; NaN where it failed.</param>
/// <param name="Spread">The standard deviation of the folds' scores.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Failure">Why it failed, or null.</param>
internal sealed record Trial<T>(T Options, double Score, double Spread, double Seconds, string? Failure = null);

/// <summary>Tries the defaults, then random settings, and for the second half changes a few settings of the best so far.</summary>
internal static class RandomSearch
{
    /// <summary>The same seed tries the same settings, as long as the scores are the same.</summary>
    /// <param name="space">What can change.</param>
    /// <param name="trials">How many, at most: settings that were tried already aren't tried again.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="deadline">No trial starts after it.</param>
    /// <param name="run">Tries one.</param>
    public static IEnumerable<Trial<T>> Run<T>(AnnotatedSpace<T> space, int trials, int seed, DateTime deadline, Func<T, Trial<T>> run)
        where T : class, new()
    {
        var random = new Random(seed);
        var tried = new HashSet<string>();
        double[] best = space.Default;
        double highest = double.NegativeInfinity;
        // A small space may have fewer settings than trials were asked for.
        for (int draw = 0; draw < 20 * trials && tried.Count < trials && DateTime.UtcNow < deadline; draw++)
        {
            double[] place = draw == 0 ? space.Default : tried.Count < trials / 2 ? Anywhere(best.Length, random) : Near(best, random);
            T options = space.At(place);
            if (!tried.Add(options.ToString()!)) continue;
            Trial<T> trial = run(options);
            if (trial.Score > highest) (highest, best) = (trial.Score, place);
            yield return trial;
        }
    }

    private static double[] Anywhere(int dimensions, Random random) =>
        [.. Enumerable.Range(0, dimensions).Select(_ => random.NextDouble())];

    private static double[] Near(double[] place, Random random)
    {
        double[] near = [.. place.Select(p => random.Next(3) == 0 ? random.NextDouble() : p)];
        near[random.Next(near.Length)] = random.NextDouble();
        return near;
    }
}
