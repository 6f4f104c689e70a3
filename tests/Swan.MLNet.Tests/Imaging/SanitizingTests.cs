using System.Buffers.Binary;
using System.Text;
using SkiaSharp;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>What decoding doesn't need changes no picture, whatever it says: it doesn't reach the native decoder.</summary>
public sealed class SanitizingTests
{
    private const int Width = 60, Height = 40;
    private static readonly byte[] Rgba = ImageFiles.Noise(Width, Height);

    [Theory]
    [InlineData(60, 40)]
    [InlineData(20_000, 12)]
    public void A_palette_png_that_says_its_colors_had_565_bits_shows_its_colors(int width, int height)
    {
        byte[] palette = [.. Enumerable.Range(0, 256).SelectMany(i => new[] { (byte)i, (byte)(255 - i), (byte)(i * 7) })];
        byte[] indices = [.. Enumerable.Range(0, width * height).Select(i => (byte)(i * 31))];
        byte[] plain = ImageFiles.PalettePng(indices, palette, width, height);

        byte[] hinted = ImageFiles.PngWithChunk(plain, "sBIT", [5, 6, 5]);

        byte[] expected = [.. indices.SelectMany(i => palette.AsSpan(i * 3, 3).ToArray())];
        Assert.Equal(expected, ImageDecoder.Decode(plain, "plain").Pixels);
        Assert.Equal(expected, ImageDecoder.Decode(hinted, "hinted").Pixels);
    }

    [Fact]
    public void A_valid_kilobyte_that_killed_the_process_is_a_picture()
    {
        using Stream stream = typeof(SanitizingTests).Assembly.GetManifestResourceStream("palette-sbit565-250000x4.png")!;
        byte[] file = new byte[stream.Length];
        stream.ReadExactly(file);

        RgbImage first = ImageDecoder.Decode(file, "first"), second = ImageDecoder.Decode(file, "second");

        Assert.Equal((250_000, 4), (first.Width, first.Height));
        Assert.Equal(first.Pixels, second.Pixels);
    }

    [Theory]
    [InlineData("png-palette-sbit565-photo-garbage.png", "png-palette-same-photo-right.png")]
    public void A_photo_has_the_pixels_of_the_same_photo_without_the_hint(string hinted, string plain) => Assert.Equal(
        ImageDecoder.Decode(SharedFolder.Data($"faults/{plain}")).Pixels,
        ImageDecoder.Decode(SharedFolder.Data($"faults/{hinted}")).Pixels);

    [Theory]
    [InlineData("sBIT", 3), InlineData("gAMA", 4), InlineData("cHRM", 32), InlineData("sRGB", 1), InlineData("iCCP", 40)]
    [InlineData("tRNS", 6), InlineData("bKGD", 6), InlineData("hIST", 512), InlineData("pHYs", 9), InlineData("sPLT", 30)]
    [InlineData("tEXt", 90), InlineData("zTXt", 90), InlineData("iTXt", 90), InlineData("acTL", 8), InlineData("fcTL", 26)]
    [InlineData("eXIf", 40), InlineData("ruBb", 70), InlineData("PLTE", 30)]
    public void A_png_chunk_that_decoding_does_not_need_changes_nothing(string type, int length)
    {
        byte[] png = ImageFiles.Skia(Rgba, Width, Height, SKEncodedImageFormat.Png), junk = new byte[length];
        new Random(length).NextBytes(junk);

        byte[] file = ImageFiles.PngWithChunk(png, type, junk);

        Assert.Equal(ImageDecoder.Decode(png, "plain").Pixels, ImageDecoder.Decode(file, "made").Pixels);
        Assert.Equal(Kept(w => PngChunks.Keep(png, w, "plain")), Kept(w => PngChunks.Keep([.. file, 1, 2, 3], w, "made")));
    }

    [Theory]
    [InlineData("IHDR", new byte[] { 0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0 })]
    [InlineData("CgBI", new byte[] { 0, 0, 0, 0 })]
    public void A_png_with_a_critical_chunk_out_of_place_is_refused(string type, byte[] contents)
    {
        byte[] png = ImageFiles.Skia(Rgba, Width, Height, SKEncodedImageFormat.Png);

        var e = Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(ImageFiles.PngWithChunk(png, type, contents), "made"));

