using System.Globalization;
using CsCheck;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

public sealed class SampleRangeTests
{
    [Fact]
    public void A_range_is_read_back_as_it_was_written() => Gen.Select(Gen.Double[0, 50], Gen.Double[50.001, 100]).Sample((low, high) =>
    {
        SampleRange range = SampleRange.Percentiles(low, high);

        Assert.True(SampleRange.TryParse(range.ToString(), out SampleRange? again));
        Assert.Equal(range, again);
    });

    [Fact]
    public void Values_are_read_back_as_they_were_written() =>
        Gen.Select(Gen.Double[-1e9, 0], Gen.Double[0.001, 1e9]).Sample((low, high) =>
        {
            SampleRange range = SampleRange.Values(low, high);

            Assert.True(SampleRange.TryParse(range.ToString(), out SampleRange? again));
            Assert.Equal(range, again);
            Assert.NotEqual(SampleRange.Percentiles(0, 100), again);
        });

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(0, double.PositiveInfinity)]
    public void Values_out_of_order_or_infinite_are_refused(double low, double high) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleRange.Values(low, high));

    [Fact]
    public void A_range_is_written_and_read_alike_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            // As in German: tests run without the cultures of an operating system.
            var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (german.NumberFormat.NumberDecimalSeparator, german.NumberFormat.NumberGroupSeparator) = (",", ".");
            CultureInfo.CurrentCulture = german;

            Assert.Equal("values -0.5 1234.5", SampleRange.Values(-0.5, 1234.5).ToString());
            Assert.True(SampleRange.TryParse("values -0.5 1234.5", out SampleRange? range));
            Assert.Equal(SampleRange.Values(-0.5, 1234.5), range);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void The_full_range_is_none_of_the_percentiles()
    {
        Assert.True(SampleRange.TryParse("full", out SampleRange? full));
        Assert.Equal(SampleRange.Full, full);
        Assert.NotEqual(SampleRange.Percentiles(0, 100), full);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("percentile")]
    [InlineData("percentile 2")]
    [InlineData("percentile 98 2")]
    [InlineData("percentile 2 101")]
    [InlineData("percentile 2,5 98")]
    [InlineData("percentile -1 98")]
    [InlineData("percentile NaN 98")]
    [InlineData("percentile 2 98 ")]
    [InlineData("values")]
    [InlineData("values 0")]
    [InlineData("values 3000 0")]
    [InlineData("values 0 1,000")]
    [InlineData("values 0 Infinity")]
    [InlineData("values 0 NaN")]
    [InlineData("minmax")]
    public void Anything_else_is_no_range(string? text) => Assert.False(SampleRange.TryParse(text, out _));

    [Theory]
    [InlineData(-1, 98)]
    [InlineData(2, 2)]
    [InlineData(2, 100.5)]
    [InlineData(double.NaN, 98)]
    public void Percentiles_out_of_order_or_range_are_refused(double low, double high) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleRange.Percentiles(low, high));
}
