using System.Numerics.Tensors;

namespace Swan.MLNet.Calibration;

/// <summary>A query's scores for the bank's images: the levels for comparing its scores in a gallery.</summary>
/// <remarks>
/// Scores differ by query: "solar panels" gets 0.66 from images without any, and a whole sentence 0.5 from the images that it was written
/// for. Its scores for images in general, and for the bank's best, show what its scores mean. The bank also gives an image-space answer:
/// the mean of its rows, weighted by their fit, estimates what such an image looks like. A right hit resembles it.
/// </remarks>
internal sealed class QueryLevels
{
    /// <summary>How many of the best rows make a level.</summary>
    public const int Best = 10;

    // Chosen on `val` with a model that had not learned it; 0.02 and 0.05 are as good.
    private const double Temperature = 0.03;

    private QueryLevels(double mean, double deviation, double top, float[] likeness, double likenessTop, double agreement) =>
        (Mean, Deviation, Top, Likeness, LikenessTop, Agreement) = (mean, deviation, top, likeness, likenessTop, agreement);

    /// <summary>The mean of the query's scores over the bank.</summary>
    public double Mean { get; }

    /// <summary>Their standard deviation.</summary>
    public double Deviation { get; }

    /// <summary>The mean of the ten highest of them.</summary>
    public double Top { get; }

    /// <summary>The bank's estimate of a right image: D values of unit length.</summary>
    public float[] Likeness { get; }

    /// <summary>The mean of the ten highest cosines of <see cref="Likeness"/> and the bank's rows.</summary>
    public double LikenessTop { get; }

    /// <summary>How much the images that fit the query resemble each other, in (0, 1].</summary>
    public double Agreement { get; }

    /// <summary>Asks the bank.</summary>
    /// <param name="bank">The bank.</param>
    /// <param name="query">D values of unit length.</param>
    /// <param name="without">Rows that are treated as missing; null for none.</param>
    public static QueryLevels Measure(ImageBank bank, ReadOnlySpan<float> query, Func<int, bool>? without = null)
    {
        float[] scores = bank.Cosines(query);
        int[] rows = [.. Enumerable.Range(0, bank.Count).Where(r => without is null || !without(r))];
        double mean = 0, squares = 0, highest = double.NegativeInfinity;
        foreach (int row in rows) (mean, highest) = (mean + scores[row], Math.Max(highest, scores[row]));
        mean /= rows.Length;
        double[] sum = new double[bank.Dimension];
        double total = 0;
        foreach (int row in rows)
        {
            squares += (scores[row] - mean) * (scores[row] - mean);
            double weight = Math.Exp((scores[row] - highest) / Temperature);
            total += weight;
            // exp(-9): the rest is noise of the summation.
            if (weight < 1e-4) continue;
            ReadOnlySpan<float> image = bank[row];
            for (int d = 0; d < sum.Length; d++) sum[d] += weight * image[d];
        }
        double length = Math.Sqrt(sum.Sum(v => v * v));
        // Rows that cancel each other have no direction: then nothing is like it.
        float[] likeness = Array.ConvertAll(sum, v => length > 0 ? (float)(v / length) : 0);
        return new QueryLevels(
            mean, Math.Sqrt(squares / rows.Length), TopMean(scores, rows), likeness, TopMean(bank.Cosines(likeness), rows), length / total);
    }

    private static double TopMean(float[] scores, int[] rows)
    {
        float[] best = new float[Math.Min(Best, rows.Length)];
        Array.Fill(best, float.NegativeInfinity);
        foreach (int row in rows)
        {
            if (scores[row] <= best[0]) continue;
            // The lowest is first.
            int place = 0;
            for (; place + 1 < best.Length && best[place + 1] < scores[row]; place++) best[place] = best[place + 1];
            best[place] = scores[row];
        }
        return TensorPrimitives.Sum<float>(best) / best.Length;
    }
}
