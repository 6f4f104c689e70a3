namespace Swan.MLNet.Calibration;

/// <summary>The features of the two logistic models.</summary>
internal static class AnswerFeatures
{
    /// <summary>How many features the model of a whole answer has, and that of one hit.</summary>
    public const int OfAny = 18, OfHit = 5;

    // Beyond the fitted range, the size of a gallery has no more effect.
    private const double SmallestGallery = 50, LargestGallery = 2000, MiddleGallery = 300;

    /// <summary>
    /// Of an answer: scores of its best hit, best 3 and best 10 over the bank's level, the same of the likeness, the levels, the size of
    /// the gallery (the more images, the higher the best of them scores by chance), and products with it.
    /// </summary>
    /// <param name="levels">The query's.</param>
    /// <param name="scores">Of the best hits, best first: up to 10, at least 1.</param>
    /// <param name="likeness">Cosines of the same hits and <see cref="QueryLevels.Likeness"/>.</param>
    /// <param name="images">Images in the gallery.</param>
    public static double[] Any(QueryLevels levels, ReadOnlySpan<float> scores, ReadOnlySpan<float> likeness, long images)
    {
        double size = Math.Log(Math.Clamp(images, SmallestGallery, LargestGallery) / MiddleGallery);
        double[] features = new double[OfAny];
        int f = 0;
        foreach (int depth in (ReadOnlySpan<int>)[1, 3, QueryLevels.Best])
        {
            features[f++] = Mean(scores, depth) - levels.Top;
            features[f++] = Mean(likeness, depth) - levels.LikenessTop;
        }
        int products = f;
        features[f++] = levels.Agreement;
        features[f++] = levels.Top;
        features[f++] = levels.Deviation;
        features[f++] = levels.Deviation > 0 ? (levels.Top - levels.Mean) / levels.Deviation : 0;
        features[f++] = size;
        features[f++] = size * size;
        for (int i = 0; i < products; i++) features[f++] = features[i] * size;
        return features;
    }

    /// <summary>Of one hit: the whole answer's log-odds, its score and likeness over the bank's levels and under the best hit's.</summary>
    /// <param name="levels">The query's.</param>
    /// <param name="any">The probability that anything is right.</param>
    /// <param name="score">The hit's.</param>
    /// <param name="likeness">The hit's.</param>
    /// <param name="best">The first hit's score.</param>
    public static double[] Hit(QueryLevels levels, double any, float score, float likeness, float best) =>
        [Math.Log(any / (1 - any)), score - levels.Top, likeness - levels.LikenessTop, score - best, levels.Agreement];

    private static double Mean(ReadOnlySpan<float> values, int depth)
    {
        double sum = 0;
        int count = Math.Min(depth, values.Length);
        for (int i = 0; i < count; i++) sum += values[i];
        return sum / count;
    }
}
