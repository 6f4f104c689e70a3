using BitMiracle.LibTiff.Classic;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>Kinds of samples that only TIFF has.</summary>
public sealed class TiffTests
{
    [Fact]
    public void Grey_is_spread_to_three_channels_and_white_may_be_zero()
    {
        Assert.Equal([7, 7, 7, 200, 200, 200], Decode(ImageFiles.Tiff(2, 1, 8, 1, Photometric.MINISBLACK, [7, 200])));
        Assert.Equal([248, 248, 248, 55, 55, 55], Decode(ImageFiles.Tiff(2, 1, 8, 1, Photometric.MINISWHITE, [7, 200])));
    }

    [Fact]
    public void Sixteen_bits_keep_the_high_eight() =>
        Assert.Equal([0x12, 0x56, 0xFF], Decode(ImageFiles.Tiff(1, 1, 16, 3, Photometric.RGB, [0x34, 0x12, 0x78, 0x56, 0x00, 0xFF])));

    [Theory]
    [InlineData(1, new byte[] { 0b1010_0000 }, new[] { 255, 0, 255 })]
    [InlineData(2, new byte[] { 0b00_01_11_00 }, new[] { 0, 85, 255 })]
    [InlineData(4, new byte[] { 0x0F, 0x80 }, new[] { 0, 255, 136 })]
    [InlineData(12, new byte[] { 0x12, 0x3F, 0xFF, 0x80, 0x00 }, new[] { 0x12, 0xFF, 0x80 })]
    public void Samples_that_do_not_fill_bytes_are_unpacked(int bits, byte[] row, int[] grey) =>
        Assert.Equal(grey.SelectMany(g => new[] { (byte)g, (byte)g, (byte)g }), Decode(ImageFiles.Tiff(3, 1, bits, 1, Photometric.MINISBLACK, row)));

    [Fact]
    public void A_palette_gives_the_high_byte_of_its_colours()
    {
        short[] red = new short[256], green = new short[256], blue = new short[256];
        (red[3], green[3], blue[3]) = (0x1100, 0x2200, unchecked((short)0xFF00));
        Assert.Equal([0x11, 0x22, 0xFF], Decode(ImageFiles.Tiff(1, 1, 8, 1, Photometric.PALETTE, [3], t => t.SetField(TiffTag.COLORMAP, red, green, blue))));
    }

    [Fact]
    public void Ink_becomes_light() =>
        Assert.Equal([255, 0, 127, 0, 0, 0], Decode(ImageFiles.Tiff(2, 1, 8, 4, Photometric.SEPARATED, [0, 255, 128, 0, 0, 0, 0, 255])));

    [Fact]
    public void Colours_that_were_multiplied_by_their_alpha_are_divided_by_it() =>
        Assert.Equal([200, 100, 50, 0, 0, 0, 9, 8, 7], Decode(ImageFiles.Tiff(
            3, 1, 8, 4, Photometric.RGB, [80, 40, 20, 102, 0, 0, 0, 0, 9, 8, 7, 255], t => t.SetField(TiffTag.EXTRASAMPLES, 1, new[] { (short)ExtraSample.ASSOCALPHA }))));

    [Fact]
    public void Bands_after_red_green_and_blue_are_left_out() =>
        Assert.Equal([1, 2, 3, 4, 5, 6], Decode(ImageFiles.Tiff(
            2, 1, 8, 5, Photometric.RGB, [1, 2, 3, 90, 91, 4, 5, 6, 92, 93], t => t.SetField(TiffTag.EXTRASAMPLES, 2, new short[2]))));

    [Fact]
    public void Several_bands_without_names_are_refused_rather_than_shown_as_grey()
    {
        var e = Assert.Throws<SwanImageException>(() => Decode(ImageFiles.Tiff(1, 1, 8, 4, Photometric.MINISBLACK, [1, 2, 3, 4], t => t.SetField(TiffTag.EXTRASAMPLES, 3, new short[3]))));
        Assert.Equal(ImageFault.Unsupported, e.Fault);
        Assert.Contains("4 bands", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SampleFormat.IEEEFP, 32)]
    [InlineData(SampleFormat.INT, 16)]
    [InlineData(SampleFormat.UINT, 32)]
    public void Samples_whose_range_nobody_knows_are_refused(SampleFormat format, int bits)
    {
        var e = Assert.Throws<SwanImageException>(() => Decode(ImageFiles.Tiff(1, 1, bits, 1, Photometric.MINISBLACK, new byte[bits / 8], t => t.SetField(TiffTag.SAMPLEFORMAT, format))));
        Assert.Equal(ImageFault.Unsupported, e.Fault);
        Assert.Contains($"{bits}-bit {format}", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Compression.NONE), InlineData(Compression.LZW), InlineData(Compression.ADOBE_DEFLATE), InlineData(Compression.PACKBITS)]
    public void Compressions_give_the_same_pixels(Compression compression)
    {
        byte[] rgb = [.. Enumerable.Range(0, 40 * 30 * 3).Select(i => (byte)(i / 7))];
        Assert.Equal(rgb, Decode(ImageFiles.Tiff(40, 30, 8, 3, Photometric.RGB, rgb, t => t.SetField(TiffTag.COMPRESSION, compression))));
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public void Luma_and_chroma_without_compression_come_out_upright_too(int orientation)
    {
        // Grey in YCbCr is (level, 128, 128), so the levels show where pixels went.
        byte[] upright = [30, 60, 90, 120, 150, 180];
        (int width, int height) = orientation > 4 ? (2, 3) : (3, 2);
        var rows = new byte[18];
        for (int y = 0; y < 2; y++)
        {
            for (int x = 0; x < 3; x++)
            {
                (int fromX, int fromY) = new ExifOrientation(orientation).Source(x, y, width, height);
                (rows[(fromY * width + fromX) * 3], rows[(fromY * width + fromX) * 3 + 1], rows[(fromY * width + fromX) * 3 + 2]) = (upright[y * 3 + x], 128, 128);
            }
        }

        byte[] pixels = Decode(ImageFiles.Tiff(width, height, 8, 3, Photometric.YCBCR, rows, t =>
        {
            t.SetField(TiffTag.YCBCRSUBSAMPLING, 1, 1);
            t.SetField(TiffTag.ORIENTATION, orientation);
        }));
        for (int i = 0; i < 18; i++) Assert.InRange(Math.Abs(pixels[i] - upright[i / 3]), 0, 2);
    }

    [Fact]
    public void The_handler_of_other_users_of_LibTiff_still_hears_of_their_files()
    {
        var heard = new Listener();
        var handler = new TiffErrors(heard);
        TiffErrors.Silence(() =>
        {
            handler.ErrorHandler(null!, "ours", "wrong");
            return 0;
        });
        Assert.False(heard.Heard);
        handler.ErrorHandler(null!, "theirs", "wrong");
        Assert.True(heard.Heard);
    }

    [Fact]
    public void Real_aerial_tiffs_are_read()
    {
        string[] files = Directory.GetFiles(SharedFolder.Data("tiff"), "*.tif");
        Assert.Equal(18, files.Length);
        Assert.All(files, f => Assert.Equal(Path.GetFileName(f).StartsWith("ucm", StringComparison.Ordinal) ? 256 : 500, ImageDecoder.Decode(f).Height));
    }

    private static byte[] Decode(byte[] file) => ImageDecoder.Decode(file, "made").Pixels;

    private sealed class Listener : TiffErrorHandler
    {
        public bool Heard { get; private set; }

        public override void ErrorHandler(Tiff tif, string method, string format, params object[] args) => Heard = true;
    }
}
