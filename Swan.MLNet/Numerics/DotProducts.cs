using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Swan.MLNet.Numerics;

/// <summary>Dot products of several queries with several rows, reading each row once for three queries.</summary>
/// <remarks>
/// Every product is summed in the same order whatever it is computed together with: one vector of partial sums along the values, then its
/// lanes, then the values that fill no vector. So a result doesn't depend on the batch, on threads, or on which side is the query.
/// </remarks>
internal static class DotProducts
{
    /// <summary>
    /// Rows and queries that one run of the inner loop takes: 12 sums, 3 queries and 1 row fill the 16 registers of AVX2.
    /// </summary>
    private const int RowsAtOnce = 4, QueriesAtOnce = 3;

    /// <summary>Fills <c>scores[q * stride + r]</c>.</summary>
    /// <param name="rows"><c>rows[r * dimension + d]</c></param>
    /// <param name="queries"><c>queries[q * dimension + d]</c></param>
    /// <param name="dimension">D.</param>
    /// <param name="scores">Room for the products.</param>
    /// <param name="stride">At least the number of rows.</param>
    public static void Fill(ReadOnlySpan<float> rows, ReadOnlySpan<float> queries, int dimension, Span<float> scores, int stride)
    {
        int rowCount = rows.Length / dimension, queryCount = queries.Length / dimension;
        if (rowCount == 0 || queryCount == 0) return;
        // The loops below read and write without checks of their own.
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, rowCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(scores.Length, (long)(queryCount - 1) * stride + rowCount, nameof(scores));
        ref float row = ref MemoryMarshal.GetReference(rows);
        ref float query = ref MemoryMarshal.GetReference(queries);
        ref float score = ref MemoryMarshal.GetReference(scores);
        // The first one to three queries go alone, row after row: memory is read three times as fast in order as in four rows at once (27
        // against 9 GB/s a core on a Zen 4), and then the rows are in the cache for the other queries.
        int q = 0;
        for (int alone = (queryCount - 1) % QueriesAtOnce + 1; q < alone; q++)
        {
            for (int r = 0; r < rowCount; r++)
            {
                Unsafe.Add(
                    ref At(ref score, q, stride), r) = One(ref At(ref row, r, dimension), ref At(ref query, q, dimension), dimension);
            }
        }
        for (; q < queryCount; q += QueriesAtOnce)
        {
            int r = 0;
            for (; r + RowsAtOnce <= rowCount; r += RowsAtOnce)
            {
                FourByThree(ref At(ref row, r, dimension), ref At(ref query, q, dimension), dimension,
                    ref Unsafe.Add(ref At(ref score, q, stride), r), stride);
            }
            for (; r < rowCount; r++)
            {
                for (int i = q; i < q + QueriesAtOnce; i++)
                {
                    Unsafe.Add(
                        ref At(ref score, i, stride), r) = One(ref At(ref row, r, dimension), ref At(ref query, i, dimension), dimension);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float At(ref float first, int index, int dimension) => ref Unsafe.Add(ref first, (nint)index * dimension);

    private static void FourByThree(ref float row, ref float query, int dimension, ref float score, int stride)
    {
        ref float row1 = ref At(ref row, 1, dimension), row2 = ref At(ref row, 2, dimension), row3 = ref At(ref row, 3, dimension);
        ref float query1 = ref At(ref query, 1, dimension), query2 = ref At(ref query, 2, dimension);
        Vector<float> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector<float> b0 = default, b1 = default, b2 = default, b3 = default;
        Vector<float> c0 = default, c1 = default, c2 = default, c3 = default;
        nuint end = Whole(dimension);
        for (nuint d = 0; d < end; d += (nuint)Vector<float>.Count)
        {
            Vector<float> a = Vector.LoadUnsafe(ref query, d), b = Vector.LoadUnsafe(ref query1, d), c = Vector.LoadUnsafe(ref query2, d);
            Vector<float> x = Vector.LoadUnsafe(ref row, d);
            a0 = Vector.FusedMultiplyAdd(x, a, a0);
            b0 = Vector.FusedMultiplyAdd(x, b, b0);
            c0 = Vector.FusedMultiplyAdd(x, c, c0);
            x = Vector.LoadUnsafe(ref row1, d);
            a1 = Vector.FusedMultiplyAdd(x, a, a1);
            b1 = Vector.FusedMultiplyAdd(x, b, b1);
            c1 = Vector.FusedMultiplyAdd(x, c, c1);
            x = Vector.LoadUnsafe(ref row2, d);
            a2 = Vector.FusedMultiplyAdd(x, a, a2);
            b2 = Vector.FusedMultiplyAdd(x, b, b2);
            c2 = Vector.FusedMultiplyAdd(x, c, c2);
            x = Vector.LoadUnsafe(ref row3, d);
            a3 = Vector.FusedMultiplyAdd(x, a, a3);
            b3 = Vector.FusedMultiplyAdd(x, b, b3);
            c3 = Vector.FusedMultiplyAdd(x, c, c3);
        }
        Finish(a0, a1, a2, a3, ref row, ref query, dimension, ref score);
        Finish(b0, b1, b2, b3, ref row, ref query1, dimension, ref At(ref score, 1, stride));
        Finish(c0, c1, c2, c3, ref row, ref query2, dimension, ref At(ref score, 2, stride));
    }

    private static float One(ref float row, ref float query, int dimension)
    {
        Vector<float> sums = default;
        nuint end = Whole(dimension);
        for (nuint d = 0; d < end; d += (nuint)Vector<float>.Count)
            sums = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref row, d), Vector.LoadUnsafe(ref query, d), sums);
        return Rest(Vector.Sum(sums), ref row, ref query, dimension);
    }

    private static void Finish(
        Vector<float> s0, Vector<float> s1, Vector<float> s2, Vector<float> s3, ref float row, ref float query, int dimension,
        ref float score)
    {
        score = Rest(Vector.Sum(s0), ref row, ref query, dimension);
        Unsafe.Add(ref score, 1) = Rest(Vector.Sum(s1), ref At(ref row, 1, dimension), ref query, dimension);
        Unsafe.Add(ref score, 2) = Rest(Vector.Sum(s2), ref At(ref row, 2, dimension), ref query, dimension);
        Unsafe.Add(ref score, 3) = Rest(Vector.Sum(s3), ref At(ref row, 3, dimension), ref query, dimension);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Rest(float sum, ref float row, ref float query, int dimension)
    {
        for (nuint d = Whole(dimension); d < (nuint)dimension; d++)
            sum = MathF.FusedMultiplyAdd(Unsafe.Add(ref row, d), Unsafe.Add(ref query, d), sum);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint Whole(int dimension) => (nuint)(dimension - dimension % Vector<float>.Count);
}
