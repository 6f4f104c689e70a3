using CsCheck;
using SkiaSharp;
using Swan.MLNet.Imaging;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>JPEGs in one of their own smaller scales, beside the same ones in full.</summary>
public sealed partial class ScaledJpegTests
{
    private static readonly ImagePreprocessing Preprocessing = new() { Size = 8 };

    [Theory]
    [InlineData(5000, 5000, 160, 1)]
    [InlineData(2048, 4096, 160, 2)]
    [InlineData(1024, 1024, 160, 3)]
    [InlineData(1024, 1024, 256, 4)]
    [InlineData(600, 5000, 160, 5)]
    [InlineData(427, 427, 160, 6)] // 6/8 of it are 321 pixels, rounded up
    [InlineData(426, 426, 160, 6)] // 320
    [InlineData(425, 425, 160, 8)] // 319
    [InlineData(224, 224, 160, 8)]
    [InlineData(100, 90_000, 160, 8)]
    [InlineData(5000, 5000, 0, 8)]
    [InlineData(16, 16, 1, 1)]
    [InlineData(1, 1, 8192, 8)]
    public void The_smallest_scale_with_twice_the_encoders_pixels_is_taken(int width, int height, int side, int eighths)
    {
        Assert.Equal(eighths, JpegScale.Choose(width, height, side));
        Assert.Equal(eighths, JpegScale.Choose(height, width, side));
    }

    [Fact]
    public void A_picture_is_decoded_in_full_up_to_the_largest_side()
    {
        for (int side = 1; side <= 512; side++)
        {
            int largest = JpegScale.LargestInFull(side);
            Assert.Equal(JpegScale.Full, JpegScale.Choose(largest, 10_000, side));
            Assert.NotEqual(JpegScale.Full, JpegScale.Choose(largest + 1, 10_000, side));
        }
        Assert.Equal(425, JpegScale.LargestInFull(160));
    }

    [Fact]
    public void Both_sides_have_at_least_twice_the_encoders_pixels_or_the_file_is_read_whole() =>
        Gen.Select(Gen.Int[1, 260_000], Gen.Int[1, 260_000], Gen.Int[1, 8192]).Sample((width, height, side) =>
        {
            int eighths = JpegScale.Choose(width, height, side);
            Assert.True(eighths == JpegScale.Full
                || Math.Min(JpegScale.Pixels(width, eighths), JpegScale.Pixels(height, eighths)) >= 2 * side);
        });

    // The same pictures each time: the bounds are a few levels above what is seen of them.
    [Fact]
    public void What_the_encoder_sees_is_near_what_it_sees_of_the_whole_picture()
    {
        var random = new Random(1);
        for (int seed = 0; seed < 300; seed++)
        {
            (int width, int height, int side) = (random.Next(1, 401), random.Next(1, 401), random.Next(4, 41));
            byte[] jpeg = NaturalPictures.Jpeg(width, height, seed, gray: random.Next(2) == 0);
            Compare(ImageFiles.JpegWithOrientation(jpeg, random.Next(1, 9)), side, out bool scaled);
            Assert.Equal(JpegScale.Choose(width, height, side) < JpegScale.Full, scaled);
        }
    }

    // 129 pixels are 16.125 of 1/8: a grid over all 17 would end half a pixel of the encoder's off, at 14 of a ramp's levels.
    [Theory]
    [InlineData(129, 129, 8)]
    [InlineData(130, 257, 8)]
    [InlineData(2553, 2553, 160)]
    [InlineData(1025, 1025, 160)]
    public void The_grid_ends_where_the_picture_does_in_every_orientation(int width, int height, int side)
    {
        byte[] ramp = NaturalPictures.JpegThatGoesOn(width, height, 0, SKColors.Black, ramp: true);
        foreach (int orientation in width > 1000 ? (int[])[1, 3] : [1, 2, 3, 4, 5, 6, 7, 8])
            Compare(ImageFiles.JpegWithOrientation(ramp, orientation), side, out bool _, most: 3, mean: 1);
    }

    [Fact]
    public void What_lies_beyond_the_picture_in_its_last_blocks_is_not_seen()
    {
        for (int more = 1; more <= 16; more++)
        {
            for (int orientation = 1; orientation <= 8; orientation++)
            {
                byte[] file = ImageFiles.JpegWithOrientation(
                    NaturalPictures.JpegThatGoesOn(128 + more, 160 + more, more, SKColors.Lime), orientation);
                foreach (int side in (int[])[8, 20, 40]) Compare(file, side, out bool _);
            }
        }
    }

    [Theory]
    [InlineData("baseline"), InlineData("gray"), InlineData("planes"), InlineData("restart"), InlineData("progressive")]
    [InlineData("progressive-restart"), InlineData("arithmetic"), InlineData("cmyk")]
    public void Every_kind_of_coding_and_color_is_scaled(string kind)
    {
        foreach (int orientation in Enumerable.Range(1, 8))
        {
            foreach (int side in (int[])[3, 5, 8, 10, 14, 20])
                Compare(ImageFiles.JpegWithOrientation(File(kind), orientation), side, out bool _);
        }
        Compare(File(kind), 3, out bool scaled);
        Assert.True(scaled);
    }

