using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>Pixels without data: by value, mask or alpha.</summary>
public sealed class NoDataTests
{
    private const int Side = 20;

    public enum By
    {
        Value,
        Caller,
        Mask,
        Alpha,
    }

    [Theory]
    [InlineData(By.Value), InlineData(By.Caller), InlineData(By.Mask), InlineData(By.Alpha)]
    public void Pixels_without_data_are_in_no_percentile_and_become_black(By by)
    {
        RgbImage image = Decode(Deep(by, columns: 5), Options(by));

        Assert.Equal((1_000.0, 1_000.0 + Side - 1), (image.Reading!.Low, image.Reading.High));
        Assert.Equal(0.75, image.Reading.ValidShare, 9);
        Assert.Equal(new byte[5 * 3], image.Pixels[..(5 * 3)]);
        Assert.Equal(255, image.Pixels[^1]);
    }

    [Theory]
    [InlineData(By.Value), InlineData(By.Caller), InlineData(By.Mask), InlineData(By.Alpha)]
    public void A_picture_with_too_little_data_is_a_bad_row(By by)
    {
        var e = Assert.Throws<SwanImageException>(() => Decode(Deep(by, columns: 19), Options(by)));

        Assert.Equal(ImageFault.NoData, e.Fault);
        Assert.Contains("only 5 %", e.Message, StringComparison.Ordinal);
        Assert.Contains("--min-valid", e.Message, StringComparison.Ordinal);
        Assert.Equal(0.05, Decode(Deep(by, columns: 19), Options(by) with { MinValidShare = 0.05 }).Reading!.ValidShare, 9);
    }

    [Theory]
    [InlineData(By.Value), InlineData(By.Caller), InlineData(By.Mask), InlineData(By.Alpha)]
    public void Eight_bit_pixels_keep_their_values_and_count_all_the_same(By by)
    {
        RgbImage image = Decode(Shallow(by, columns: 5), Options(by));

        Assert.Equal(0.75, image.Reading!.ValidShare, 9);
        Assert.Equal(by is By.Value or By.Caller ? 7 : 100, image.Pixels[0]);
        Assert.Equal(ImageFault.NoData,
            Assert.Throws<SwanImageException>(() => Decode(Shallow(by, columns: 19), Options(by))).Fault);
    }

