using BitMiracle.LibTiff.Classic;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>Samples of more than 8 bits: which become black and white, and who says so.</summary>
public sealed class DeepTiffTests
{
    private const int Side = 40;

    // Levels 0 to 255, each about as often.
    private static int Level(int x, int y, int band) => (x * 7 + y * 3 + band * 50) * 11 % 256;

    public static TheoryData<string, int, int, double, double> Types => new()
    {
        { "9 bits", 9, 1, 10, 1.9 },
        { "10 bits", 10, 1, 60, 2 },
        { "11 bits", 11, 1, 120, 5 },
        { "12 bits", 12, 1, 250, 11 },
        { "14 bits", 14, 1, 1_000, 30 },
        { "16 bits that use a few", 16, 1, 300, 4 },
        { "16 bits", 16, 1, 5_000, 180 },
        { "16 bits, signed", 16, 2, -3_000, 20 },
        { "8 bits, signed", 8, 2, -100, 0.8 },
        { "32 bits", 32, 1, 3_000_000_000, 4_000 },
        { "32 bits, signed", 32, 2, -2_000_000_000, 9_000 },
        { "half float", 16, 3, 0.5, 0.01 },
        { "float", 32, 3, -0.02, 0.0016 },
        { "float of 0 to 1", 32, 3, 0, 1 / 255.0 },
        { "double", 64, 3, 270, 0.2 },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void A_picture_of_any_type_is_stretched_between_its_percentiles(string name, int bits, int format, double offset, double gain)
    {
        byte[] file = new WrittenTiff(Side, Side, 3, bits, (x, y, band) => Sample(offset + gain * Level(x, y, band), format))
        {
            Format = format,
        }.Write();

        RgbImage image = ImageDecoder.Decode(file, name, new ImageDecodingOptions { Range = SampleRange.Percentiles(2, 98) });

        int[] sorted = [.. Enumerable.Range(0, Side * Side * 3).Select(i => Level(i / 3 % Side, i / 3 / Side, i % 3)).Order()];
        double low = sorted[(int)Math.Ceiling(sorted.Length * 0.02) - 1], high = sorted[(int)Math.Ceiling(sorted.Length * 0.98) - 1];
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            double level = Level(i / 3 % Side, i / 3 / Side, i % 3), expected = Math.Clamp((level - low) * 255 / (high - low), 0, 255);
            Assert.InRange(image.Pixels[i], expected - (gain < 1 && format != 3 ? 2 : 1), expected + (gain < 1 && format != 3 ? 2 : 1));
        }
    }

    [Fact]
    public void One_pair_of_samples_holds_for_all_bands()
    {
        // Blue is half as bright as red, and stays so.
        RgbImage image = Decode(new WrittenTiff(Side, Side, 3, 16, (x, y, band) => 100 * (x + 1) / (band == 2 ? 2 : 1)));

        Assert.Equal(255, image.Pixels[(Side - 1) * 3]);
        Assert.InRange(image.Pixels[(Side - 1) * 3 + 2], 120, 130);
    }

    [Fact]
    public void The_caller_comes_before_the_tags_and_these_before_the_rule()
    {
        var tagged = new WrittenTiff(Side, Side, 1, 16, (x, _, _) => 100 * x) { Range = (0, 2_000) };
        var plain = new WrittenTiff(Side, Side, 1, 16, (x, _, _) => 100 * x);

        Assert.Equal(
            (RangeSource.Caller, 1_000, 3_000), Said(Decode(tagged, new() { Range = SampleRange.Values(1_000, 3_000) })));
        Assert.Equal((RangeSource.Caller, 0, 3_900), Said(Decode(tagged, new() { Range = SampleRange.Percentiles(0, 100) })));
        Assert.Equal((RangeSource.Caller, 0, 65_535), Said(Decode(tagged, new() { Range = SampleRange.Full })));
        Assert.Equal((RangeSource.Tags, 0, 2_000), Said(Decode(tagged)));
        Assert.Equal((RangeSource.Model, 0, 3_900), Said(Decode(plain)));

        static (RangeSource, double, double) Said(RgbImage image) =>
            (image.Reading!.RangeFrom, image.Reading.Low!.Value, image.Reading.High!.Value);
    }