    [Fact]
    public void Photographs_are_near_too()
    {
        string[] files = [.. Directory.GetFiles(SharedFolder.Data("rsicd/images")).Order(StringComparer.Ordinal)];
        for (int i = 0; i < files.Length; i += Math.Max(1, files.Length / 100))
        {
            foreach (int side in (int[])[28, 37, 64]) Compare(System.IO.File.ReadAllBytes(files[i]), side, out bool _, most: 20, mean: 2.5);
        }
    }

    [Fact]
    public void A_picture_that_is_not_large_enough_has_the_same_bits() =>
        Gen.Select(Gen.Int[1, 100], Gen.Int[1, 100], Gen.Int[0, 1000]).Sample((width, height, seed) =>
        {
            byte[] jpeg = NaturalPictures.Jpeg(width, height, seed);
            int side = Math.Min(width, height) / 2 + 1;
            Assert.Equal(Decode(jpeg, 0).Pixels, Decode(jpeg, side).Pixels);
        }, iter: 100);

    [Fact]
    public void Formats_without_scales_and_images_in_memory_are_read_whole()
    {
        foreach (byte[] file in (byte[][])[EncodedImages.Png(90, 60), EncodedImages.WebP(90, 60)])
            Assert.Equal((90, 60, 8), Sides(Decode(file, 4)));
        Assert.Equal((90, 60, 8), Sides(Decode(new WrittenTiff(90, 60, 3, 8, (x, y, _) => x + y).Write(), 4)));

        static (int, int, int) Sides(RgbImage image) => (image.Width, image.Height, image.Reading!.Eighths);
    }

    [Theory]
    [InlineData(1, 400, 240)]
    [InlineData(6, 240, 400)]
    public void The_reading_says_the_files_size_and_the_scale(int orientation, int width, int height)
    {
        byte[] jpeg = ImageFiles.JpegWithOrientation(NaturalPictures.Jpeg(400, 240, 1), orientation);

        RgbImage image = Decode(jpeg, 40);

        Assert.Equal((width, height, orientation, 3),
            (image.Reading!.Width, image.Reading.Height, image.Reading.Orientation, image.Reading.Eighths));
        Assert.Equal((width * 3 / 8, height * 3 / 8), (image.Width, image.Height));
        Assert.Equal(8, Decode(jpeg, 0).Reading!.Eighths);
    }

    [Fact]
    public void What_is_charged_follows_the_scale()
    {
        byte[] jpeg = NaturalPictures.Jpeg(1600, 1600, 1);
        byte[] progressive = File("progressive");

        Assert.InRange(Charged(jpeg, 0), 3 * 1600 * 1600, long.MaxValue);
        Assert.InRange(Charged(jpeg, 100), 3 * 200 * 200, 3 * 200 * 200 * 9 / 8 + jpeg.Length * 9 / 8 + (1 << 18));
        // All coefficients are kept all the same.
        long whole = Charged(progressive, 0), scaled = Charged(progressive, 3);
        Assert.InRange(scaled, 6 * 72 * 56, whole - 1);
    }

    [Fact]
    public void The_limit_of_pixels_is_that_of_the_file()
    {
        byte[] jpeg = NaturalPictures.Jpeg(400, 300, 1);
        ImageDecodingOptions small = new ImageDecodingOptions { MaxPixels = 400 * 300 - 1 }
            .For(Preprocessing with { Decode = ImageDecode.Scaled });

        Assert.Equal(ImageFault.TooLarge, Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(jpeg, "large", small)).Fault);
    }

    private static long Charged(byte[] file, int side)
    {
        using DecodeTurn turn = DecodeTurn.Begin(CancellationToken.None);
        Decode(file, side);
        return DecodeTurn.Charged;
    }

    // Levels of 255 by which bytes of the encoder's input may differ at most, and on average over a picture.
    private static void Compare(byte[] jpeg, int side, out bool scaled, int most = 40, double mean = 5)
    {
        byte[] whole = Prepared(Decode(jpeg, 0), side);
        RgbImage image = Decode(jpeg, side);
        byte[] found = Prepared(image, side);
        int[] differences = [.. whole.Zip(found, (a, b) => Math.Abs(a - b))];
        scaled = image.Reading!.Eighths < JpegScale.Full;
        Assert.True(differences.Max() <= (scaled ? most : 0) && differences.Average() <= mean,
            $"{image.Reading} in {image.Reading.Eighths}/8 to {side}: {differences.Max()}, on average {differences.Average():F2}");
    }

    private static byte[] Prepared(RgbImage image, int side)
    {
        byte[] pixels = new byte[side * side * 3];
        ImagePreprocessor.Prepare(image, Preprocessing with { Size = side }, pixels);
        return pixels;
    }

    private static RgbImage Decode(byte[] file, int side) => ImageDecoder.Decode(file, "picture", side == 0
        ? null
        : new ImageDecodingOptions().For(Preprocessing with { Size = side, Decode = ImageDecode.Scaled }));

    private static byte[] File(string kind)
    {
        using Stream stream = typeof(ScaledJpegTests).Assembly.GetManifestResourceStream($"{kind}.jpg")!;
        byte[] file = new byte[stream.Length];
        stream.ReadExactly(file);
        return file;
    }
}
