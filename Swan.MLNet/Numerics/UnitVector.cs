using System.Numerics.Tensors;

namespace Swan.MLNet.Numerics;

/// <summary>Vectors of length one, whose dot product is the cosine.</summary>
/// <remarks>Lengths are summed as <see cref="DotProducts"/> says, so a unit vector has the same bits on every processor.</remarks>
internal static class UnitVector
{
    // The rounding error after a division by the length. Such vectors are copied bit for bit.
    private const float Rounding = 2e-6f;

    /// <summary>Copies the vector at length one.</summary>
    /// <returns>False where it has no direction: a value is missing (NaN) or infinite, or all are zero.</returns>
    public static bool TryNormalize(ReadOnlySpan<float> source, Span<float> destination)
    {
        if (source.IsEmpty) return false;
        float squares = Squares(source);
        if (Math.Abs(squares - 1) <= Rounding)
        {
            source.CopyTo(destination);
            return true;
        }
        // Squares of very small or large values don't fit into a float: bring the largest to 1 first.
        if (squares is < 1e-20f or > 1e20f || !float.IsFinite(squares))
        {
            if (!TensorPrimitives.IsFiniteAll(source)) return false;
            float largest = Math.Abs(TensorPrimitives.MaxMagnitude(source));
            if (largest == 0) return false;
            TensorPrimitives.Divide(source, largest, destination);
            source = destination;
            squares = Squares(source);
        }
        TensorPrimitives.Divide(source, MathF.Sqrt(squares), destination);
        return true;
    }

    /// <summary>Whether a stored vector is one that <see cref="TryNormalize"/> could have written.</summary>
    public static bool IsUnit(ReadOnlySpan<float> vector) => Math.Abs(Squares(vector) - 1) <= 1e-4f;

    private static float Squares(ReadOnlySpan<float> vector)
    {
        float squares = 0;
        DotProducts.Fill(vector, vector.Length, vector, vector.Length, new Span<float>(ref squares), stride: 1);
        return squares;
    }
}