    [Fact]
    public void A_file_whose_tags_say_the_whole_range_keeps_its_high_bytes()
    {
        RgbImage image = Decode(new WrittenTiff(2, 1, 1, 16, (x, _, _) => x == 0 ? 255 : 0x1280) { Range = (0, 65_535) });

        Assert.Equal([0, 0, 0, 0x12, 0x12, 0x12], image.Pixels);
    }

    [Fact]
    public void The_whole_range_that_the_caller_gives_is_rounded()
    {
        var file = new WrittenTiff(2, 1, 1, 16, (x, _, _) => x == 0 ? 255 : 0x12F0);

        Assert.Equal([1, 1, 1, 0x13, 0x13, 0x13], Decode(file, new() { Range = SampleRange.Values(0, 65_535) }).Pixels);
    }

    [Theory]
    [InlineData(32, 3, -3.4028234663852886e38, 3.4028234663852886e38), InlineData(32, 3, 0, 3.40282e38)]
    [InlineData(64, 3, -double.MaxValue, double.MaxValue), InlineData(16, 3, -65_504, 65_504)]
    [InlineData(16, 2, -32_768, 32_767), InlineData(8, 2, -128, 127), InlineData(32, 2, int.MinValue, int.MaxValue)]
    [InlineData(32, 1, 0, uint.MaxValue), InlineData(12, 1, 0, 4_095)]
    public void Tags_that_say_the_limits_of_the_type_say_nothing(int bits, int format, double low, double high)
    {
        var file = new WrittenTiff(Side, Side, 1, bits, (x, _, _) => x) { Format = format, Range = (low, high) };

        ImageReading reading = Decode(file).Reading!;

        Assert.Equal((RangeSource.Model, 0.0, 39.0), (reading.RangeFrom, reading.Low, reading.High));
    }

    [Fact]
    public void The_tags_of_an_alpha_say_nothing_of_the_colors()
    {
        var file = new WrittenTiff(Side, Side, 4, 16, (x, _, band) => band == 3 ? 65_535 : 70 * x)
        {
            ExtraSamples = [2],
            Highs = [3_000, 2_900, 3_000, 65_535],
        };

        ImageReading reading = Decode(file).Reading!;

        Assert.Equal((RangeSource.Tags, 0.0, 3_000.0), (reading.RangeFrom, reading.Low, reading.High));
    }

    [Theory]
    [InlineData(16, 1), InlineData(32, 3), InlineData(12, 1)]
    public void A_picture_of_one_value_asks_for_a_range(int bits, int format)
    {
        var flat = new WrittenTiff(8, 8, 1, bits, (_, _, _) => 700) { Format = format };

        var e = Assert.Throws<SwanImageException>(() => Decode(flat));

        Assert.Equal(ImageFault.Unsupported, e.Fault);
        Assert.Contains("are 700", e.Message, StringComparison.Ordinal);
        Assert.Contains("--range", e.Message, StringComparison.Ordinal);
        Assert.Equal(128, Decode(flat, new() { Range = SampleRange.Values(0, 1_395) }).Pixels[0]);
    }

    [Fact]
    public void Where_both_percentiles_are_one_value_the_few_others_decide()
    {
        RgbImage image = Decode(new WrittenTiff(Side, Side, 1, 16, (x, y, _) => (x, y) == (0, 0) ? 900 : 100));

        Assert.Equal((100.0, 900.0), (image.Reading!.Low, image.Reading.High));
    }

    [Fact]
    public void Infinite_samples_and_those_that_are_no_numbers_are_no_data()
    {
        RgbImage image = Decode(new WrittenTiff(Side, Side, 1, 32, (x, y, _) => (x, y) switch
        {
            (0, _) => double.NaN,
            (1, _) => double.PositiveInfinity,
            (2, _) => double.NegativeInfinity,
            _ => x,
        }) { Format = 3 });

        Assert.Equal((3.0, 39.0), (image.Reading!.Low, image.Reading.High));
        Assert.Equal(37.0 / 40, image.Reading.ValidShare, 9);
        Assert.Equal(new byte[9], image.Pixels[..9]);
    }

    [Fact]
    public void White_is_zero_in_deep_pictures_too()
    {
        var file = new WrittenTiff(2, 1, 1, 16, (x, _, _) => x == 0 ? 0 : 3_000) { Photometric = 0 };

        Assert.Equal([255, 255, 255, 0, 0, 0], Decode(file, new() { Range = SampleRange.Values(0, 3_000) }).Pixels);
    }

