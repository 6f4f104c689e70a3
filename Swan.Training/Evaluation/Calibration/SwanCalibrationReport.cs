namespace Swan.Training.Evaluation;

/// <summary>What a calibration is worth on scenes that it was not fitted on.</summary>
/// <remarks>
/// The scenes are divided into two halves. What is fitted on one, its limit included, is checked on the other, and the counts of both are
/// added. The calibration that is kept is fitted on both.
/// </remarks>
/// <param name="Rows">By queries and size of the gallery.</param>
/// <param name="Any">
/// Reliability of "anything is right" over the whole gallery: each query is asked with its scene's images and without.
/// </param>
/// <param name="Hits">Reliability of the single hits of the same answers.</param>
/// <param name="MinProbability">The limit that is kept.</param>
public sealed record SwanCalibrationReport(
    IReadOnlyList<SwanCalibrationRow> Rows, IReadOnlyList<SwanReliabilityBin> Any, IReadOnlyList<SwanReliabilityBin> Hits,
    double MinProbability)
{
    /// <summary>The mean distance of prediction and outcome over the bins of <see cref="Any"/>, by their counts.</summary>
    public double ExpectedErrorOfAny => ExpectedError(Any);

    /// <summary>The same of <see cref="Hits"/>.</summary>
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