        Assert.Equal(ImageFault.Corrupt, e.Fault);
    }

    [Fact]
    public void A_16_bit_png_that_uses_little_of_its_range_is_refused()
    {
        static byte[] Deep(byte high)
        {
            using var data = new MemoryStream();
            using (var zlib = new System.IO.Compression.ZLibStream(data, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
                zlib.Write([0, high, 255]);
            return
            [
                0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. ImageFiles.PngChunk("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 16, 0, 0, 0, 0]),
                .. ImageFiles.PngChunk("IDAT", data.ToArray()), .. ImageFiles.PngChunk("IEND", []),
            ];
        }

        Assert.Equal([64, 64, 64], ImageDecoder.Decode(Deep(64), "bright").Pixels);
        var e = Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(Deep(63), "dark"));
        Assert.Equal(ImageFault.Unsupported, e.Fault);
    }

    [Fact]
    public void Segments_of_applications_and_comments_change_no_jpeg()
    {
        byte[] jpeg = ImageFiles.Skia(Rgba, Width, Height, SKEncodedImageFormat.Jpeg, 90);
        var random = new Random(2);
        (byte, byte[])[] segments =
        [
            .. Enumerable.Range(0xE0, 16).Append(0xFE).Select(marker =>
            {
                byte[] junk = new byte[random.Next(0, 3000)];
                random.NextBytes(junk);
                return ((byte)marker, junk);
            }),
            (0xE1, [.. "Exif\0\0"u8, .. "II*\0"u8, 255, 255, 255, 127]),
            (0xE2, [.. "ICC_PROFILE\0"u8, 1, 1, .. new byte[200]]),
            (0xE0, [.. "JFIF\0"u8, 1, 2, 1, 0, 72, 0, 72, 200, 200, 9, 9]),
        ];

        byte[] file = [.. EncodedImages.With(jpeg, segments), .. new byte[500]];

        Assert.Equal(ImageDecoder.Decode(jpeg, "plain").Pixels, ImageDecoder.Decode(file, "made").Pixels);
        byte[] plain = Kept(w => JpegSegments.Keep(jpeg, w, "plain")), kept = Kept(w => JpegSegments.Keep(file, w, "made"));
        // A second, equal JFIF segment is all that came through.
        Assert.Equal(plain.Length + 18, kept.Length);
        Assert.Equal(plain[2..], kept[20..]);
    }

    [Fact]
    public void A_jpeg_marker_that_decoding_does_not_need_is_left_out()
    {
        byte[] jpeg = ImageFiles.Skia(Rgba, Width, Height, SKEncodedImageFormat.Jpeg, 90);

        byte[] file = EncodedImages.With(jpeg, (0xDC, [0, 9]), (0xF7, new byte[99]), (0x20, new byte[9]), (0xE0, [.. "JFIF\0"u8, 1]));

        Assert.Equal(Kept(w => JpegSegments.Keep(jpeg, w, "plain")), Kept(w => JpegSegments.Keep(file, w, "made")));
    }

    [Fact]
    public void The_first_exif_block_that_says_an_orientation_turns_a_jpeg()
    {
        byte[] jpeg = ImageFiles.Skia(Rgba, Width, Height, SKEncodedImageFormat.Jpeg, 90);

        byte[] file = EncodedImages.With(jpeg, (0xE1, [.. "Exif\0\0"u8, 9, 9, 9]), EncodedImages.Orientation(6, bigEndian: true),
            EncodedImages.Orientation(3, bigEndian: true));

        RgbImage image = ImageDecoder.Decode(file, "made");
        Assert.Equal((Height, Width), (image.Width, image.Height));
    }

    [Theory]
    [InlineData((byte)12, (byte)0xC1, "samples of 12 bits")]
    [InlineData((byte)8, (byte)0xC3, "lossless coding (SOF3)")]
    public void A_kind_of_jpeg_that_is_not_read_is_named(byte bits, byte frame, string expected)
    {
        byte[] jpeg = ImageFiles.Skia(Rgba, Width, Height, SKEncodedImageFormat.Jpeg, 90);
        int at = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        (jpeg[at + 1], jpeg[at + 4]) = (frame, bits);

        var e = Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(jpeg, "made"));

        Assert.Equal(ImageFault.Unsupported, e.Fault);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_webp_is_turned_whether_or_not_its_exif_begins_as_in_a_jpeg(bool prefixed)
    {
        (byte[] stored, int width, int height) = ImageFiles.Stored(6);
        byte[] webp = ImageFiles.Skia(ImageFiles.WithAlpha(stored), width, height, SKEncodedImageFormat.Webp);
        byte[] exif = [.. prefixed ? "Exif\0\0"u8.ToArray() : [], .. ImageFiles.Exif(6)];

        byte[] file = Extended(webp, width, height, ("ICCP", new byte[33]), ("XMP ", new byte[7]), ("EXIF", exif));
        RgbImage image = ImageDecoder.Decode(file, "made");

        Assert.Equal((3, 2), (image.Width, image.Height));
        Assert.Equal(ImageFiles.Colors, image.Pixels);
    }

    [Fact]
    public void The_first_frame_of_an_animated_webp_lies_on_black()
    {
        byte[] webp = ImageFiles.Skia(ImageFiles.WithAlpha(ImageFiles.Colors), 3, 2, SKEncodedImageFormat.Webp);
        byte[] frame = [1, 0, 0, 1, 0, 0, 2, 0, 0, 1, 0, 0, 100, 0, 0, 0, .. webp[12..]]; // at (2, 2), 3×2

        byte[] file = Extended(null, 6, 5, ("ANIM", new byte[6]), ("ANMF", frame), ("ANMF", new byte[30]));
        RgbImage image = ImageDecoder.Decode(file, "made");

        Assert.Equal((6, 5), (image.Width, image.Height));
        Assert.Equal(ImageFiles.Colors, Enumerable.Range(2, 2).SelectMany(y => image.Pixels.AsSpan((y * 6 + 2) * 3, 9).ToArray()));
        Assert.Equal(ImageFiles.Colors.Sum(v => v), image.Pixels.Sum(v => v));
    }

    [Theory]
    [InlineData(7, 5)]
    [InlineData(2, 2)]
    public void A_webp_whose_canvas_is_not_its_pictures_is_refused(int width, int height)
    {
        byte[] webp = ImageFiles.Skia(ImageFiles.WithAlpha(ImageFiles.Colors), 3, 2, SKEncodedImageFormat.Webp);

        var e = Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(Extended(webp, width, height), "made"));

        Assert.Equal(ImageFault.Corrupt, e.Fault);
    }

    [Fact]
    public void Extensions_and_later_pictures_change_no_gif()
    {
        byte[] gif = ImageFiles.Gif(ImageFiles.Colors, 3, 2);
        int picture = Array.IndexOf(gif, (byte)0x2C, 13);
        byte[] comment = [0x21, 0xFE, 3, 1, 2, 3, 0], loop = [0x21, 0xFF, 11, .. "NETSCAPE2.0"u8, 3, 1, 0, 0, 0];

        byte[] larger = [.. gif[..picture], .. comment, .. loop, .. gif[picture..^1], 0x21, 0xF9, 4, 8, 0, 0, 1, 0, .. gif[picture..]];

        Assert.Equal(ImageFiles.Colors, ImageDecoder.Decode(larger, "made").Pixels);
        Assert.Equal(gif, Kept(w => GifBlocks.Keep(larger, w, "made", out _)));
    }

    [Theory]
    [InlineData(4u)] // a JPEG in the place of rows
    [InlineData(5u)] // a PNG
    [InlineData(77u)]
    public void A_bmp_around_another_file_is_refused(uint compression)
    {
        byte[] bmp = ImageFiles.Bmp(ImageFiles.Colors, 3, 2);
        BinaryPrimitives.WriteUInt32LittleEndian(bmp.AsSpan(30), compression);

        Assert.Equal(ImageFault.Unsupported, Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(bmp, "made")).Fault);
    }

    [Theory]
    [InlineData("\0\0\0\fjP  \r\n", "it is JPEG 2000.")]
    [InlineData("\0\0\0\u001cftypavif", "it is AVIF.")]
    [InlineData("\0\0\0\u001cftypheic", "it is HEIC.")]
    [InlineData("NITF02.10", "it is NITF.")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "git lfs pull")]
    [InlineData("<!DOCTYPE html><html>404", "a web page")]
    public void A_file_of_another_kind_is_named(string beginning, string expected) => Assert.Contains(
        expected,
        Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(Encoding.Latin1.GetBytes(beginning), "a.jpg")).Message,
        StringComparison.Ordinal);

    private static byte[] Kept(Action<KeptBytes> keep)
    {
        var counted = new KeptBytes();
        keep(counted);
        byte[] room = new byte[counted.Length];
        keep(new KeptBytes(room));
        return room;
    }

    // A WebP with an extended header, the other's picture if there is one, and further chunks.
    private static byte[] Extended(byte[]? webp, int width, int height, params (string Type, byte[] Contents)[] chunks)
    {
        byte[] header = [0x3E, 0, 0, 0, .. Int24(width - 1), .. Int24(height - 1)];
        byte[] body =
        [
            .. "WEBP"u8, .. Chunk("VP8X", header), .. webp is null ? [] : webp[12..],
            .. chunks.SelectMany(c => Chunk(c.Type, c.Contents)),
        ];
        return [.. "RIFF"u8, .. BitConverter.GetBytes(body.Length), .. body];

        static byte[] Int24(int value) => [(byte)value, (byte)(value >> 8), (byte)(value >> 16)];
        static byte[] Chunk(string type, byte[] contents) =>
            [.. Encoding.ASCII.GetBytes(type), .. BitConverter.GetBytes(contents.Length), .. contents, .. new byte[contents.Length % 2]];
    }
}
