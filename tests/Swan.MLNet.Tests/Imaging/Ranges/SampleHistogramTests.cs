using CsCheck;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

public sealed class SampleHistogramTests
{
    [Fact]
    public void Percentiles_are_those_of_sorted_samples() => Gen.Select(
        Gen.OneOf(Gen.Const(16), Gen.Const(32)),
        Gen.OneOf(Gen.UInt[0, 40].Array[1, 300], Gen.UInt[0, 65_535].Array[1, 300], Gen.UInt.Array[1, 300]),
        Gen.Double[0, 50], Gen.Double[50.001, 100]).Sample((bits, samples, low, high) =>
    {
        if (bits == 16) samples = Array.ConvertAll(samples, s => s & 0xFFFF);
        var histogram = new SampleHistogram(bits, low, high);
        foreach (uint[] part in samples.Chunk(100)) histogram.Add(part);
        if (histogram.NeedsSecondPass)
        {
            histogram.BeginRefining();
            foreach (uint[] part in samples.Chunk(70)) histogram.Refine(part);
        }

        uint[] sorted = [.. samples.Order()];
        Assert.Equal((At(sorted, low), At(sorted, high)), histogram.Percentiles());
        Assert.Equal((sorted[0], sorted[^1], sorted.Length), (histogram.Least, histogram.Most, histogram.Count));
    });

    [Theory]
    [InlineData(0, 1u)]
    [InlineData(100, 5u)]
    public void The_outer_percentiles_are_the_lowest_and_the_highest_sample(double percentile, uint expected)
    {
        var histogram = new SampleHistogram(16, Math.Min(percentile, 50), Math.Max(percentile, 50));
        histogram.Add([3, 1, 5]);

        (uint low, uint high) = histogram.Percentiles();

        Assert.Equal(expected, percentile == 0 ? low : high);
    }

    // The lowest sample that so many percent of the samples are at or below.
    private static uint At(uint[] sorted, double percentile) =>
        sorted[(int)Math.Clamp(Math.Ceiling(sorted.Length * (percentile / 100)), 1, sorted.Length) - 1];
}