    [Fact]
    public void A_picture_without_any_data_says_so()
    {
        var e = Assert.Throws<SwanImageException>(
            () => Decode(Deep(By.Value, columns: Side), new ImageDecodingOptions { MinValidShare = 0 }));

        Assert.Equal(ImageFault.NoData, e.Fault);
        Assert.Contains("none of its samples are data", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-3.4028234663852886e+38", -3.4028234663852886e+38, 32, 3)]
    [InlineData("nan", double.NaN, 32, 3)]
    [InlineData("-1.7976931348623157e+308", -1.7976931348623157e+308, 64, 3)]
    [InlineData("-32768", -32_768, 16, 2)]
    [InlineData("4294967295", 4_294_967_295, 32, 1)]
    public void Values_for_no_data_of_all_types_are_known(string text, double value, int bits, int format)
    {
        var file = new WrittenTiff(Side, Side, 1, bits, (x, _, _) => x < 5 ? value : 100 + x) { Format = format, NoData = text };

        ImageReading reading = Decode(file, new()).Reading!;

        Assert.Equal((105.0, 119.0), (reading.Low, reading.High));
        Assert.Equal(0.75, reading.ValidShare, 9);
    }

    [Theory]
    [InlineData("-3.40282e+38", -3.4028234663852886e38), InlineData("-3.4028235e+38", -3.40282e38), InlineData(null, float.MinValue)]
    [InlineData("3.40282e+38", float.MaxValue), InlineData("0", -0.0), InlineData("-0", 0.0), InlineData("-9999,0", -9_999)]
    [InlineData("-9999.9004", -9_999.9), InlineData("0.1", 0.1), InlineData("-9999", -9_992, 16)]
    public void Floats_for_no_data_are_known_by_the_digits_they_have(string? text, double value, int bits = 32)
    {
        var file = new WrittenTiff(Side, Side, 1, bits, (x, _, _) => x < 5 ? value : 100 + x) { Format = 3, NoData = text };

        ImageReading reading = Decode(file, new()).Reading!;

        Assert.Equal((105.0, 119.0), (reading.Low, reading.High));
        Assert.Equal(0.75, reading.ValidShare, 9);
    }

    [Fact]
    public void Floats_near_the_one_for_no_data_are_data()
    {
        var file = new WrittenTiff(Side, Side, 1, 32, (x, _, _) => x < 5 ? -9_999 : -9_999 + 0.01 * x) { Format = 3, NoData = "-9999" };

        Assert.Equal(0.75, Decode(file, new()).Reading!.ValidShare, 9);
    }

    [Fact]
    public void A_damaged_mask_is_named_as_such()
    {
        var mask = new WrittenTiff(Side, Side, 1, 8, (_, _, _) => 255) { Kind = 4, Photometric = 4, IsDamaged = true };

        var e = Assert.Throws<SwanImageException>(
            () => Decode(new(Side, Side, 3, 16, (x, _, _) => x) { Pages = [mask] }, new()));

        Assert.Equal(ImageFault.Corrupt, e.Fault);
        Assert.Contains("'partly.tif' can't be used as an image: its mask of 20×20 pixels can't be read: its tile or strip 0", e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_caller_who_names_bands_is_not_bound_by_an_alpha()
    {
        WrittenTiff file = Deep(By.Alpha, columns: 19);
        RgbImage image = Decode(file, new() { Bands = [1, 2, 3] });

        Assert.Equal((1.0, false), (image.Reading!.ValidShare, image.Reading.HasAlpha));
        Assert.Contains("--bands 1,2,3", Assert.Throws<SwanImageException>(() => Decode(file, new())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(By.Value, "they are 7, the no-data value (GDAL_NODATA)")]
    [InlineData(By.Caller, "they are 7, the no-data value (as requested)")]
    [InlineData(By.Mask, "its mask is 0 there"), InlineData(By.Alpha, "band 4, which is marked as alpha, is 0 there")]
    public void What_says_that_there_is_no_data_is_named(By by, string cause)
    {
        foreach (WrittenTiff file in (WrittenTiff[])[Deep(by, columns: Side), Deep(by, columns: 19), Shallow(by, columns: 19)])
        {
            string message = Assert.Throws<SwanImageException>(() => Decode(file, Options(by))).Message;
            Assert.Contains($"because {cause}. Leave it out", message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("0.5"), InlineData("-1"), InlineData("70000")]
    public void A_value_that_no_sample_can_have_changes_nothing(string noData)
    {
        var file = new WrittenTiff(Side, Side, 1, 16, (x, _, _) => x) { NoData = noData };

        Assert.Equal((0.0, 19.0, 1.0), Decode(file, new()).Reading is { } r ? (r.Low, r.High, r.ValidShare) : default);
    }

    [Fact]
    public void An_overview_without_the_mask_of_its_image_is_not_counted()
    {
        var overview = new WrittenTiff(1024, 1024, 1, 16, (_, y, _) => y) { Kind = 1 };
        var mask = new WrittenTiff(1100, 1024, 1, 8, (x, _, _) => x >= 100 ? 255 : 0) { Kind = 4, Photometric = 4 };
        var file = new WrittenTiff(1100, 1024, 1, 16, (x, _, _) => x) { Pages = [overview, mask] };

        ImageReading reading = Decode(file, new() { Range = SampleRange.Percentiles(0, 100) }).Reading!;

        Assert.Equal((100.0, 1099.0, null), (reading.Low, reading.High, reading.OverviewWidth));
    }

    [Theory]
    [InlineData(-0.1), InlineData(1.1), InlineData(double.NaN)]
    public void The_least_share_is_from_0_to_1(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageDecodingOptions { MinValidShare = share });

    [Fact]
    public void The_value_for_no_data_is_not_infinite() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageDecodingOptions { NoData = double.PositiveInfinity });

    private static ImageDecodingOptions Options(By by) => new()
    {
        NoData = by == By.Caller ? 7 : null,
        Range = SampleRange.Percentiles(0, 100),
    };

    private static WrittenTiff Deep(By by, int columns) => File(by, columns, 16, (x, y) => 1_000 + y);

    private static WrittenTiff Shallow(By by, int columns) => File(by, columns, 8, (x, y) => 100 + y);

    private static WrittenTiff File(By by, int columns, int bits, Func<int, int, double> value) => by switch
    {
        By.Value => new(Side, Side, 3, bits, (x, y, _) => x < columns ? 7 : value(x, y)) { NoData = "7" },
        By.Caller => new(Side, Side, 3, bits, (x, y, _) => x < columns ? 7 : value(x, y)),
        By.Mask => new(Side, Side, 3, bits, (x, y, _) => value(x, y))
        {
            Pages = [new(Side, Side, 1, 1, (x, _, _) => x < columns ? 0 : 1) { Kind = 4, Photometric = 4 }],
        },
        _ => new(Side, Side, 4, bits, (x, y, band) => band == 3 ? (x < columns ? 0 : 255) : value(x, y)) { ExtraSamples = [2] },
    };

    private static RgbImage Decode(WrittenTiff file, ImageDecodingOptions options) =>
        ImageDecoder.Decode(file.Write(), "partly.tif", options);
}
