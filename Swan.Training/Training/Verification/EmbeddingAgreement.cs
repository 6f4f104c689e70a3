using System.Numerics.Tensors;

namespace Swan.Training;

/// <summary>How well embeddings of the same inputs agree. NaN in any of them is NaN in the extremes.</summary>
internal sealed class EmbeddingAgreement
{
    private double _cosines;
    private int _count;

    /// <summary>The largest absolute difference between two values.</summary>
    public double MaxDifference { get; private set; }

    /// <summary>The cosine of the pair that is least alike.</summary>
    public double MinCosine { get; private set; } = 1;

    /// <summary>The mean cosine.</summary>
    public double MeanCosine => _cosines / _count;

    /// <summary>Adds one pair of unit vectors.</summary>
    public void Add(ReadOnlySpan<float> trained, ReadOnlySpan<float> served)
    {
        // Math.Max and Math.Min pass NaN on.
        for (int d = 0; d < trained.Length; d++) MaxDifference = Math.Max(MaxDifference, Math.Abs((double)trained[d] - served[d]));
        double cosine = Math.Min(1, (double)TensorPrimitives.CosineSimilarity(trained, served)); // rounding may exceed 1
        MinCosine = Math.Min(MinCosine, cosine);
        _cosines += cosine;
        _count++;
    }
}
