using System.Numerics.Tensors;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Calibration;

/// <summary>Embeddings of images that queries are compared with, to know what such a query gets from images. Immutable.</summary>
/// <remarks>
/// Kept in a model file with 8 bits a value: a row is its largest magnitude's share in 127 steps, and of unit length when it is read. So
/// no scale is stored.
/// </remarks>
internal sealed class ImageBank
{
    private const int Steps = 127;
    private readonly float[] _rows;

    private ImageBank(float[] rows, int dimension) => (_rows, Dimension, Count) = (rows, dimension, rows.Length / dimension);

    /// <summary>Images.</summary>
    public int Count { get; }

    /// <summary>D.</summary>
    public int Dimension { get; }

    /// <summary>The rows: <c>rows[r * D + d]</c>, unit length.</summary>
    public ReadOnlySpan<float> Rows => _rows;

    /// <summary>One row: D values of unit length.</summary>
    /// <param name="row">From 0.</param>
    public ReadOnlySpan<float> this[int row] => _rows.AsSpan(row * Dimension, Dimension);

    /// <summary>The codes of embeddings.</summary>
    /// <param name="embeddings"><c>embeddings[r * D + d]</c>, no row of zeros alone.</param>
    /// <param name="dimension">D.</param>
    public static byte[] Encode(ReadOnlySpan<float> embeddings, int dimension)
    {
        byte[] codes = new byte[embeddings.Length];
        for (int at = 0; at < codes.Length; at += dimension)
        {
            ReadOnlySpan<float> row = embeddings.Slice(at, dimension);
            float scale = Steps / Math.Abs(TensorPrimitives.MaxMagnitude(row));
            for (int d = 0; d < dimension; d++) codes[at + d] = unchecked((byte)(sbyte)MathF.Round(row[d] * scale));
        }
        return codes;
    }

    /// <summary>Reads codes.</summary>
    /// <returns>Null where they are not whole rows, or a row has no direction.</returns>
    public static ImageBank? Decode(ReadOnlySpan<byte> codes, int dimension)
    {
        if (codes.Length == 0 || codes.Length % dimension != 0) return null;
        float[] rows = new float[codes.Length];
        for (int i = 0; i < codes.Length; i++) rows[i] = unchecked((sbyte)codes[i]);
        for (int at = 0; at < rows.Length; at += dimension)
        {
            Span<float> row = rows.AsSpan(at, dimension);
            if (!UnitVector.TryNormalize(row, row)) return null;
        }
        return new ImageBank(rows, dimension);
    }

    /// <summary>The cosines of a vector and all rows.</summary>
    public float[] Cosines(ReadOnlySpan<float> unit)
    {
        float[] cosines = new float[Count];
        DotProducts.Fill(_rows, Dimension, unit, Dimension, cosines, Count);
        return cosines;
    }
}
