using BitMiracle.LibTiff.Classic;
using Microsoft.ML.Data;
using SkiaSharp;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

public sealed class ImageDecoderTests
{
    public static TheoryData<string> All => [.. ImageDecoder.Formats];

    public static TheoryData<string> Lossless => [.. ImageDecoder.Formats.Where(f => f != "JPEG")];

    [Theory]
    [MemberData(nameof(Lossless))]
    public void Lossless_formats_give_the_pixels_that_were_written(string format)
    {
        RgbImage image = ImageDecoder.Decode(Encode(format, ImageFiles.Colors, 3, 2), "made");
        Assert.Equal((3, 2), (image.Width, image.Height));
        Assert.Equal(ImageFiles.Colors, image.Pixels);
    }

    [Fact]
    public void A_jpeg_gives_its_pixels_within_what_its_compression_loses()
    {
        byte[] rgb = [.. Enumerable.Range(0, 32 * 24).SelectMany(i => new[] { (byte)(i % 32 * 8), (byte)(i / 32 * 10), (byte)128 })];
        RgbImage image = ImageDecoder.Decode(ImageFiles.Skia(ImageFiles.WithAlpha(rgb), 32, 24, SKEncodedImageFormat.Jpeg), "made");
        Assert.Equal((32, 24), (image.Width, image.Height));
        Assert.True(rgb.Zip(image.Pixels, (a, b) => Math.Abs(a - b)).Max() <= 12);
    }

    [Theory]
    [InlineData("png")]
    [InlineData("webp")]
    [InlineData("tiff")]
    public void Alpha_is_dropped_and_the_colors_of_see_through_pixels_stay(string format)
    {
        byte[] rgba = [.. ImageFiles.Colors.Chunk(3).SelectMany((p, i) => new[] { p[0], p[1], p[2], (byte)(40 * i + 3) })];
        byte[] file = format == "tiff"
            ? ImageFiles.Tiff(3, 2, 8, 4, Photometric.RGB, rgba,
                t => t.SetField(TiffTag.EXTRASAMPLES, 1, new[] { (short)ExtraSample.UNASSALPHA }))
            : ImageFiles.Skia(rgba, 3, 2, format == "png" ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Webp);
        Assert.Equal(ImageFiles.Colors, ImageDecoder.Decode(file, "made").Pixels);
    }

