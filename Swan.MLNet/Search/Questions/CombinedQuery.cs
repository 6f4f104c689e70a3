using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>The parts of a query as one vector.</summary>
/// <remarks>
/// Part t gives row x the score q[t]·x, with mean m[t] and standard deviation s[t] over the rows that may be found. The weighted sum of
/// standardized scores, Σ w[t] (q[t]·x − m[t]) / s[t], is v·x − c with v = Σ w[t] q[t] / s[t] and c = Σ w[t] m[t] / s[t]. So an exact
/// search for v orders rows by it. A part that scores all rows alike says nothing, and is left out.
/// </remarks>
internal sealed class CombinedQuery
{
    // Values of unit vectors are rounded by 6e-8.
    private const double Canceled = 1e-6;

    private readonly double _length;
    private readonly double _offset;

    private CombinedQuery(float[] unit, double length, double offset) => (Unit, _length, _offset) = (unit, length, offset);

    /// <summary>What to search for, at unit length.</summary>
    public float[] Unit { get; }

    /// <summary>Nothing tells rows apart: all score 0.</summary>
    public bool IsFlat => _length == 0;

    /// <summary>Weighs parts.</summary>
    /// <param name="queries"><c>queries[t * D + d]</c>, unit length.</param>
    /// <param name="weights">One for each part.</param>
    /// <param name="moments">Of each part's scores.</param>
    public static CombinedQuery Of(float[] queries, double[] weights, (double Mean, double Deviation)[] moments)
    {
        int dimension = queries.Length / weights.Length;
        double[] sum = new double[dimension];
        double offset = 0, squares = 0, all = 0;
        for (int t = 0; t < weights.Length; t++)
        {
            if (moments[t].Deviation == 0) continue;
            double weight = weights[t] / moments[t].Deviation;
            for (int d = 0; d < dimension; d++) sum[d] += weight * queries[t * dimension + d];
            offset += weight * moments[t].Mean;
            all += Math.Abs(weight);
        }
        foreach (double value in sum) squares += value * value;
        double length = Math.Sqrt(squares);
        float[] unit = new float[dimension];
        // Parts that cancel each other leave their rounding, whatever they weigh.
        return length > Canceled * all && UnitVector.TryNormalize([.. sum.Select(value => (float)(value / length))], unit)
            ? new CombinedQuery(unit, length, offset)
            : new CombinedQuery(queries[..dimension], 0, 0);
    }

    /// <summary>The standardized score of a row, by its cosine with <see cref="Unit"/>.</summary>
    public float Score(float cosine) => (float)(_length * cosine - _offset);

    /// <summary>A cosine that no row with at least this score is below.</summary>
    public float Cosine(float score) =>
        IsFlat ? score > 0 ? float.PositiveInfinity : float.NegativeInfinity : (float)((score + _offset) / _length - 1e-5);
}
