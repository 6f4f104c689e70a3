using BitMiracle.LibTiff.Classic;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>Kinds of samples that only TIFF has.</summary>
public sealed class TiffTests
{
    [Fact]
    public void Gray_is_spread_to_three_channels_and_white_may_be_zero()
    {
        Assert.Equal([7, 7, 7, 200, 200, 200], Decode(ImageFiles.Tiff(2, 1, 8, 1, Photometric.MINISBLACK, [7, 200])));
        Assert.Equal([248, 248, 248, 55, 55, 55], Decode(ImageFiles.Tiff(2, 1, 8, 1, Photometric.MINISWHITE, [7, 200])));
    }

    [Fact]
    public void The_whole_range_of_sixteen_bits_is_the_high_eight() => Assert.Equal(
        [0x12, 0x56, 0xFF],
        Decode(ImageFiles.Tiff(1, 1, 16, 3, Photometric.RGB, [0x34, 0x12, 0x78, 0x56, 0x00, 0xFF]), SampleRange.Full));

    [Theory]
    [InlineData(3060, "it would be nearly black")]
    [InlineData(16_383, "--range")]
    [InlineData(0, "none reaches 16,384")]
    public void A_model_of_the_whole_range_gets_no_dark_pictures(int largest, string expected)
    {
        var model = new ImagePreprocessing { Range = SampleRange.Full };

        var e = Assert.Throws<SwanImageException>(
            () => ImageDecoder.Decode(Deep([0, (ushort)largest]), "dark", new ImageDecodingOptions().For(model)));

        Assert.Equal(ImageFault.Unsupported, e.Fault);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 4095, new ushort[] { 0, 2048, 4095, 5000 }, new[] { 0, 128, 255, 255 })]
    [InlineData(1000, 3000, new ushort[] { 0, 1000, 2000, 3000 }, new[] { 0, 0, 128, 255 })]
    [InlineData(0, 65_535, new ushort[] { 0, 255, 256, 4095 }, new[] { 0, 0, 1, 15 })]
    public void The_range_that_a_file_says_becomes_black_to_white(int low, int high, ushort[] samples, int[] gray)
    {
        byte[] file = Deep(samples, t =>
        {
            t.SetField(TiffTag.SMINSAMPLEVALUE, (double)low);
            t.SetField(TiffTag.SMAXSAMPLEVALUE, (double)high);
        });

        Assert.Equal(gray.SelectMany(g => new[] { (byte)g, (byte)g, (byte)g }), Decode(file));
    }

    [Fact]
    public void An_alpha_hides_no_dark_samples_and_is_not_scaled_with_them()
    {
        static byte[] File(Action<Tiff>? more) => ImageFiles.Tiff(
            1, 1, 16, 2, Photometric.MINISBLACK, [.. new ushort[] { 1500, 32_768 }.SelectMany(BitConverter.GetBytes)], t =>
            {
                t.SetField(TiffTag.EXTRASAMPLES, 1, new[] { (short)ExtraSample.ASSOCALPHA });
                more?.Invoke(t);
            });

        Assert.Equal(ImageFault.Unsupported, Assert.Throws<SwanImageException>(() => Decode(File(null))).Fault);
        Assert.Equal([255, 255, 255], Decode(File(t => t.SetField(TiffTag.SMAXSAMPLEVALUE, 3000.0))));
    }

    [Theory]
    [InlineData(1, new byte[] { 0b1010_0000 }, new[] { 255, 0, 255 })]
    [InlineData(2, new byte[] { 0b00_01_11_00 }, new[] { 0, 85, 255 })]
    [InlineData(4, new byte[] { 0x0F, 0x80 }, new[] { 0, 255, 136 })]
    [InlineData(12, new byte[] { 0x12, 0x3F, 0xFF, 0x80, 0x00 }, new[] { 0x12, 0xFF, 0x80 })]
    public void Samples_that_do_not_fill_bytes_are_unpacked(int bits, byte[] row, int[] gray) => Assert.Equal(
        gray.SelectMany(g => new[] { (byte)g, (byte)g, (byte)g }),
        Decode(ImageFiles.Tiff(3, 1, bits, 1, Photometric.MINISBLACK, row), SampleRange.Full));

    [Fact]
    public void A_palette_gives_the_high_byte_of_its_colors()
    {
        short[] red = new short[256], green = new short[256], blue = new short[256];
        (red[3], green[3], blue[3]) = (0x1100, 0x2200, unchecked((short)0xFF00));
        Assert.Equal([0x11, 0x22, 0xFF],
            Decode(ImageFiles.Tiff(1, 1, 8, 1, Photometric.PALETTE, [3], t => t.SetField(TiffTag.COLORMAP, red, green, blue))));
    }

    [Fact]
    public void Ink_becomes_light() =>
        Assert.Equal([255, 0, 127, 0, 0, 0], Decode(ImageFiles.Tiff(2, 1, 8, 4, Photometric.SEPARATED, [0, 255, 128, 0, 0, 0, 0, 255])));

    [Fact]
    public void Colors_that_were_multiplied_by_their_alpha_are_divided_by_it() =>
        Assert.Equal([200, 100, 50, 0, 0, 0, 9, 8, 7], Decode(ImageFiles.Tiff(
            3, 1, 8, 4, Photometric.RGB, [80, 40, 20, 102, 0, 0, 0, 0, 9, 8, 7, 255],
            t => t.SetField(TiffTag.EXTRASAMPLES, 1, new[] { (short)ExtraSample.ASSOCALPHA }))));

    [Fact]
    public void Bands_after_red_green_and_blue_are_left_out() =>
        Assert.Equal([1, 2, 3, 4, 5, 6], Decode(ImageFiles.Tiff(
            2, 1, 8, 5, Photometric.RGB, [1, 2, 3, 90, 91, 4, 5, 6, 92, 93], t => t.SetField(TiffTag.EXTRASAMPLES, 2, new short[2]))));

    [Theory]
    [InlineData(SampleFormat.UINT), InlineData(SampleFormat.INT)]
    public void Whole_numbers_of_64_bits_are_refused(SampleFormat format)
    {
        var e = Assert.Throws<SwanImageException>(() => Decode(ImageFiles.Tiff(1, 1, 64, 1, Photometric.MINISBLACK, new byte[8],
            t => t.SetField(TiffTag.SAMPLEFORMAT, format))));
        Assert.Equal(ImageFault.Unsupported, e.Fault);
        Assert.Contains($"64-bit {format}", e.Message, StringComparison.Ordinal);
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
    public void Uncompressed_luma_and_chroma_come_out_upright(int orientation)
    {
        // Gray in YCbCr is (level, 128, 128), so the levels show where pixels went.
        byte[] upright = [30, 60, 90, 120, 150, 180];
        (int width, int height) = orientation > 4 ? (2, 3) : (3, 2);
        var rows = new byte[18];
        for (int y = 0; y < 2; y++)
        {
            for (int x = 0; x < 3; x++)
            {
                (int fromX, int fromY) = new ExifOrientation(orientation).Source(x, y, width, height);
                (rows[(fromY * width + fromX) * 3], rows[(fromY * width + fromX) * 3 + 1], rows[(fromY * width + fromX) * 3 + 2]) =
                    (upright[y * 3 + x], 128, 128);
            }
        }

        byte[] pixels = Decode(ImageFiles.Tiff(width, height, 8, 3, Photometric.YCBCR, rows, t =>
        {
            t.SetField(TiffTag.YCBCRSUBSAMPLING, 1, 1);
            t.SetField(TiffTag.ORIENTATION, orientation);
        }));
        for (int i = 0; i < 18; i++) Assert.InRange(Math.Abs(pixels[i] - upright[i / 3]), 0, 2);
    }

    [Theory]
    [InlineData(Compression.NONE), InlineData(Compression.LZW)]
    public void Tiles_are_put_together_and_what_hangs_over_the_edge_is_left_out(Compression compression)
    {
        byte[] rgb = [.. Enumerable.Range(0, 40 * 20 * 3).Select(i => (byte)(i * 7))];
        Assert.Equal(rgb, Decode(Written(40, 20, tiff =>
        {
            tiff.SetField(TiffTag.COMPRESSION, compression);
            tiff.SetField(TiffTag.TILEWIDTH, 16);
            tiff.SetField(TiffTag.TILELENGTH, 16);
            for (int top = 0; top < 20; top += 16)
            {
                for (int left = 0; left < 40; left += 16)
                {
                    var tile = new byte[16 * 16 * 3];
                    for (int y = top; y < Math.Min(top + 16, 20); y++)
                        rgb.AsSpan((y * 40 + left) * 3, Math.Min(16, 40 - left) * 3).CopyTo(tile.AsSpan((y - top) * 48));
                    tiff.WriteTile(tile, left, top, 0, 0);
                }
            }
        })));
    }

    [Fact]
    public void Planes_that_are_stored_one_after_another_are_put_together() => Assert.Equal([1, 3, 5, 2, 4, 6], Decode(Written(2, 1, tiff =>
    {
        tiff.SetField(TiffTag.PLANARCONFIG, PlanarConfig.SEPARATE);
        tiff.SetField(TiffTag.ROWSPERSTRIP, 1);
        for (short plane = 0; plane < 3; plane++) tiff.WriteScanline([(byte)(plane * 2 + 1), (byte)(plane * 2 + 2)], 0, plane);
    })));

    [Theory]
    [InlineData(1, 16, false)]
    [InlineData(2, 16, false)]     // several strips, chroma at half size
    [InlineData(2, 48, true)]
    public void Jpeg_inside_a_tiff_is_decoded_strip_by_strip_and_tile_by_tile(int subsampling, int side, bool tiled)
    {
        // Blocks of 16×16 that differ in color show where each piece went; 40 rows, so that the last strip is short.
        byte[] rgb =
            [.. Enumerable.Range(0, 48 * 40).SelectMany(i => new[] { (byte)(i % 48 / 16 * 100), (byte)(i / 48 / 16 * 100), (byte)60 })];
        byte[] pixels = Decode(Written(48, 40, tiff =>
        {
            tiff.SetField(TiffTag.COMPRESSION, Compression.JPEG);
            tiff.SetField(TiffTag.PHOTOMETRIC, Photometric.YCBCR);
            tiff.SetField(TiffTag.JPEGCOLORMODE, JpegColorMode.RGB);
            tiff.SetField(TiffTag.JPEGQUALITY, 95);
            tiff.SetField(TiffTag.YCBCRSUBSAMPLING, subsampling, subsampling);
            if (tiled)
            {
                tiff.SetField(TiffTag.TILEWIDTH, side);
                tiff.SetField(TiffTag.TILELENGTH, side);
                tiff.WriteTile([.. rgb, .. new byte[(side * side - 48 * 40) * 3]], 0, 0, 0, 0);
            }
            else
            {
                tiff.SetField(TiffTag.ROWSPERSTRIP, side);
                for (int y = 0; y < 40; y++) tiff.WriteScanline(rgb[(y * 48 * 3)..((y + 1) * 48 * 3)], y);
            }
        }));
        for (int block = 0; block < 9; block++)
        {
            int at = ((block / 3 * 16 + 4) * 48 + block % 3 * 16 + 8) * 3;
            for (int c = 0; c < 3; c++) Assert.InRange(Math.Abs(pixels[at + c] - rgb[at + c]), 0, 6);
        }
    }

    [Theory]
    [InlineData(Compression.NONE, "its tile or strip 0 ends after 18 of its")]
    [InlineData(Compression.ADOBE_DEFLATE, "more than any TIFF compression can pack")]
    public void More_pixels_than_its_bytes_can_hold_are_refused_before_memory_is_taken(Compression compression, string expected)
    {
        byte[] file = ImageFiles.Tiff(
            3, 2, 8, 3, Photometric.RGB, ImageFiles.Colors, t => t.SetField(TiffTag.COMPRESSION, compression));
        foreach (int tag in new[] { 256, 257, 278 })
        {
            int at = file.AsSpan().IndexOf([(byte)tag, (byte)(tag >> 8)]);
            (file[at + 8], file[at + 9]) = (0x10, 0x27); // 10,000
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(expected, Assert.Throws<SwanImageException>(() => Decode(file)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Fact]
    public void More_strips_than_are_listed_are_refused_before_lists_of_them_are_made()
    {
        // One pixel wide, 2²⁸ rows of a strip each, one strip listed: LibTiff would make four lists of that many numbers.
        byte[] file =
        [
            .. "II*\0"u8, 8, 0, 0, 0, 6, 0,
            0, 1, 4, 0, 1, 0, 0, 0, 1, 0, 0, 0,
            1, 1, 4, 0, 1, 0, 0, 0, 0xFF, 0xFF, 0, 0,
            6, 1, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0,
            17, 1, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0,
            22, 1, 4, 0, 1, 0, 0, 0, 1, 0, 0, 0,
            23, 1, 4, 0, 1, 0, 0, 0, 1, 0, 0, 0,
            0, 0, 0, 0,
        ];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(
            "65535 tiles or strips, but 1", Assert.Throws<SwanImageException>(() => Decode(file)).Message, StringComparison.Ordinal);
        file[10 + 12 + 11] = 0x10; // 2²⁸ and more rows
        Assert.Equal(ImageFault.TooLarge, Assert.Throws<SwanImageException>(() => Decode(file)).Fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void An_entry_twice_or_of_another_type_can_not_hide_what_LibTiff_reads()
    {
        byte[] file = ImageFiles.Tiff(3, 2, 8, 3, Photometric.RGB, ImageFiles.Colors);
        int width = file.AsSpan().IndexOf<byte>([0, 1, 3, 0]), height = file.AsSpan().IndexOf<byte>([1, 1, 3, 0]);
        byte[] twice = [.. file];
        twice[height] = 0; // the height becomes a second width
        Assert.Contains("the entry 256 twice", Assert.Throws<SwanImageException>(() => Decode(twice)).Message, StringComparison.Ordinal);
        byte[] other = [.. file];
        other[width + 2] = 12; // DOUBLE
        Assert.Equal(ImageFault.Corrupt, Assert.Throws<SwanImageException>(() => Decode(other)).Fault);
    }

    [Fact]
    public void A_count_of_entries_that_overflows_is_refused()
    {
        byte[] file = [.. "II+\0"u8, 8, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0x67, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x26, .. new byte[12]];
        Assert.Equal(ImageFault.Truncated, Assert.Throws<SwanImageException>(() => Decode(file)).Fault);
    }

    [Fact]
    public void A_tile_that_is_a_larger_jpeg_than_a_tile_is_refused()
    {
        byte[] file = Written(16, 16, tiff =>
        {
            tiff.SetField(TiffTag.COMPRESSION, Compression.JPEG);
            tiff.SetField(TiffTag.PHOTOMETRIC, Photometric.YCBCR);
            tiff.SetField(TiffTag.TILEWIDTH, 16);
            tiff.SetField(TiffTag.TILELENGTH, 16);
            byte[] jpeg = ImageFiles.Skia(ImageFiles.Noise(64, 64), 64, 64, SkiaSharp.SKEncodedImageFormat.Jpeg);
            tiff.WriteRawTile(0, jpeg, 0, jpeg.Length);
        });
        Assert.Contains(
            "JPEG larger than its 16×16 pixels", Assert.Throws<SwanImageException>(() => Decode(file)).Message, StringComparison.Ordinal);
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
        Assert.All(files,
            f => Assert.Equal(Path.GetFileName(f).StartsWith("ucm", StringComparison.Ordinal) ? 256 : 500, ImageDecoder.Decode(f).Height));
    }

    private static byte[] Deep(ushort[] samples, Action<Tiff>? more = null) => ImageFiles.Tiff(
        samples.Length, 1, 16, 1, Photometric.MINISBLACK, [.. samples.SelectMany(BitConverter.GetBytes)], more);

    private static byte[] Decode(byte[] file, SampleRange? range = null) =>
        ImageDecoder.Decode(file, "made", new ImageDecodingOptions { Range = range }).Pixels;

    private static byte[] Written(int width, int height, Action<Tiff> write)
    {
        using var stream = new MemoryStream();
        using Tiff tiff = Tiff.ClientOpen("made", "w", stream, new TiffStream());
        tiff.SetField(TiffTag.IMAGEWIDTH, width);
        tiff.SetField(TiffTag.IMAGELENGTH, height);
        tiff.SetField(TiffTag.BITSPERSAMPLE, 8);
        tiff.SetField(TiffTag.SAMPLESPERPIXEL, 3);
        tiff.SetField(TiffTag.PHOTOMETRIC, Photometric.RGB);
        tiff.SetField(TiffTag.PLANARCONFIG, PlanarConfig.CONTIG);
        write(tiff);
        tiff.WriteDirectory();
        return stream.ToArray();
    }

    private sealed class Listener : TiffErrorHandler
    {
        public bool Heard { get; private set; }

        public override void ErrorHandler(Tiff tif, string method, string format, params object[] args) => Heard = true;
    }
}
