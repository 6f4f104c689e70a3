using System.Runtime.InteropServices;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Makes an <see cref="Int8Part"/> of rows.</summary>
/// <remarks>
/// All lengths are computed in float64 and rounded up, far beyond its own rounding, so they are upper bounds of the exact ones.
/// </remarks>
internal sealed class Int8Encoder
{
    /// <summary>More than the relative rounding of a sum of 65,536 squares in float64, and of its root.</summary>
    public const double Up = 1 + 1e-10;

    private const int Largest = 127;

    // What is shorter is all error: subnormal scales would be too coarse.
    private const double Tiny = 1e-30;
    private const byte Zero = 128;
    private readonly RowBlocks _rows;
    private readonly CancellationToken _cancellation;
    private readonly float[] _center;
    private readonly double[] _off;

    public Int8Encoder(RowBlocks rows, CancellationToken cancellation)
    {
        (_rows, _cancellation) = (rows, cancellation);
        (_center, _off) = (new float[rows.EmbeddingSize], new double[rows.EmbeddingSize]);
    }

    /// <inheritdoc cref="Int8Part.Encode"/>
    public void Write(Span<byte> destination)
    {
        int dimension = _rows.EmbeddingSize;
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, Int8Part.Bytes(_rows.Count, dimension), nameof(destination));
        FindCenter();
        double decoded = 0, length = 0, error = 0;
        int row = 0, groupBytes = Int8Part.GroupBytes(dimension);
        Span<byte> groups = destination[(int)Int8Part.Offset(0, dimension)..];
        for (int block = 0; block < _rows.Blocks; block++)
        {
            ReadOnlySpan<float> values = _rows.Rows(block);
            for (int at = 0; at + dimension <= values.Length; at += _rows.RowStride, row++)
            {
                if (row % Int8Part.Group == 0)
                {
                    _cancellation.ThrowIfCancellationRequested();
                    Clear(groups.Slice(row / Int8Part.Group * groupBytes, groupBytes));
                }
                Span<byte> group = groups.Slice(row / Int8Part.Group * groupBytes, groupBytes);
                Lengths one = Encode(values.Slice(at, dimension), group, row % Int8Part.Group);
                (decoded, length, error) = (Math.Max(decoded, one.Decoded), Math.Max(length, one.Row), Math.Max(error, one.Error));
            }
        }
        Int8Part.WriteHeader(destination, row, dimension, RoundUp(decoded), RoundUp(length), RoundUp(error));
        MemoryMarshal.AsBytes<float>(_center).CopyTo(destination[Int8Part.Header..]);
    }

    /// <summary>A float32 that is no less.</summary>
    public static float RoundUp(double value) => value == 0 ? 0 : MathF.BitIncrement((float)(value * Up));

    private static void Clear(Span<byte> group)
    {
        group[..Int8Part.Lengths].Clear();
        group[Int8Part.Lengths..].Fill(Zero);
    }

    private void FindCenter()
    {
        int rows = 0;
        for (int block = 0; block < _rows.Blocks; block++)
        {
            _cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<float> values = _rows.Rows(block);
            for (int at = 0; at + _center.Length <= values.Length; at += _rows.RowStride, rows++)
            {
                for (int d = 0; d < _off.Length; d++) _off[d] += values[at + d];
            }
        }
        for (int d = 0; d < _off.Length; d++) _center[d] = rows == 0 ? 0 : (float)(_off[d] / rows);
    }

    private Lengths Encode(ReadOnlySpan<float> row, Span<byte> group, int r)
    {
        double largest = 0, squares = 0;
        for (int d = 0; d < row.Length; d++)
        {
            _off[d] = (double)row[d] - _center[d];
            largest = Math.Max(largest, Math.Abs(_off[d]));
            squares += (double)row[d] * row[d];
        }
        float scale = largest < Tiny ? 0 : (float)(largest / Largest);
        double step = scale, decoded = 0, error = 0;
        Span<byte> codes = group[Int8Part.Lengths..];
        int at = r / Int8Part.Panel * Int8Part.Words(row.Length) * Int8Part.Group + r % Int8Part.Panel * 4;
        for (int d = 0; d < row.Length; d++)
        {
            int code = step == 0 ? 0 : Math.Clamp((int)Math.Round(_off[d] / step), -Largest, Largest);
            codes[at + d / 4 * Int8Part.Group + d % 4] = (byte)(code + Zero);
            double coded = step * code, off = _off[d] - coded;
            decoded += coded * coded;
            error += off * off;
        }
        // Both differences are rounded by 2^-53 of at most the largest value, the product is exact.
        float bound = RoundUp(Math.Sqrt(error) + 1e-15 * Math.Sqrt(row.Length) * largest);
        Span<float> floats = MemoryMarshal.Cast<byte, float>(group);
        (floats[r], floats[Int8Part.Group + r]) = (scale, bound);
        return new Lengths(Math.Sqrt(decoded), Math.Sqrt(squares), bound);
    }

    private readonly record struct Lengths(double Decoded, double Row, double Error);
}
