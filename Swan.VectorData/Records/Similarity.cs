using Microsoft.Extensions.VectorData;

namespace Swan.VectorData.Records;

/// <summary>Converts the index's cosines to a collection's scores.</summary>
/// <param name="NeedsUnitLength">Whether the score of vectors without unit length differs from their cosine.</param>
/// <param name="IsDistance">Whether less is better.</param>
internal sealed record Similarity(bool NeedsUnitLength, bool IsDistance)
{
    /// <exception cref="NotSupportedException">The index has no such scores.</exception>
    public static Similarity Of(string? function, string property) => function switch
    {
        null or DistanceFunction.CosineSimilarity => new(NeedsUnitLength: false, IsDistance: false),
        DistanceFunction.CosineDistance => new(NeedsUnitLength: false, IsDistance: true),
        DistanceFunction.DotProductSimilarity => new(NeedsUnitLength: true, IsDistance: false),
        _ => throw new NotSupportedException(
            $"The vector '{property}' uses the distance function '{function}'. The index compares directions only: use "
            + $"{DistanceFunction.CosineSimilarity}, {DistanceFunction.CosineDistance} or, for vectors of unit length, "
            + $"{DistanceFunction.DotProductSimilarity}."),
    };

    /// <summary>A cosine as a score.</summary>
    public double Score(float cosine) => IsDistance ? 1 - (double)cosine : cosine;

    /// <summary>Whether a score is as good as a threshold.</summary>
    public bool Passes(double score, double threshold) => IsDistance ? score <= threshold : score >= threshold;

    /// <summary>A cosine below which no score is as good as a threshold.</summary>
    public float LeastCosine(double threshold) =>
        MathF.BitDecrement((float)Math.Clamp(IsDistance ? 1 - threshold : threshold, -2, 2));
}
