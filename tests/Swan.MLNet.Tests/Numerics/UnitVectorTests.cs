using CsCheck;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Numerics;

public sealed class UnitVectorTests
{
    private static readonly Gen<float[]> Vectors = Gen.Float[-3, 3].Array[1, 300].Where(v => v.Sum(x => (double)x * x) > 0.1);

    [Fact]
    public void A_unit_vector_has_the_bits_of_a_plain_loop_and_stays_as_it_is() => Vectors.Sample(vector =>
    {
        float[] unit = new float[vector.Length], again = new float[vector.Length];
        Assert.True(UnitVector.TryNormalize(vector, unit));
        if (Math.Abs(PlainSums.Product(vector, vector) - 1) > 1e-4) Assert.Equal(PlainSums.Unit(vector), unit);
        Assert.True(UnitVector.IsUnit(unit));
        Assert.True(UnitVector.TryNormalize(unit, again));
        Assert.Equal(unit, again);
    }, iter: 1000);

    [Theory]
    [InlineData(1e-30f)]
    [InlineData(1e30f)]
    [InlineData(1e-40f)]
    public void Very_small_and_very_large_vectors_have_a_direction(float scale)
    {
        float[] unit = new float[2];
        Assert.True(UnitVector.TryNormalize([3 * scale, -4 * scale], unit));
        Assert.Equal(0.6f, unit[0], tolerance: 1e-4f);
        Assert.Equal(-0.8f, unit[1], tolerance: 1e-4f);
    }

    [Theory]
    [InlineData(new float[0])]
    [InlineData(new[] { 0f, 0f })]
    [InlineData(new[] { 1f, float.NaN })]
    [InlineData(new[] { float.NegativeInfinity, 1f })]
    public void Vectors_without_a_direction_are_refused(float[] vector) =>
        Assert.False(UnitVector.TryNormalize(vector, new float[vector.Length]));

    [Fact]
    public void Scores_of_an_index_have_the_bits_of_plain_loops()
    {
        const int D = 257, Rows = 200;
        var random = new Random(7);
        float[][] rows = [.. Enumerable.Range(0, Rows + 1).Select(
            _ => Enumerable.Range(0, D).Select(_ => random.NextSingle() - 0.5f).ToArray())];
        float[] query = rows[Rows];
        SwanIndex index = SwanIndex.Build(
            rows.Take(Rows).SelectMany(r => r).ToArray(), D, cancellationToken: TestContext.Current.CancellationToken);
        float[] unit = PlainSums.Unit(query);
        foreach (SwanHit hit in index.Search(query, Rows))
            Assert.Equal(PlainSums.Product(PlainSums.Unit(rows[hit.Row]), unit), hit.Score);
    }
}
