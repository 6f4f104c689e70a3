using System.Numerics;
using System.Runtime.InteropServices;
using CsCheck;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Int8;

public sealed class Int8BoundTests
{
    // What makes rows and queries hard to round: one large value, many equal ones, tiny ones, halves of steps.
    private static readonly Gen<float> Values = Gen.OneOf(
        Gen.Float[-1, 1], Of(0f, 1f, -1f, 0.447f, 1e-20f, 1e-38f, float.Epsilon), Gen.Int[-254, 254].Select(i => i / 254f));

    [Fact]
    public void No_score_is_outside_its_bounds() =>
        Gen.Select(Gen.Int[1, 80], Gen.Int[1, 70]).SelectMany((rows, dimension) =>
            Gen.Select(Values.Array[dimension].Array[rows], Values.Array[dimension].Array[1, 9], Gen.Float[0, 1]))
            .Sample((rows, queries, pull) =>
        {
            // Rows that are pulled to the first one have a center far from 0, and little else.
            rows = [.. rows.Select(row => row.Zip(rows[0], (a, b) => (1 - pull) * a + pull * b).ToArray())];
            Check(Units(rows), Units(queries));
        }, iter: 3000);

    [Theory]
    [InlineData(257)]
    [InlineData(1024)]
    [InlineData(5000)]
    public void Bounds_hold_in_many_dimensions_and_are_as_narrow_as_said(int dimension)
    {
        var random = new Random(dimension);
        float[] Noise() => [.. Enumerable.Range(0, dimension).Select(_ => random.NextSingle() - 0.5f)];
        float[][] Make(int count) => Units([.. Enumerable.Range(0, count).Select(_ => Noise())]);
        Check(Make(200), Make(7));
        // Uniform values: the largest is √3 of the deviation, so a step is √3 / 127 of it, and the error step / √12: 0.4 %.
        Int8Part part = Part(Make(64));
        Assert.InRange(part.LargestError, 0, 0.006f);
    }

    private static void Check(float[][] rows, float[][] queries)
    {
        if (rows.Length == 0 || queries.Length == 0) return;
        int dimension = rows[0].Length;
        Int8Part part = Part(rows);
        var asked = new Int8Queries();
        asked.Set(queries.SelectMany(q => q).ToArray(), dimension);
        int[] products = new int[queries.Length * Int8Part.Group];
        for (int first = 0; first < rows.Length; first += Int8Part.Group)
        {
            ReadOnlySpan<byte> group = part.GroupOf(first);
            Int8Products.Fill(group[Int8Part.Lengths..], asked.Coarse, Int8Part.Words(dimension), products);
            ReadOnlySpan<float> scales = MemoryMarshal.Cast<byte, float>(group[..Int8Part.Lengths]);
            for (int q = 0; q < queries.Length; q++)
            {
                Int8Bound bound = asked.Bound(q, part);
                for (int r = 0; r < Math.Min(Int8Part.Group, rows.Length - first); r++)
                {
                    float score = Score(rows[first + r], queries[q]);
                    ReadOnlySpan<byte> codes = group[(Int8Part.Lengths + r / 16 * Int8Part.Words(dimension) * 64 + r % 16 * 4)..];
                    Assert.Equal(products[q * 64 + r], asked.CoarseOf(q, codes));
                    (float lower, float upper) = bound.Of(products[q * 64 + r], asked.Fine(q, codes), scales[r], scales[64 + r]);
                    Assert.InRange(score, lower, upper);
                    ulong reaching = bound.Reaching(ref products[q * 64], ref MemoryMarshal.GetReference(scales), score);
                    Assert.True((reaching >> r & 1) != 0, $"row {first + r} and query {q}: {score}");
                }
            }
        }
    }

    private static float Score(float[] row, float[] query)
    {
        float[] score = new float[1];
        DotProducts.Fill(row, row.Length, query, query.Length, score, 1);
        return score[0];
    }

    private static Int8Part Part(float[][] rows)
    {
        var blocks = new EmbeddingBlocks(rows[0].Length);
        foreach (float[] row in rows)
        {
            row.CopyTo(blocks.Next());
            blocks.Keep();
        }
        byte[] bytes = new byte[Int8Part.Bytes(rows.Length, rows[0].Length)];
        Int8Part.Encode(blocks, bytes, TestContext.Current.CancellationToken);
        return Int8Part.Open(bytes, rows.Length, rows[0].Length);
    }

    private static float[][] Units(float[][] vectors) =>
    [
        .. vectors.Select(vector =>
        {
            float[] unit = new float[vector.Length];
            return UnitVector.TryNormalize(vector, unit) ? unit : null;
        }).OfType<float[]>(),
    ];

    private static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
