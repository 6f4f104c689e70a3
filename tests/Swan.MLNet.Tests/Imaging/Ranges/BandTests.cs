using BitMiracle.LibTiff.Classic;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>Which bands of a TIFF are red, green and blue.</summary>
public sealed class BandTests
{
    private static readonly Dictionary<int, string> Sentinel = new() { [0] = "Blue", [1] = "Green", [2] = "Red", [3] = "Undefined" };

    [Fact]
    public void The_bands_that_the_file_marks_come_first()
    {
        RgbImage image = Decode(Bands(5, Sentinel));

        Assert.Equal([30, 20, 10], image.Pixels);
        Assert.Equal([3, 2, 1], image.Reading!.BandsTaken);
        Assert.Equal((BandSource.File, 5), (image.Reading.BandsFrom, image.Reading.Bands));
    }

    [Fact]
    public void Marks_hold_for_RGB_files_too()
    {
        var file = new WrittenTiff(1, 1, 4, 8, (_, _, band) => 10 * (band + 1)) { Colors = Sentinel };

        Assert.Equal([30, 20, 10], Decode(file).Pixels);
    }

    [Theory]
    [InlineData(8), InlineData(16)]
    public void Marks_hold_for_colors_that_an_alpha_was_multiplied_with(int bits)
    {
        int one = bits == 8 ? 1 : 256;
        var file = new WrittenTiff(1, 1, 4, bits, (_, _, band) => (band == 3 ? 128 : 40 * (band + 1)) * one)
        {
            Colors = Sentinel,
            ExtraSamples = [1],
        };

        RgbImage image = Decode(file);

        Assert.Equal([239, 159, 79], image.Pixels);
        Assert.Equal([3, 2, 1], image.Reading!.BandsTaken);
    }

    [Theory]
    [InlineData(3), InlineData(4), InlineData(13)]
    public void Without_marks_the_first_three_of_three_or_more_are_taken(int bands)
    {
        RgbImage image = Decode(Bands(bands));

        Assert.Equal([10, 20, 30], image.Pixels);
        Assert.Equal(BandSource.First, image.Reading!.BandsFrom);
    }

    [Theory]
    [InlineData(1), InlineData(2)]
    public void One_or_two_bands_stay_gray(int bands)
    {
        RgbImage image = Decode(Bands(bands));

        Assert.Equal([10, 10, 10], image.Pixels);
        Assert.Equal([1], image.Reading!.BandsTaken);
    }

    [Fact]
    public void The_caller_comes_before_the_marks()
    {
        RgbImage image = Decode(Bands(5, Sentinel), new() { Bands = [5, 4, 1] });

        Assert.Equal([50, 40, 10], image.Pixels);
        Assert.Equal(BandSource.Caller, image.Reading!.BandsFrom);
        Assert.Equal([40, 40, 40], Decode(Bands(5), new() { Bands = [4] }).Pixels);
    }

    [Fact]
    public void A_band_that_is_not_there_is_named()
    {
        var e = Assert.Throws<SwanImageException>(() => Decode(Bands(3), new() { Bands = [4, 3, 2] }));

        Assert.Equal(ImageFault.Unsupported, e.Fault);
        Assert.Contains("band 4 was requested, but it has 3", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_palette_has_no_bands_to_choose_from()
    {
        short[] map = [.. Enumerable.Range(0, 256).Select(i => (short)(i << 8))];
        byte[] file = ImageFiles.Tiff(1, 1, 8, 1, Photometric.PALETTE, [3], t => t.SetField(TiffTag.COLORMAP, map, map, map));

        Assert.Equal([3, 3, 3], ImageDecoder.Decode(file, "palette.tif", new() { Bands = [1] }).Pixels);
        Assert.Equal(ImageFault.Unsupported, Assert.Throws<SwanImageException>(
            () => ImageDecoder.Decode(file, "palette.tif", new() { Bands = [1, 1, 1] })).Fault);
    }

    [Fact]
    public void An_alpha_is_none_of_the_first_three()
    {
        var file = new WrittenTiff(1, 1, 4, 8, (_, _, band) => 10 * (band + 1)) { Photometric = 1, ExtraSamples = [2, 0, 0] };

        Assert.Equal([10, 30, 40], Decode(file).Pixels);
    }

    [Theory]
    [InlineData("<GDALMetadata><Item name=\"COLORINTERP\" sample=\"0\" role=\"colorinterp\">Red</Item>")] // cut off
    [InlineData("<!DOCTYPE x [<!ENTITY a \"b\">]><GDALMetadata>colorinterp &a;</GDALMetadata>")]
    [InlineData("colorinterp")]
    public void Marks_that_cannot_be_read_mark_nothing(string metadata)
    {
        TiffFile file = TiffFile.Open(Bands(4).Write(), "bands.tif");

        Assert.Equal(BandSource.First, TiffBands.Choose(file.Image.Fields, metadata, null, "bands.tif").Source);
    }

    [Theory]
    [InlineData(new int[0]), InlineData(new[] { 1, 2 }), InlineData(new[] { 0, 1, 2 }), InlineData(new[] { 1, 2, 3, 4 })]
    public void Bands_are_one_or_three_from_one_on(int[] bands) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageDecodingOptions { Bands = bands });

    [Fact]
    public void Equal_options_have_equal_bands_and_keep_them()
    {
        int[] bands = [4, 3, 2];
        var options = new ImageDecodingOptions { Bands = bands };
        bands[0] = 9;

        Assert.Equal(new ImageDecodingOptions { Bands = [4, 3, 2] }, options);
        Assert.NotEqual(new ImageDecodingOptions { Bands = [4, 3, 1] }, options);
        Assert.Equal(options.GetHashCode(), new ImageDecodingOptions { Bands = [4, 3, 2] }.GetHashCode());
    }

    private static WrittenTiff Bands(int bands, IReadOnlyDictionary<int, string>? colors = null) =>
        new(1, 1, bands, 8, (_, _, band) => 10 * (band + 1)) { Photometric = 1, Colors = colors };

    private static RgbImage Decode(WrittenTiff file, ImageDecodingOptions? options = null) =>
        ImageDecoder.Decode(file.Write(), "bands.tif", options);
}
