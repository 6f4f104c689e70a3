using System.Runtime.Intrinsics;

namespace Swan.MLNet.Numerics;

/// <summary>Dot products of several queries with several rows, reading memory once for all queries.</summary>
/// <remarks>
/// Every product is one sum, defined without regard to the processor: value d of both vectors goes to lane d mod 16 by a fused
/// multiply-add, in the order of d, as if zeros filled up the last 16; then lanes 8 to 15 are added to lanes 0 to 7, 4 to 7 to 0 to 3,
/// and the sum is (0 + 1) + (2 + 3). So a product has the same bits on every processor, whatever it is computed together with, whichever
/// side is the query, and with rows that are filled up with zeros.
/// </remarks>
internal static class DotProducts
{
    /// <summary>Fills <c>scores[q * stride + r]</c>.</summary>
    /// <param name="rows"><c>rows[r * rowStride + d]</c></param>
    /// <param name="rowStride">
    /// Values from one row to the next, at least D. What is between rows is not looked at. It is D for rows that Swan
    /// holds; rows in a mapped file may begin at multiples of 64 bytes.
    /// </param>
    /// <param name="queries"><c>queries[q * dimension + d]</c></param>
    /// <param name="dimension">D.</param>
    /// <param name="scores">Room for the products.</param>
    /// <param name="stride">At least the number of rows.</param>
    public static void Fill(
        ReadOnlySpan<float> rows, int rowStride, ReadOnlySpan<float> queries, int dimension, Span<float> scores, int stride)
    {
        if (Vector512.IsHardwareAccelerated)
            DotProductKernel<Lanes512, Vector512<float>>.Fill(rows, rowStride, queries, dimension, scores, stride);
        else if (Vector256.IsHardwareAccelerated)
            DotProductKernel<Lanes256, Vector256<float>>.Fill(rows, rowStride, queries, dimension, scores, stride);
        else
            DotProductKernel<Lanes128, Vector128<float>>.Fill(rows, rowStride, queries, dimension, scores, stride);
    }

    /// <summary>Fills <c>scores[i]</c> with the product of one query and row <c>some[i]</c>: the same bits as <see cref="Fill"/>.</summary>
    /// <param name="rows"><c>rows[r * rowStride + d]</c></param>
    /// <param name="rowStride">Values from one row to the next, at least D.</param>
    /// <param name="some">Which rows, rising.</param>
    /// <param name="query">D values.</param>
    /// <param name="scores">Room for the products.</param>
    public static void FillSome(
        ReadOnlySpan<float> rows, int rowStride, ReadOnlySpan<int> some, ReadOnlySpan<float> query, Span<float> scores)
    {
        if (Vector512.IsHardwareAccelerated)
            DotProductKernel<Lanes512, Vector512<float>>.FillSome(rows, rowStride, some, query, scores);
        else if (Vector256.IsHardwareAccelerated)
            DotProductKernel<Lanes256, Vector256<float>>.FillSome(rows, rowStride, some, query, scores);
        else
            DotProductKernel<Lanes128, Vector128<float>>.FillSome(rows, rowStride, some, query, scores);
    }
}
