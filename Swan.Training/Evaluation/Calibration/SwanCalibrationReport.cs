namespace Swan.Training.Evaluation;

/// <summary>Quality of a calibration on scenes that it was not fitted on.</summary>
/// <remarks>
/// The scenes are split into two halves. A fit on one half, including its limit, is checked on the other half, and the counts of both
/// checks are added. The final calibration is fitted on both halves.
/// </remarks>
/// <param name="Rows">One for each kind of query and gallery size.</param>
/// <param name="Any">
/// Reliability of "anything is right" over the whole gallery: each query is asked with its scene's images and without.
/// </param>
/// <param name="Hits">Reliability of the individual hits of the same answers.</param>
/// <param name="MinProbability">The limit of the final calibration.</param>
public sealed record SwanCalibrationReport(
    IReadOnlyList<SwanCalibrationRow> Rows, IReadOnlyList<SwanReliabilityBin> Any, IReadOnlyList<SwanReliabilityBin> Hits,
    double MinProbability)
{
    /// <summary>The mean distance between prediction and outcome over the bins of <see cref="Any"/>, weighted by their counts.</summary>
    public double ExpectedErrorOfAny => ExpectedError(Any);

    /// <summary>The same for <see cref="Hits"/>.</summary>
    public double ExpectedErrorOfHits => ExpectedError(Hits);

    /// <summary>Ten bins of equal width.</summary>
    internal static SwanReliabilityBin[] Bins(IEnumerable<(double Probability, bool Right)> predictions)
    {
        int[] counts = new int[10], right = new int[10];
        double[] sums = new double[10];
        foreach ((double probability, bool isRight) in predictions)
        {
            int bin = Math.Min((int)(probability * 10), 9);
            counts[bin]++;
            sums[bin] += probability;
            if (isRight) right[bin]++;
        }
        return [.. counts.Select((count, b) => count == 0 ? new SwanReliabilityBin(0, double.NaN, double.NaN)
            : new SwanReliabilityBin(count, sums[b] / count, right[b] / (double)count))];
    }

    private static double ExpectedError(IReadOnlyList<SwanReliabilityBin> bins) =>
        bins.Where(b => b.Count > 0).Sum(b => b.Count * Math.Abs(b.Predicted - b.Observed)) / Math.Max(1, bins.Sum(b => b.Count));
}
