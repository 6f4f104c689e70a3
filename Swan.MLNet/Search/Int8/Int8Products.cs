using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Swan.MLNet.Search;

/// <summary>Products of queries' coarse integers with the codes of a group of 64 rows, reading them once for all queries.</summary>
/// <remarks>Sums of integers: every processor gives the same.</remarks>
internal static class Int8Products
{
    /// <summary>Fills <c>products[q * 64 + r]</c> with sums over the codes as they are stored.</summary>
    /// <param name="codes">A group's codes: <c>codes[((r / 16) * words + w) * 64 + r % 16 * 4 + i]</c>.</param>
    /// <param name="queries"><c>queries[q * 4 * words + 4 * w + i]</c>, from -63 to 63.</param>
    /// <param name="words">Fours of values.</param>
    /// <param name="products">Room for the sums.</param>
    public static void Fill(ReadOnlySpan<byte> codes, ReadOnlySpan<sbyte> queries, int words, Span<int> products)
    {
        if (AvxVnni.IsSupported)
            Int8Kernel<ByteLanesVnni, Vector256<byte>, Vector256<int>>.Fill(codes, queries, words, products);
        else if (Avx512BW.IsSupported && Vector512.IsHardwareAccelerated)
            Int8Kernel<ByteLanes512, Vector512<byte>, Vector512<int>>.Fill(codes, queries, words, products);
        else if (Avx2.IsSupported)
            Int8Kernel<ByteLanes256, Vector256<byte>, Vector256<int>>.Fill(codes, queries, words, products);
        else
            Int8Kernel<ByteLanes128, Vector128<byte>, Vector128<int>>.Fill(codes, queries, words, products);
    }
}
