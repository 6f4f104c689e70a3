using Swan.MLNet.Calibration;
using Swan.MLNet.Numerics;

namespace Swan.Training.Evaluation;

/// <summary>Both logistic models and the limit, fitted on queries of some scenes.</summary>
/// <param name="Any">Of whole answers.</param>
/// <param name="Hit">Of single hits.</param>
/// <param name="MinProbability">The limit.</param>
internal sealed record CalibrationFit(LogisticModel Any, LogisticModel Hit, double MinProbability)
{
    // Queries without an example in the bank are rarer than others. They count less: all together about a quarter of the others.
    private const double LackingWeight = 0.6;
    private const int NoEpoch = -4;

    /// <summary>Fits on cases.</summary>
    /// <param name="cases">With right images and without.</param>
    /// <param name="answered">The share of the queries without a right image that the limit answers, over the largest gallery.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static CalibrationFit Fit(IReadOnlyList<CalibrationCase> cases, double answered, CancellationToken cancellation)
    {
        LogisticModel any = LogisticFit.Fit([.. cases.Select(c => (c.Features, c.Right, Weight(c)))], cancellation);
        LogisticModel hit = LogisticFit.Fit(
            [.. cases.SelectMany(c => c.Hits(any.Probability(c.Features)).Select(h => (h.Features, h.Right, Weight(c))))], cancellation);
        int largest = cases.Max(c => c.Images);
        double[] inVain = [.. cases.Where(c => !c.Right && !c.BankLacks && c.Images == largest).Select(c => any.Probability(c.Features))
            .OrderDescending()];
        int place = Math.Min((int)(answered * inVain.Length), inVain.Length - 1);
        // Just above the first one that must not be answered, and rounded to a short number.
        double limit = Math.Clamp(Math.Ceiling(inVain[place] * 1000 + 1e-9) / 1000, 0.001, 0.999);
        return new CalibrationFit(any, hit, limit);
    }

    /// <summary>Divides scenes into two halves.</summary>
    public static HashSet<string> Half(IEnumerable<string> scenes, int seed)
    {
        string[] all = [.. scenes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        int[] order = [.. Enumerable.Range(0, all.Length)];
        new SampleRandom(seed, NoEpoch, 0).Shuffle(order);
        return [.. order.Take(all.Length / 2).Select(i => all[i])];
    }

    /// <summary>Whether an answer is shown.</summary>
    public bool Answers(double[] features) => Any.Probability(features) >= MinProbability;

    private static double Weight(CalibrationCase asked) => asked.BankLacks ? LackingWeight : 1;
}
