namespace Swan.MLNet.Evaluation;

/// <summary>For each query the share of its first 1, 5 and 10 results that have its scene.</summary>
/// <remarks>
/// Results with an equal score share their places: each counts as its part of the places that are left, so the figure doesn't depend
/// on the order of the data.
/// </remarks>
internal sealed class SceneCounts(int queries)
{
    private static readonly int[] Depths = [1, 5, 10];

    // shares[query * 3 + depth]; NaN for a query without a scene
    private readonly double[] _shares = [.. Enumerable.Repeat(double.NaN, queries * Depths.Length)];

    public void Set(int query, ReadOnlySpan<float> scores, ReadOnlySpan<int> scenes, int scene)
    {
        for (int d = 0; d < Depths.Length; d++)
        {
            int depth = Math.Min(Depths[d], scores.Length);
            float threshold = KthHighest(scores, depth);
            int above = 0, aboveRight = 0, equal = 0, equalRight = 0;
            for (int i = 0; i < scores.Length; i++)
            {
                if (scores[i] < threshold) continue;
                bool right = scenes[i] == scene;
                if (scores[i] > threshold)
                {
                    above++;
                    aboveRight += right ? 1 : 0;
                }
                else
                {
                    equal++;
                    equalRight += right ? 1 : 0;
                }
            }

            // A gallery smaller than K still has K places: those that stay empty are wrong.
            _shares[query * Depths.Length + d] = (aboveRight + (double)(depth - above) * equalRight / equal) / Depths[d];
        }
    }

    /// <summary>The mean over the queries that have a scene; 0 when none has.</summary>
    public double Mean(int depthIndex)
    {
        double sum = 0;
        int count = 0;
        for (int i = depthIndex; i < _shares.Length; i += Depths.Length)
        {
            if (double.IsNaN(_shares[i])) continue;
            sum += _shares[i];
            count++;
        }

        return count == 0 ? 0 : sum / count;
    }

    private static float KthHighest(ReadOnlySpan<float> scores, int k)
    {
        // k is at most 10: an insertion into k places beats sorting thousands of scores.
        Span<float> best = stackalloc float[k];
        best.Fill(float.NegativeInfinity);
        foreach (float score in scores)
        {
            if (score <= best[k - 1]) continue;
            int at = k - 1;
            while (at > 0 && best[at - 1] < score)
            {
                best[at] = best[at - 1];
                at--;
            }

            best[at] = score;
        }

        return best[k - 1];
    }
}
