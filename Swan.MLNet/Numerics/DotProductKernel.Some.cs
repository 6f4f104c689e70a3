using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Swan.MLNet.Numerics;

internal static unsafe partial class DotProductKernel<TLanes, TVector>
{
    // Rows that are asked for before their turn: memory answers several at a time.
    private const int RowsAhead = 4;

    /// <inheritdoc cref="DotProducts.FillSome"/>
    public static void FillSome(
        ReadOnlySpan<float> rows, int rowStride, ReadOnlySpan<int> some, ReadOnlySpan<float> query, Span<float> scores)
    {
        int dimension = query.Length, whole = dimension / Lanes * Lanes, rest = dimension - whole;
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfLessThan(rowStride, dimension);
        ArgumentOutOfRangeException.ThrowIfLessThan(scores.Length, some.Length, nameof(scores));
        float* queryEnd = stackalloc float[Lanes], copy = stackalloc float[Lanes];
        Filled(query[whole..], queryEnd);
        for (int i = 0; i < Math.Min(RowsAhead, some.Length); i++) Ask(rows, some[i], rowStride, dimension);
        for (int i = 0; i < some.Length; i++)
        {
            if (i + RowsAhead < some.Length) Ask(rows, some[i + RowsAhead], rowStride, dimension);
            // A row that isn't there is refused here.
            ReadOnlySpan<float> row = rows.Slice(some[i] * rowStride, dimension);
            ref float first = ref MemoryMarshal.GetReference(row);
            bool readable = (long)some[i] * rowStride + whole + Lanes <= rows.Length;
            if (!readable) Filled(row[whole..], copy);
            scores[i] = One(
                ref first, ref MemoryMarshal.GetReference(query), (nuint)whole, rest,
                ref readable ? ref Unsafe.Add(ref first, whole) : ref *copy, ref *queryEnd);
        }
    }

    private static void Ask(ReadOnlySpan<float> rows, int row, int rowStride, int dimension)
    {
        if (!Sse.IsSupported) return;
        // Only an address: nothing is read where it is wrong.
        byte* first = (byte*)Unsafe.AsPointer(ref Unsafe.Add(ref MemoryMarshal.GetReference(rows), (nint)row * rowStride));
        for (nint line = 0; line < (nint)dimension * sizeof(float); line += CacheLine) Sse.Prefetch0(first + line);
    }
}
