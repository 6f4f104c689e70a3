using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Swan.MLNet.Search;

/// <summary><see cref="Int8Products"/> with vectors of one width.</summary>
[SkipLocalsInit]
internal static unsafe class Int8Kernel<TLanes, TBytes, TSums>
    where TLanes : struct, IByteLanes<TBytes, TSums>
    where TBytes : unmanaged
    where TSums : unmanaged
{
    // 12 sums, two vectors of rows and a query fill the 16 registers of AVX2.
    private const int QueriesAtOnce = 6;

    // Bytes of 16 rows with four values.
    private const int Step = 64;

    // Bytes are asked for before their turn, as DotProductKernel does.
    private const nint Ahead = 8192;

    // Sums of a vector.
    private static nuint Sums => (nuint)TLanes.Count / 4;

    /// <inheritdoc cref="Int8Products.Fill"/>
    public static void Fill(ReadOnlySpan<byte> codes, ReadOnlySpan<sbyte> queries, int words, Span<int> products)
    {
        int count = queries.Length / (4 * words), panel = words * Step;
        // The loops below read and write without checks of their own.
        ArgumentOutOfRangeException.ThrowIfLessThan(codes.Length, Int8Part.Group / Int8Part.Panel * panel, nameof(codes));
        ArgumentOutOfRangeException.ThrowIfLessThan(products.Length, count * Int8Part.Group, nameof(products));
        ref byte code = ref MemoryMarshal.GetReference(codes);
        ref sbyte query = ref MemoryMarshal.GetReference(queries);
        ref int product = ref MemoryMarshal.GetReference(products);
        if (count < QueriesAtOnce)
        {
            for (int q = 0; q < count; q++)
                One(ref code, ref Unsafe.Add(ref query, q * 4 * words), words, ref Unsafe.Add(ref product, q * Int8Part.Group), q == 0);
            return;
        }
        // Where vector v of a group begins, and its sums: panels one after another, and vectors within a panel.
        int vectors = Step / TLanes.Count, all = Int8Part.Group / Int8Part.Panel * vectors;
        for (int v = 0; v < all; v += 2)
        {
            ref byte first = ref Unsafe.Add(ref code, v / vectors * panel + v % vectors * TLanes.Count);
            ref byte second = ref Unsafe.Add(ref code, (v + 1) / vectors * panel + (v + 1) % vectors * TLanes.Count);
            ref int sums = ref Unsafe.Add(ref product, v * (int)Sums);
            for (int q = 0; q < count; q += QueriesAtOnce)
            {
                // The last six may be some of those before: the same sums once more.
                int from = Math.Min(q, count - QueriesAtOnce);
                Six(ref first, ref second, ref Unsafe.Add(ref query, from * 4 * words), words,
                    ref Unsafe.Add(ref sums, from * Int8Part.Group));
            }
        }
    }

    // All rows with one query: four vectors at a time.
    private static void One(ref byte code, ref sbyte query, int words, ref int product, bool fromMemory)
    {
        int vectors = Step / TLanes.Count, all = Int8Part.Group / Int8Part.Panel * vectors, panel = words * Step;
        for (int v = 0; v < all; v += 4)
        {
            ref byte row0 = ref Unsafe.Add(ref code, v / vectors * panel + v % vectors * TLanes.Count);
            ref byte row1 = ref Unsafe.Add(ref code, (v + 1) / vectors * panel + (v + 1) % vectors * TLanes.Count);
            ref byte row2 = ref Unsafe.Add(ref code, (v + 2) / vectors * panel + (v + 2) % vectors * TLanes.Count);
            ref byte row3 = ref Unsafe.Add(ref code, (v + 3) / vectors * panel + (v + 3) % vectors * TLanes.Count);
            TSums s0 = default, s1 = default, s2 = default, s3 = default;
            nuint at = 0;
            for (nuint d = 0; d < 4 * (nuint)words; d += 4, at += Step)
            {
                if (fromMemory && Sse.IsSupported)
                {
                    Ask(ref row0, at);
                    if (TLanes.Count == Step) Ask(ref row1, at);
                    if (TLanes.Count >= Step / 2) Ask(ref row2, at);
                    if (TLanes.Count == Step) Ask(ref row3, at);
                }
                TBytes four = TLanes.Repeat(ref query, d);
                s0 = TLanes.MultiplyAdd(TLanes.Load(ref row0, at), four, s0);
                s1 = TLanes.MultiplyAdd(TLanes.Load(ref row1, at), four, s1);
                s2 = TLanes.MultiplyAdd(TLanes.Load(ref row2, at), four, s2);
                s3 = TLanes.MultiplyAdd(TLanes.Load(ref row3, at), four, s3);
            }
            nuint sum = (nuint)v * Sums;
            TLanes.Store(s0, ref product, sum);
            TLanes.Store(s1, ref product, sum + Sums);
            TLanes.Store(s2, ref product, sum + 2 * Sums);
            TLanes.Store(s3, ref product, sum + 3 * Sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ask(ref byte row, nuint at) => Sse.Prefetch0((byte*)Unsafe.AsPointer(ref Unsafe.Add(ref row, at)) + Ahead);

    // Two vectors of rows and six queries; sums of a query are 64 apart.
    private static void Six(ref byte first, ref byte second, ref sbyte query, int words, ref int sums)
    {
        TSums a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        TSums b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default;
        nuint next = 4 * (nuint)words, end = next, at = 0;
        ref sbyte query3 = ref Unsafe.Add(ref query, 3 * next);
        for (nuint d = 0; d < end; d += 4, at += Step)
        {
            TBytes x = TLanes.Load(ref first, at), y = TLanes.Load(ref second, at);
            TBytes four = TLanes.Repeat(ref query, d);
            a0 = TLanes.MultiplyAdd(x, four, a0);
            b0 = TLanes.MultiplyAdd(y, four, b0);
            four = TLanes.Repeat(ref query, d + next);
            a1 = TLanes.MultiplyAdd(x, four, a1);
            b1 = TLanes.MultiplyAdd(y, four, b1);
            four = TLanes.Repeat(ref query, d + 2 * next);
            a2 = TLanes.MultiplyAdd(x, four, a2);
            b2 = TLanes.MultiplyAdd(y, four, b2);
            four = TLanes.Repeat(ref query3, d);
            a3 = TLanes.MultiplyAdd(x, four, a3);
            b3 = TLanes.MultiplyAdd(y, four, b3);
            four = TLanes.Repeat(ref query3, d + next);
            a4 = TLanes.MultiplyAdd(x, four, a4);
            b4 = TLanes.MultiplyAdd(y, four, b4);
            four = TLanes.Repeat(ref query3, d + 2 * next);
            a5 = TLanes.MultiplyAdd(x, four, a5);
            b5 = TLanes.MultiplyAdd(y, four, b5);
        }
        Store(a0, b0, ref sums, 0);
        Store(a1, b1, ref sums, 1);
        Store(a2, b2, ref sums, 2);
        Store(a3, b3, ref sums, 3);
        Store(a4, b4, ref sums, 4);
        Store(a5, b5, ref sums, 5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TSums first, TSums second, ref int sums, nuint query)
    {
        TLanes.Store(first, ref sums, query * Int8Part.Group);
        TLanes.Store(second, ref sums, query * Int8Part.Group + Sums);
    }
}
