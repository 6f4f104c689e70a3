using System.Runtime.Intrinsics;
using CsCheck;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Tests.Numerics;

public sealed class DotProductsTests
{
    // Widths that the processor lacks are computed in parts.
    private static readonly Fill[] s_widths =
    [
        DotProducts.Fill,
        DotProductKernel<Lanes512, Vector512<float>>.Fill,
        DotProductKernel<Lanes256, Vector256<float>>.Fill,
        DotProductKernel<Lanes128, Vector128<float>>.Fill,
    ];

    private static readonly FillSome[] s_some =
    [
        DotProducts.FillSome,
        DotProductKernel<Lanes512, Vector512<float>>.FillSome,
        DotProductKernel<Lanes256, Vector256<float>>.FillSome,
        DotProductKernel<Lanes128, Vector128<float>>.FillSome,
    ];

    private delegate void FillSome(
        ReadOnlySpan<float> rows, int rowStride, ReadOnlySpan<int> some, ReadOnlySpan<float> query, Span<float> scores);

    private delegate void Fill(
        ReadOnlySpan<float> rows, int rowStride, ReadOnlySpan<float> queries, int dimension, Span<float> scores, int stride);

    [Fact]
    public void Every_shape_gives_the_products_of_a_plain_loop_and_touches_nothing_else() =>
        Gen.Select(Gen.Int[0, 11], Gen.Int[0, 8], Gen.Int[1, 51], Gen.Int[0, 4], Gen.Int[0, 1 << 20])
            .Sample((rows, queries, dimension, gap, seed) =>
            {
                float[] r = Noise(seed, rows * dimension), q = Noise(seed + 1, queries * dimension);
                int stride = rows + gap;
                float[] found = new float[queries * stride];
                Array.Fill(found, 77);
                DotProducts.Fill(r, dimension, q, dimension, found, stride);
                for (int j = 0; j < queries; j++)
                {
                    for (int i = 0; i < stride; i++)
                    {
                        double expected = i < rows
                            ? Enumerable.Range(0, dimension).Sum(d => (double)r[i * dimension + d] * q[j * dimension + d])
                            : 77;
                        Assert.Equal(expected, found[j * stride + i], tolerance: 1e-5);
                    }
                }
            }, iter: 2000);

    [Fact]
    public void A_product_is_the_same_to_the_last_bit_alone_in_a_batch_and_with_the_sides_swapped() =>
        Gen.Select(Gen.Int[1, 11], Gen.Int[1, 8], Gen.Int[1, 67], Gen.Int[0, 1 << 20]).Sample((rows, queries, dimension, seed) =>
        {
            float[] r = Noise(seed, rows * dimension), q = Noise(seed + 1, queries * dimension);
            float[] together = new float[queries * rows], swapped = new float[queries * rows], alone = new float[1];
            DotProducts.Fill(r, dimension, q, dimension, together, rows);
            DotProducts.Fill(q, dimension, r, dimension, swapped, queries);
            for (int j = 0; j < queries; j++)
            {
                for (int i = 0; i < rows; i++)
                {
                    ReadOnlySpan<float> row = r.AsSpan(i * dimension, dimension), query = q.AsSpan(j * dimension, dimension);
                    DotProducts.Fill(row, dimension, query, dimension, alone, 1);
                    Assert.Equal(alone[0], together[j * rows + i]);
                    Assert.Equal(alone[0], swapped[i * queries + j]);
                }
            }
        }, iter: 1000);

    [Fact]
    public void Products_of_some_rows_have_the_bits_of_those_of_all() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 70], Gen.Int[0, 5], Gen.Int[0, 1 << 20]).Sample((rows, dimension, gap, seed) =>
        {
            int rowStride = dimension + gap;
            float[] r = Noise(seed, (rows - 1) * rowStride + dimension), q = Noise(seed + 1, dimension);
            for (int i = 0; i < r.Length; i++) r[i] = i % rowStride < dimension ? r[i] : float.NaN;
            float[] all = new float[rows];
            DotProducts.Fill(r, rowStride, q, dimension, all, rows);
            int[] some = [.. Enumerable.Range(0, rows).Where(row => (row * 7 + seed) % 3 == 0)];
            foreach (FillSome fill in s_some)
            {
                float[] found = new float[some.Length + 1];
                fill(r, rowStride, some, q, found);
                Assert.Equal([.. some.Select(row => all[row]), 0], found);
            }
            float[] room = new float[1];
            Assert.ThrowsAny<ArgumentException>(() => DotProducts.FillSome(r, rowStride, [rows], q, room));
        }, iter: 1000);

    [Fact]
    public void Every_vector_width_gives_the_bits_of_the_sum_as_documented() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 101], Gen.Int[1, 70], Gen.Int[0, 5], Gen.Int[0, 1 << 20])
            .Sample((rows, queries, dimension, gap, seed) =>
            {
                int rowStride = dimension + gap;
                // No value follows the last row, and between rows there is nothing that may be added.
                float[] r = Noise(seed, (rows - 1) * rowStride + dimension), q = Noise(seed + 1, queries * dimension);
                for (int i = 0; i < r.Length; i++) r[i] = i % rowStride < dimension ? r[i] : float.NaN;
                float[] found = new float[queries * rows];
                foreach (Fill fill in s_widths)
                {
                    found.AsSpan().Clear();
                    fill(r, rowStride, q, dimension, found, rows);
                    for (int j = 0; j < queries; j++)
                    {
                        for (int i = 0; i < rows; i++)
                        {
                            float expected = PlainSums.Product(r.AsSpan(i * rowStride, dimension), q.AsSpan(j * dimension, dimension));
                            Assert.Equal(
                                BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(found[j * rows + i]));
                        }
                    }
                }
            }, iter: 300);

    [Fact]
    public void Rows_and_queries_filled_up_with_zeros_give_the_same_bits() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9], Gen.Int[1, 70], Gen.Int[0, 1 << 20]).Sample((rows, queries, dimension, seed) =>
        {
            float[] r = Noise(seed, rows * dimension), q = Noise(seed + 1, queries * dimension);
            int padded = (dimension + 15) / 16 * 16;
            float[] expected = new float[queries * rows], found = new float[queries * rows];
            DotProducts.Fill(r, dimension, q, dimension, expected, rows);
            DotProducts.Fill(Padded(r, dimension, padded), padded, Padded(q, dimension, padded), padded, found, rows);
            Assert.Equal(expected, found);
        }, iter: 500);

    [Fact]
    public void Too_little_room_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => DotProducts.Fill(new float[8], 4, new float[4], 4, new float[1], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => DotProducts.Fill(new float[8], 4, new float[8], 4, new float[4], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DotProducts.Fill(new float[8], 3, new float[4], 4, new float[2], 2));
    }

    private static float[] Padded(float[] rows, int from, int to) =>
        [.. rows.Chunk(from).SelectMany(row => row.Concat(Enumerable.Repeat(0f, to - from)))];

    private static float[] Noise(int seed, int count)
    {
        var random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = random.NextSingle() * 2 - 1;
        return values;
    }
}
