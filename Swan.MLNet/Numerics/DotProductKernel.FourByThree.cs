using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Swan.MLNet.Numerics;

internal static unsafe partial class DotProductKernel<TLanes, TVector>
{
    // Lanes of less than 16 go over the rows again for the next: they are in the first-level cache.
    private static void FourByThree(
        in Shape shape, int first, ref float query, int dimension, ref float queryEnds, ref float score, int stride)
    {
        const int Pairs = RowsAtOnce * QueriesAtOnce;
        // A vector that lies across two cache lines is slow to read back.
        byte* room = stackalloc byte[Pairs * Lanes * sizeof(float) + (int)CacheLine];
        var sums = (TVector*)(((nint)room + CacheLine - 1) & -CacheLine);
        for (int step = 0; step < Lanes / TLanes.Count; step++)
            Step(shape, first, ref query, dimension, ref queryEnds, (nuint)(step * TLanes.Count), sums + step * Pairs);
        for (int q = 0; q < QueriesAtOnce; q++)
        {
            TVector* sum = sums + q * RowsAtOnce;
            Sum(Fold(sum), Fold(sum + 1), Fold(sum + 2), Fold(sum + 3)).StoreUnsafe(ref score, (nuint)q * (nuint)stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Fold(TVector* sum)
    {
        const int Next = RowsAtOnce * QueriesAtOnce;
        if (TLanes.Count == Lanes) return TLanes.Fold(*sum, default, default, default);
        if (TLanes.Count == Lanes / 2) return TLanes.Fold(*sum, sum[Next], default, default);
        return TLanes.Fold(*sum, sum[Next], sum[2 * Next], sum[3 * Next]);
    }

    // sums[q * 4 + r]: some lanes of 4 rows and 3 queries.
    private static void Step(
        in Shape shape, int first, ref float query, int dimension, ref float queryEnds, nuint offset, TVector* sums)
    {
        ref float row = ref Unsafe.Add(ref shape.Row(first), offset), row1 = ref Unsafe.Add(ref row, shape.RowStride);
        ref float row2 = ref Unsafe.Add(ref row1, shape.RowStride), row3 = ref Unsafe.Add(ref row2, shape.RowStride);
        ref float query0 = ref Unsafe.Add(ref query, offset), query1 = ref Unsafe.Add(ref query0, dimension);
        ref float query2 = ref Unsafe.Add(ref query1, dimension);
        TVector a0 = default, a1 = default, a2 = default, a3 = default;
        TVector b0 = default, b1 = default, b2 = default, b3 = default;
        TVector c0 = default, c1 = default, c2 = default, c3 = default;
        for (nuint d = 0; d < shape.Whole; d += Lanes)
        {
            TVector a = TLanes.Load(ref query0, d), b = TLanes.Load(ref query1, d), c = TLanes.Load(ref query2, d);
            TVector x = TLanes.Load(ref row, d);
            a0 = TLanes.MultiplyAdd(x, a, a0);
            b0 = TLanes.MultiplyAdd(x, b, b0);
            c0 = TLanes.MultiplyAdd(x, c, c0);
            x = TLanes.Load(ref row1, d);
            a1 = TLanes.MultiplyAdd(x, a, a1);
            b1 = TLanes.MultiplyAdd(x, b, b1);
            c1 = TLanes.MultiplyAdd(x, c, c1);
            x = TLanes.Load(ref row2, d);
            a2 = TLanes.MultiplyAdd(x, a, a2);
            b2 = TLanes.MultiplyAdd(x, b, b2);
            c2 = TLanes.MultiplyAdd(x, c, c2);
            x = TLanes.Load(ref row3, d);
            a3 = TLanes.MultiplyAdd(x, a, a3);
            b3 = TLanes.MultiplyAdd(x, b, b3);
            c3 = TLanes.MultiplyAdd(x, c, c3);
        }
        if (shape.Rest > 0)
        {
            TVector a = TLanes.Load(ref queryEnds, offset), b = TLanes.Load(ref queryEnds, offset + Lanes);
            TVector c = TLanes.Load(ref queryEnds, offset + 2 * Lanes);
            TVector mask = TLanes.Load(ref Mask(shape.Rest), offset), x = TLanes.Mask(TLanes.Load(ref row, shape.Whole), mask);
            a0 = TLanes.MultiplyAdd(x, a, a0);
            b0 = TLanes.MultiplyAdd(x, b, b0);
            c0 = TLanes.MultiplyAdd(x, c, c0);
            x = TLanes.Mask(TLanes.Load(ref row1, shape.Whole), mask);
            a1 = TLanes.MultiplyAdd(x, a, a1);
            b1 = TLanes.MultiplyAdd(x, b, b1);
            c1 = TLanes.MultiplyAdd(x, c, c1);
            x = TLanes.Mask(TLanes.Load(ref row2, shape.Whole), mask);
            a2 = TLanes.MultiplyAdd(x, a, a2);
            b2 = TLanes.MultiplyAdd(x, b, b2);
            c2 = TLanes.MultiplyAdd(x, c, c2);
            x = TLanes.Mask(TLanes.Load(ref row3, shape.Whole), mask);
            a3 = TLanes.MultiplyAdd(x, a, a3);
            b3 = TLanes.MultiplyAdd(x, b, b3);
            c3 = TLanes.MultiplyAdd(x, c, c3);
        }
        (sums[0], sums[1], sums[2], sums[3]) = (a0, a1, a2, a3);
        (sums[4], sums[5], sums[6], sums[7]) = (b0, b1, b2, b3);
        (sums[8], sums[9], sums[10], sums[11]) = (c0, c1, c2, c3);
    }

    // The sums of four rows, added as Sum adds those of one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Sum(Vector128<float> r0, Vector128<float> r1, Vector128<float> r2, Vector128<float> r3)
    {
        if (Sse3.IsSupported) return Sse3.HorizontalAdd(Sse3.HorizontalAdd(r0, r1), Sse3.HorizontalAdd(r2, r3));
        if (AdvSimd.Arm64.IsSupported)
            return AdvSimd.Arm64.AddPairwise(AdvSimd.Arm64.AddPairwise(r0, r1), AdvSimd.Arm64.AddPairwise(r2, r3));
        return Vector128.Create(Sum(r0), Sum(r1), Sum(r2), Sum(r3));
    }
}