    [Fact]
    public void A_deep_picture_is_turned_upright()
    {
        var file = new WrittenTiff(2, 1, 1, 16, (x, _, _) => 3_000 * x) { Orientation = 2 };

        RgbImage image = Decode(file, new() { Range = SampleRange.Values(0, 3_000) });

        Assert.Equal([255, 255, 255, 0, 0, 0], image.Pixels);
        Assert.Equal(2, image.Reading!.Orientation);
    }

    [Fact]
    public void Percentiles_come_from_an_overview_that_is_large_enough()
    {
        // The overview says something else, so that it shows whose percentiles were taken.
        var large = new WrittenTiff(1024, 1024, 1, 16, (x, _, _) => 2 * x) { Kind = 1 };
        var small = new WrittenTiff(512, 512, 1, 16, (x, _, _) => 5 * x) { Kind = 1 };
        var file = new WrittenTiff(2048, 1024, 1, 16, (x, _, _) => x) { Pages = [large, small] };

        ImageReading reading = Decode(file, new() { Range = SampleRange.Percentiles(0, 100) }).Reading!;

        Assert.Equal((0.0, 2046.0, 1024), (reading.Low, reading.High, reading.OverviewWidth));
    }

    [Fact]
    public void A_damaged_overview_gives_way_to_the_next_and_to_the_image()
    {
        var large = new WrittenTiff(2048, 1024, 1, 16, (x, _, _) => 2 * x) { Kind = 1 };
        var damaged = new WrittenTiff(1024, 1024, 1, 16, (_, _, _) => 0xFFFF) { Kind = 1, IsDamaged = true };
        var both = new WrittenTiff(2100, 1024, 1, 16, (x, _, _) => x) { Pages = [large, damaged] };
        var alone = new WrittenTiff(2100, 1024, 1, 16, (x, _, _) => x) { Pages = [damaged] };
        var options = new ImageDecodingOptions { Range = SampleRange.Percentiles(0, 100) };

        Assert.Equal((4_094.0, 2048), Decode(both, options).Reading is { } b ? (b.High, b.OverviewWidth) : default);
        Assert.Equal((2_099.0, null), Decode(alone, options).Reading is { } a ? (a.High, a.OverviewWidth) : default);
    }

    [Fact]
    public void A_deep_picture_is_never_whole_in_memory()
    {
        const int Edge = 1200, RgbBytes = Edge * Edge * 3, SampleBytes = RgbBytes * sizeof(float);
        byte[] file = ImageFiles.Tiff(
            Edge, Edge, 32, 3, Photometric.RGB,
            [.. Enumerable.Range(0, Edge * Edge * 3).SelectMany(i => BitConverter.GetBytes(i % 1000 * 0.25f))], tiff =>
            {
                tiff.SetField(TiffTag.SAMPLEFORMAT, SampleFormat.IEEEFP);
                tiff.SetField(TiffTag.ROWSPERSTRIP, 16);
            });
        long before = GC.GetAllocatedBytesForCurrentThread();

        ImageDecoder.Decode(file, "large.tif");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, RgbBytes, SampleBytes / 2);
    }

    [Fact]
    public void A_scene_as_satellites_deliver_it_embeds_like_the_same_scene_in_eight_bits()
    {
        RgbImage truth = ImageDecoder.Decode(SharedFolder.Data("faults/truth.png"));
        byte[] sorted = [.. truth.Pixels.Order()];
        double low = sorted[(int)(sorted.Length * 0.005)], high = sorted[(int)(sorted.Length * 0.995)];
        var stretched = new RgbImage(truth.Width, truth.Height,
            [.. truth.Pixels.Select(p => (byte)Math.Round(Math.Clamp((p - low) * 255 / (high - low), 0, 255)))]);

        RgbImage deep = ImageDecoder.Decode(
            SharedFolder.Data("faults/tiff-uint16-dn3060-nearly-black.tif"), new() { Range = SampleRange.Percentiles(0.5, 99.5) });

        Assert.InRange(deep.Pixels.Zip(stretched.Pixels, (a, b) => Math.Abs(a - b)).Max(), 0, 3);
    }

    private static double Sample(double value, int format) => format == 3 ? value : Math.Round(value);

    private static RgbImage Decode(WrittenTiff file, ImageDecodingOptions? options = null) =>
        ImageDecoder.Decode(file.Write(), "deep.tif", options);
}
