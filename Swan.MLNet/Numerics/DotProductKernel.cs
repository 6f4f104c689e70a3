using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Swan.MLNet.Numerics;

/// <summary><see cref="DotProducts"/> with vectors of one width, on any processor: the same bits with each.</summary>
[SkipLocalsInit]
internal static unsafe partial class DotProductKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    private const int Lanes = 16;

    // 12 sums, 3 queries and 1 row fill the 16 registers of AVX2.
    private const int RowsAtOnce = 4, QueriesAtOnce = 3;

    // Rows are asked for this many bytes before their turn, a cache line at a time.
    private const nint Ahead = 8192, CacheLine = 64;

    // 16 KiB of rows stay in the first-level cache while all queries meet them; reading them from the second takes as long as 512-bit sums.
    private const int NearValues = 4096;

    // Queries whose last values are kept as 16: 6 KiB.
    private const int MostQueries = 96;

    // From entry 16 - n on: n lanes that are kept.
    private static ReadOnlySpan<int> Masks =>
        [-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <inheritdoc cref="DotProducts.Fill"/>
    public static void Fill(
        ReadOnlySpan<float> rows, int rowStride, ReadOnlySpan<float> queries, int dimension, Span<float> scores, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowStride, dimension);
        int rowCount = rows.Length < dimension ? 0 : (rows.Length - dimension) / rowStride + 1, queryCount = queries.Length / dimension;
        if (rowCount == 0 || queryCount == 0) return;
        // The loops below read and write without checks of their own.
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, rowCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(scores.Length, (long)(queryCount - 1) * stride + rowCount, nameof(scores));

        int whole = dimension / Lanes * Lanes;
        // The last values of a row are read as 16, of which the mask keeps those of the row; rows that end too soon for that are copied.
        int readable = whole == dimension ? rowCount
            : rows.Length < whole + Lanes ? 0
            : Math.Min(rowCount, (rows.Length - whole - Lanes) / rowStride + 1);
        float* ends = stackalloc float[Math.Min(queryCount, MostQueries) * Lanes];
        var shape = new Shape(ref MemoryMarshal.GetReference(rows), rowStride, rowCount, readable, (nuint)whole, dimension - whole, ends);
        for (int q = 0; q < queryCount; q += MostQueries)
        {
            int count = Math.Min(MostQueries, queryCount - q);
            ReadOnlySpan<float> some = queries.Slice(q * dimension, count * dimension);
            for (int i = 0; i < count; i++) Filled(some.Slice(i * dimension + whole, shape.Rest), ends + i * Lanes);
            Fill(shape, some, dimension, ref Unsafe.Add(ref MemoryMarshal.GetReference(scores), (nint)q * stride), stride);
        }
    }

    private static void Fill(in Shape shape, ReadOnlySpan<float> queries, int dimension, ref float scores, int stride)
    {
        // Rows that nobody has asked for are read three times as fast in order as four at once (27 against 9 GB/s a core on a Zen 4). So
        // where they can't be asked for, one to three queries go alone, row after row, and find them for the others.
        int count = queries.Length / dimension;
        int alone = !Sse.IsSupported ? (count - 1) % QueriesAtOnce + 1 : count < QueriesAtOnce ? count : 0;
        int near = count == 1 ? shape.RowCount : Math.Max(RowsAtOnce, NearValues / shape.RowStride / RowsAtOnce * RowsAtOnce);
        ref float query = ref MemoryMarshal.GetReference(queries);
        for (int first = 0; first < shape.RowCount; first += near)
        {
            int last = Math.Min(shape.RowCount, first + near);
            for (int q = 0; q < alone; q++)
            {
                Alone(shape, first, last, ref Unsafe.Add(ref query, (nint)q * dimension), ref shape.Ends[q * Lanes],
                    ref Unsafe.Add(ref scores, (nint)q * stride), fromMemory: q == 0);
            }
            for (int next = alone; next < count; next += QueriesAtOnce)
            {
                // The last three may be some of those before: the same scores once more take less time than one query alone.
                int q = Math.Min(next, count - QueriesAtOnce);
                ref float three = ref Unsafe.Add(ref query, (nint)q * dimension), score = ref Unsafe.Add(ref scores, (nint)q * stride);
                int r = first;
                for (; r + RowsAtOnce <= Math.Min(last, shape.Readable); r += RowsAtOnce)
                {
                    if (q == 0) AskAhead(ref shape.Row(r), RowsAtOnce * shape.RowStride);
                    FourByThree(shape, r, ref three, dimension, ref shape.Ends[q * Lanes], ref Unsafe.Add(ref score, r), stride);
                }
                for (int i = 0; i < QueriesAtOnce && r < last; i++)
                {
                    Alone(shape, r, last, ref Unsafe.Add(ref three, (nint)i * dimension), ref shape.Ends[(q + i) * Lanes],
                        ref Unsafe.Add(ref score, (nint)i * stride), fromMemory: false);
                }
            }
        }
    }

    // Rows from first to last, exclusive, with one query: score[r].
    private static void Alone(
        in Shape shape, int first, int last, ref float query, ref float queryEnd, ref float score, bool fromMemory)
    {
        ref float row = ref shape.Row(first);
        int r = first;
        for (; r < Math.Min(last, shape.Readable); r++)
        {
            if (fromMemory) AskAhead(ref row, shape.RowStride);
            Unsafe.Add(ref score, r) = One(ref row, ref query, shape.Whole, shape.Rest, ref Unsafe.Add(ref row, shape.Whole), ref queryEnd);
            row = ref Unsafe.Add(ref row, shape.RowStride);
        }
        if (r == last) return;
        float* copy = stackalloc float[Lanes];
        for (; r < last; r++)
        {
            row = ref shape.Row(r);
            Filled(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref row, shape.Whole), shape.Rest), copy);
            Unsafe.Add(ref score, r) = One(ref row, ref query, shape.Whole, shape.Rest, ref *copy, ref queryEnd);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AskAhead(ref float row, int values)
    {
        if (!Sse.IsSupported) return;
        byte* ahead = (byte*)Unsafe.AsPointer(ref row) + Ahead;
        for (nint line = 0; line < (nint)values * sizeof(float); line += CacheLine) Sse.Prefetch0(ahead + line);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float One(ref float row, ref float query, nuint whole, int rest, ref float rowEnd, ref float queryEnd)
    {
        TVector s0 = default, s1 = default, s2 = default, s3 = default;
        nuint one = (nuint)TLanes.Count, two = 2 * one, three = 3 * one;
        for (nuint d = 0; d < whole; d += Lanes)
        {
            s0 = TLanes.MultiplyAdd(TLanes.Load(ref row, d), TLanes.Load(ref query, d), s0);
            if (TLanes.Count == Lanes) continue;
            s1 = TLanes.MultiplyAdd(TLanes.Load(ref row, d + one), TLanes.Load(ref query, d + one), s1);
            if (TLanes.Count == Lanes / 2) continue;
            s2 = TLanes.MultiplyAdd(TLanes.Load(ref row, d + two), TLanes.Load(ref query, d + two), s2);
            s3 = TLanes.MultiplyAdd(TLanes.Load(ref row, d + three), TLanes.Load(ref query, d + three), s3);
        }
        if (rest > 0)
        {
            ref float mask = ref Mask(rest);
            s0 = End(ref rowEnd, ref queryEnd, ref mask, 0, s0);
            if (TLanes.Count <= Lanes / 2) s1 = End(ref rowEnd, ref queryEnd, ref mask, one, s1);
            if (TLanes.Count <= Lanes / 4)
            {
                s2 = End(ref rowEnd, ref queryEnd, ref mask, two, s2);
                s3 = End(ref rowEnd, ref queryEnd, ref mask, three, s3);
            }
        }
        return Sum(TLanes.Fold(s0, s1, s2, s3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector End(ref float rowEnd, ref float queryEnd, ref float mask, nuint offset, TVector sum) => TLanes.MultiplyAdd(
        TLanes.Mask(TLanes.Load(ref rowEnd, offset), TLanes.Load(ref mask, offset)), TLanes.Load(ref queryEnd, offset), sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(Vector128<float> lanes)
    {
        lanes += Vector128.Shuffle(lanes, Vector128.Create(1, 0, 3, 2));
        return lanes[0] + lanes[2];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float Mask(int kept) =>
        ref Unsafe.As<int, float>(ref Unsafe.Add(ref MemoryMarshal.GetReference(Masks), Lanes - kept));

    private static void Filled(ReadOnlySpan<float> values, float* destination)
    {
        var all = new Span<float>(destination, Lanes);
        all.Clear();
        values.CopyTo(all);
    }

    // What the loops need of the arguments.
    private readonly ref struct Shape(ref float rows, int rowStride, int rowCount, int readable, nuint whole, int rest, float* ends)
    {
        public readonly ref float Rows = ref rows;
        public readonly int RowStride = rowStride, RowCount = rowCount, Readable = readable, Rest = rest;
        public readonly nuint Whole = whole;

        // Ends[q * 16 + i]: the values of a query that fill no 16, and zeros.
        public readonly float* Ends = ends;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ref float Row(int r) => ref Unsafe.Add(ref Rows, (nint)r * RowStride);
    }
}
