using System.Numerics;
using CsCheck;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Tests.Numerics;

public sealed class DotProductsTests
{
    [Fact]
    public void Every_shape_gives_the_products_of_a_plain_loop_and_touches_nothing_else() =>
        Gen.Select(Gen.Int[0, 11], Gen.Int[0, 8], Gen.Int[1, 3 * Vector<float>.Count + 3], Gen.Int[0, 4], Gen.Int[0, 1 << 20])
            .Sample((rows, queries, dimension, gap, seed) =>
            {
                float[] r = Noise(seed, rows * dimension), q = Noise(seed + 1, queries * dimension);
                int stride = rows + gap;
                float[] found = new float[queries * stride];
                Array.Fill(found, 77);
                DotProducts.Fill(r, q, dimension, found, stride);
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
            DotProducts.Fill(r, q, dimension, together, rows);
            DotProducts.Fill(q, r, dimension, swapped, queries);
            for (int j = 0; j < queries; j++)
            {
                for (int i = 0; i < rows; i++)
                {
                    DotProducts.Fill(r.AsSpan(i * dimension, dimension), q.AsSpan(j * dimension, dimension), dimension, alone, 1);
                    Assert.Equal(alone[0], together[j * rows + i]);
                    Assert.Equal(alone[0], swapped[i * queries + j]);
                }
            }
        }, iter: 1000);

    [Fact]
    public void Too_little_room_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => DotProducts.Fill(new float[8], new float[4], 4, new float[1], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => DotProducts.Fill(new float[8], new float[8], 4, new float[4], 1));
    }

    private static float[] Noise(int seed, int count)
    {
        var random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = random.NextSingle() * 2 - 1;
        return values;
    }
}