    [Fact]
    public void A_see_through_pixel_of_a_gif_keeps_its_palette_color() =>
        Assert.Equal(ImageFiles.Colors, ImageDecoder.Decode(ImageFiles.Gif(ImageFiles.Colors, 3, 2, transparent: 1), "made").Pixels);

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public void Every_orientation_of_a_png_comes_out_upright(int orientation)
    {
        (byte[] stored, int width, int height) = ImageFiles.Stored(orientation);
        byte[] png = ImageFiles.Skia(ImageFiles.WithAlpha(stored), width, height, SKEncodedImageFormat.Png);
        Upright(ImageDecoder.Decode(ImageFiles.PngWithChunk(png, "eXIf", ImageFiles.Exif(orientation)), "made"));
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public void Every_orientation_of_a_tiff_comes_out_upright(int orientation)
    {
        (byte[] stored, int width, int height) = ImageFiles.Stored(orientation);
        Upright(ImageDecoder.Decode(
            ImageFiles.Tiff(width, height, 8, 3, Photometric.RGB, stored, t => t.SetField(TiffTag.ORIENTATION, orientation)), "made"));
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public void Every_orientation_of_a_jpeg_comes_out_upright(int orientation)
    {
        // Each pixel as a block of 16×16, so that the compression leaves its middle alone.
        (byte[] stored, int width, int height) = ImageFiles.Stored(orientation);
        var large = new byte[width * height * 256 * 3];
        for (int y = 0; y < height * 16; y++)
        {
            for (int x = 0; x < width * 16; x++)
                stored.AsSpan((y / 16 * width + x / 16) * 3, 3).CopyTo(large.AsSpan((y * width * 16 + x) * 3));
        }

        byte[] jpeg = ImageFiles.Skia(ImageFiles.WithAlpha(large), width * 16, height * 16, SKEncodedImageFormat.Jpeg);
        RgbImage image = ImageDecoder.Decode(ImageFiles.JpegWithOrientation(jpeg, orientation), "made");
        Assert.Equal((48, 32), (image.Width, image.Height));
        for (int i = 0; i < 6; i++)
        {
            for (int c = 0; c < 3; c++)
            {
                Assert.InRange(
                    Math.Abs(image.Pixels[((i / 3 * 16 + 8) * 48 + i % 3 * 16 + 8) * 3 + c] - ImageFiles.Colors[i * 3 + c]), 0, 12);
            }
        }
    }

    [Theory]
    [InlineData(0), InlineData(9), InlineData(255)]
    public void An_orientation_that_does_not_exist_changes_nothing(int orientation)
    {
        byte[] png = ImageFiles.Skia(ImageFiles.WithAlpha(ImageFiles.Colors), 3, 2, SKEncodedImageFormat.Png);
        Upright(ImageDecoder.Decode(ImageFiles.PngWithChunk(png, "eXIf", ImageFiles.Exif(orientation)), "made"));
        Upright(ImageDecoder.Decode(ImageFiles.PngWithChunk(png, "eXIf", ImageFiles.Exif(6)[..20]), "made"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_file_cut_anywhere_is_an_error_that_names_it(string format)
    {
        byte[] file = Encode(format, [.. ImageFiles.Noise(24, 20).Chunk(4).SelectMany(p => p[..3])], 24, 20);
        for (int length = 0; length < file.Length; length++)
        {
            // GIF's last two bytes end the file, not the image; a reader may do without them.
            if (format == "GIF" && length >= file.Length - 2) continue;
            var e = Record.Exception(() => ImageDecoder.Decode(file.AsMemory(0, length), "some/cut.file"));
            Assert.True(
                e is SwanImageException { ImageName: "some/cut.file" } && e.Message.Contains("some/cut.file", StringComparison.Ordinal),
                $"cut to {length} of {file.Length} bytes: {e?.ToString() ?? "was read"}");
        }
    }

    [Theory]
    [InlineData("scene.TIF", "or search it in windows as a scene (swan scene;")]
    [InlineData("picture.png", "limit of 1. Tile the image, or raise MaxPixels (swan embed: --max-pixels).")]
    public void A_picture_with_too_many_pixels_is_told_what_to_do(string name, string expected)
    {
        byte[] file = Encode(name == "picture.png" ? "PNG" : "TIFF", ImageFiles.Colors, 3, 2);
        var pixels = Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(file, name, new() { MaxPixels = 1 }));
        var bytes = Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(file, name, new() { MaxBytes = 1 }));
        Assert.Equal((ImageFault.TooLarge, ImageFault.TooLarge), (pixels.Fault, bytes.Fault));
        Assert.Contains(expected, pixels.Message, StringComparison.Ordinal);
        Assert.Contains(expected.Replace("Pixels", "Bytes").Replace("pixels", "bytes"), bytes.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unusable_skia_names_the_cause_and_the_version_that_works()
    {
        SwanDeviceException error = SkiaDecoder.Unusable(new TypeInitializationException(
            "SkiaSharp.SKData", new InvalidOperationException("The version of the native libSkiaSharp library (88.1) is incompatible.")));
        Assert.Contains("decoded: The version of the native libSkiaSharp library (88.1) is incompatible. Keep the package SkiaSharp "
            + "and its native assets at 2.88", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_png_with_a_changed_bit_is_refused_or_shows_the_same_picture()
    {
        byte[] file = Encode("PNG", [.. ImageFiles.Noise(12, 10).Chunk(4).SelectMany(p => p[..3])], 12, 10);
        byte[] pixels = ImageDecoder.Decode(file, "whole").Pixels;
        int refused = 0;
        for (int bit = 0; bit < file.Length * 8; bit++)
        {
            byte[] changed = [.. file];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Assert.Equal(pixels, ImageDecoder.Decode(changed, "changed").Pixels);
            }
            catch (SwanImageException)
            {
                refused++;
            }
        }

        Assert.True(refused > file.Length * 7, $"{refused} of {file.Length * 8}");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Damage_anywhere_never_ends_in_another_exception(string format)
    {
        byte[] file = Encode(format, [.. ImageFiles.Noise(16, 12).Chunk(4).SelectMany(p => p[..3])], 16, 12);
        var random = new Random(3);
        for (int i = 0; i < 2000; i++)
        {
            byte[] changed = [.. file];
            for (int k = random.Next(1, 5); k > 0; k--)
                changed[random.Next(i % 2 == 0 ? Math.Min(changed.Length, 120) : changed.Length)] = (byte)random.Next(256);
            if (Record.Exception(() => ImageDecoder.Decode(changed, "changed", new() { MaxPixels = 1_000_000 })) is { } e)
                Assert.IsType<SwanImageException>(e);
        }
    }

    [Fact]
    public void Paths_that_name_no_image_are_told_apart()
    {
        using var folder = new TemporaryFolder();
        Refused("", ImageFault.Missing);
        Refused(folder.File("no.png"), ImageFault.Missing);
        string message = Assert.Throws<SwanImageException>(() => ImageDecoder.Decode("no such folder/no.png")).Message;
        Assert.Contains($"looked for '{Path.GetFullPath("no such folder/no.png")}'", message, StringComparison.Ordinal);
        Refused(folder.FullName, ImageFault.Unreadable);
        File.WriteAllBytes(folder.File("empty.png"), []);
        Refused(folder.File("empty.png"), ImageFault.Empty);
        File.WriteAllText(folder.File("text.png"), "this is no picture");
        Refused(folder.File("text.png"), ImageFault.NotAnImage);
        File.WriteAllBytes(folder.File("video.jpg"), [0, 0, 1, 0x67, .. new byte[200]]); // a 1×103 bitmap to a phone of 1999
        Refused(folder.File("video.jpg"), ImageFault.NotAnImage);
        Refused("a\0b", ImageFault.Missing, ImageFault.Unreadable);
        Assert.Throws<ArgumentNullException>(() => ImageDecoder.Decode((string)null!));

        static void Refused(string path, params ImageFault[] faults)
        {
            var e = Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(path));
            Assert.Contains(e.Fault, faults);
            Assert.Equal(path, e.ImageName);
            Assert.Contains($"'{path}'", e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Lossless))]
    public void More_pixels_than_allowed_are_refused_and_the_message_says_how_many(string format)
    {
        var e = Assert.Throws<SwanImageException>(
            () => ImageDecoder.Decode(Encode(format, ImageFiles.Colors, 3, 2), "made", new() { MaxPixels = 5 }));
        Assert.Equal(ImageFault.TooLarge, e.Fault);
        Assert.Contains("3×2 = 6", e.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(ImageDecodingOptions.MaxPixels), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_file_that_claims_to_be_huge_takes_no_memory_for_it()
    {
        byte[] png = ImageFiles.Skia(ImageFiles.WithAlpha(ImageFiles.Colors), 3, 2, SKEncodedImageFormat.Png);
        byte[] header = ImageFiles.PngChunk("IHDR", [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60, 8, 2, 0, 0, 0]); // 60,000×60,000
        byte[] huge = [.. png.AsSpan(0, 8), .. header, .. png.AsSpan(33)];
        byte[] tiff = ImageFiles.Tiff(3, 2, 8, 3, Photometric.RGB, ImageFiles.Colors);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(ImageFault.TooLarge, Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(huge, "huge")).Fault);
        Assert.Equal(
            ImageFault.TooLarge, Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(tiff, "tiff", new() { MaxBytes = 10 })).Fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Fact]
    public void Limits_outside_their_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageDecodingOptions { MaxPixels = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new ImageDecodingOptions { MaxPixels = ImageDecodingOptions.MaxAllowedPixels + 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageDecodingOptions { MaxBytes = 0 });
    }

    [Fact]
    public void A_side_out_of_all_proportion_is_refused_in_files_and_in_MLImages()
    {
        const int Side = ImageDecodingOptions.MaxSide + 1;
        byte[] png = ImageFiles.Skia(new byte[Side * 4], Side, 1, SKEncodedImageFormat.Png);
        Assert.Equal(ImageFault.TooLarge, Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(png, "made")).Fault);
        using MLImage image = MLImage.CreateFromPixels(1, Side, MLPixelFormat.Rgba32, new byte[Side * 4]);
        Assert.Equal(ImageFault.TooLarge, Assert.Throws<SwanImageException>(() => ImageDecoder.FromMLImage(image)).Fault);
    }

    [Theory]
    [InlineData(1, 1), InlineData(5, 1), InlineData(6, 3), InlineData(23, 2)]   // the vector path and the rest of a row
    public void An_MLImage_gives_its_pixels(int width, int height)
    {
        byte[] rgba = ImageFiles.Noise(width, height);
        byte[] rgb = [.. rgba.Chunk(4).SelectMany(p => p[..3])],
            bgra = [.. rgba.Chunk(4).SelectMany(p => new[] { p[2], p[1], p[0], p[3] })];
        using MLImage first = MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, rgba),
            second = MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, bgra);
        Assert.Equal(rgb, ImageDecoder.FromMLImage(first).Pixels);
        Assert.Equal(rgb, ImageDecoder.FromMLImage(second).Pixels);
    }

    private static void Upright(RgbImage image)
    {
        Assert.Equal((3, 2), (image.Width, image.Height));
        Assert.Equal(ImageFiles.Colors, image.Pixels);
    }

    private static byte[] Encode(string format, byte[] rgb, int width, int height) => format switch
    {
        "PNG" => ImageFiles.Skia(ImageFiles.WithAlpha(rgb), width, height, SKEncodedImageFormat.Png),
        "WebP" => ImageFiles.Skia(ImageFiles.WithAlpha(rgb), width, height, SKEncodedImageFormat.Webp),
        "JPEG" => ImageFiles.Skia(ImageFiles.WithAlpha(rgb), width, height, SKEncodedImageFormat.Jpeg, 90),
        "BMP" => ImageFiles.Bmp(rgb, width, height),
        "GIF" => ImageFiles.Gif(rgb[..18], 3, 2),
        "TIFF" => ImageFiles.Tiff(width, height, 8, 3, Photometric.RGB, rgb),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Make a file of this format here: these tests need one."),
    };
}
