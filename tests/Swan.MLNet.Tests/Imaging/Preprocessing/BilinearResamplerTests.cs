using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CsCheck;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

public sealed class BilinearResamplerTests
{
    private const string NoAvx2 = "DOTNET_EnableAVX2", NoVectors = "DOTNET_EnableHWIntrinsic";
    private static readonly PictureSide Two = PictureSide.Whole(2);
    private static readonly Gen<RgbImage> Image =
        Gen.Select(Gen.Int[1, 70], Gen.Int[1, 70]).SelectMany((w, h) => Gen.Byte.Array[w * h * 3].Select(p => new RgbImage(w, h, p)));

    // The last pixel of a side, or the first, is only partly of the picture.
    private static readonly Gen<RgbImage> Part = Gen.Select(Image, Gen.Int[0, 7], Gen.Int[0, 7], Gen.Bool, Gen.Bool).Select(
        (image, across, down, left, top) => Cut(image, across, down, left, top));

    [Theory]
    [InlineData(1, 100_000, 256, 256)]
    [InlineData(3000, 2500, 224, 224)]
    [InlineData(100, 70, 256, 224)]
    [InlineData(7, 5000, 5, 4999)]
    public void Both_passes_in_bands_are_one_after_the_other(int width, int height, int newWidth, int newHeight)
    {
        byte[] pixels = new byte[width * height * 3];
        new Random(5).NextBytes(pixels);
        var image = new RgbImage(width, height, pixels);
        RgbImage narrow = BilinearResampler.Resize(image, newWidth, height);
        Assert.True(BilinearResampler.Resize(narrow, newWidth, newHeight).Pixels.AsSpan()
            .SequenceEqual(BilinearResampler.Resize(image, newWidth, newHeight).Pixels));
        Assert.InRange(BilinearResampler.BetweenBytes(image.Rows, newWidth, newHeight), 1, 1 << 20);
    }

    [Fact]
    public void An_image_of_the_wanted_size_stays_as_it_is() => Image.Sample(image =>
        Assert.Equal(image.Pixels, BilinearResampler.Resize(image, image.Width, image.Height).Pixels));

    [Fact]
    public void One_color_stays_that_color_at_every_size() =>
        Gen.Select(Gen.Byte, Gen.Byte, Gen.Byte, Gen.Select(Gen.Int[1, 300], Gen.Int[1, 40]), Gen.Select(Gen.Int[1, 300], Gen.Int[1, 40]))
            .Sample((r, g, b, from, to) =>
            {
                byte[] pixels = [.. Enumerable.Repeat(new[] { r, g, b }, from.Item1 * from.Item2).SelectMany(p => p)];
                RgbImage resized = BilinearResampler.Resize(new RgbImage(from.Item1, from.Item2, pixels), to.Item1, to.Item2);
                for (int i = 0; i < resized.Pixels.Length; i += 3)
                    Assert.Equal((r, g, b), (resized.Pixels[i], resized.Pixels[i + 1], resized.Pixels[i + 2]));
            });

    [Fact]
    public void Every_pixel_is_within_one_level_of_the_same_filter_in_double_precision() =>
        Gen.Select(Gen.OneOf(Image, Part), Gen.Int[1, 90], Gen.Int[1, 90]).Sample((image, width, height) =>
        {
            byte[] ours = BilinearResampler.Resize(image, width, height).Pixels;
            double[] exact = Exact(image, width, height);
            for (int i = 0; i < ours.Length; i++)
            {
                Assert.True(Math.Abs(ours[i] - exact[i]) <= 1.01,
                    $"{image.Columns} × {image.Rows} to {width}×{height}: byte {i} is {ours[i]}, exactly {exact[i]:F3}");
            }
        });

    [Fact]
    public void Vectors_give_the_bytes_of_plain_arithmetic()
    {
        // In a process of its own, see below.
        if (Environment.GetEnvironmentVariable(NoAvx2) == "0") Assert.False(ResamplingVectors.IsSupported);
        if (Environment.GetEnvironmentVariable(NoVectors) == "0") Assert.False(Vector128.IsHardwareAccelerated);
        Gen.Select(
            Gen.Select(Gen.Int[1, 300], Gen.Int[1, 300]), Gen.Select(Gen.Int[1, 90], Gen.Int[1, 90]), Gen.Int, Gen.Bool, Gen.Int[0, 7])
            .Sample((from, to, seed, extreme, cut) =>
        {
            byte[] pixels = new byte[from.Item1 * from.Item2 * 3];
            new Random(seed).NextBytes(pixels);
            if (extreme) pixels = [.. pixels.Select(p => p < 128 ? byte.MinValue : byte.MaxValue)];
            RgbImage image = Cut(new RgbImage(from.Item1, from.Item2, pixels), cut, seed & 7, extreme, !extreme);
            Assert.Equal(Plain(image, to.Item1, to.Item2), BilinearResampler.Resize(image, to.Item1, to.Item2).Pixels);
        }, iter: 300);
    }

    // Vectors of 128 bits are what processors of Arm and old ones have; each machine has to give the same bytes.
    [Theory]
    [InlineData(NoAvx2)]
    [InlineData(NoVectors)]
    public void Shorter_vectors_and_none_give_the_same_bytes_too(string switchedOff)
    {
        Assert.SkipUnless(X86Base.IsSupported, "These switches are those of x64.");
        ChildProcess.Passes(typeof(BilinearResamplerTests).Assembly.Location, typeof(BilinearResamplerTests),
            nameof(Vectors_give_the_bytes_of_plain_arithmetic), isExplicit: false, (switchedOff, "0"));
    }

    [Fact]
    public void A_pixel_that_is_only_partly_of_the_picture_changes_nothing() =>
        Gen.Select(Part, Gen.Int[1, 90], Gen.Int[1, 90], Gen.Int).Sample((image, width, height, seed) =>
        {
            byte[] first = BilinearResampler.Resize(image, width, height).Pixels;
            var random = new Random(seed);
            for (int i = 0; i < image.Pixels.Length; i++)
            {
                (int x, int y) = (i / 3 % image.Width, i / 3 / image.Width);
                if (x < image.Columns.First || x >= image.Columns.End || y < image.Rows.First || y >= image.Rows.End)
                    image.Pixels[i] = (byte)random.Next(256);
            }
            Assert.Equal(first, BilinearResampler.Resize(image, width, height).Pixels);
        });

    [Theory]
    [InlineData(2553, 1, 320, 319)] // 319.125
    [InlineData(1025, 3, 385, 384)] // 384.375
    [InlineData(1024, 3, 384, 384)]
    [InlineData(426, 6, 320, 319)]  // 319.5
    [InlineData(9, 1, 2, 1)]
    public void A_side_ends_where_the_picture_does_from_either_end(long side, int eighths, int pixels, int end)
    {
        PictureSide stored = PictureSide.Scaled(side, eighths), turned = stored.Mirrored();

        Assert.Equal((pixels, 0, end), (stored.Pixels, stored.First, stored.End));
        Assert.Equal((pixels, pixels - end, pixels), (turned.Pixels, turned.First, turned.End));
        Assert.Equal(stored, turned.Mirrored());
        Assert.Equal(pixels == end, stored.IsWhole);
    }

    [Fact]
    public void A_mirrored_image_gives_the_mirrored_result() =>
        Gen.Select(Gen.OneOf(Image, Part), Gen.Int[1, 90], Gen.Int[1, 90]).Sample((image, width, height) =>
        {
            var mirror = new ExifOrientation(2);
            byte[] first = mirror.Upright(BilinearResampler.Resize(image, width, height).Pixels, 3, width, height).Pixels;
            RgbImage mirrored = mirror.Upright(image.Pixels, 3, image.Width, image.Height);
            (mirrored.Columns, mirrored.Rows) = (image.Columns.Mirrored(), image.Rows);
            byte[] second = BilinearResampler.Resize(mirrored, width, height).Pixels;
            for (int i = 0; i < first.Length; i++) Assert.InRange(Math.Abs(first[i] - second[i]), 0, 1);
        });

    [Fact]
    public void Shrinking_by_two_mixes_four_neighbors_with_the_triangle_of_that_width()
    {
        // Weights of a triangle of half-width 2 at distances 1.5, 0.5, 0.5, 1.5: 1, 3, 3, 1 of 8; at the edge the outer one is missing.
        var image = new RgbImage(4, 1, [0, 0, 0, 70, 70, 70, 140, 140, 140, 210, 210, 210]);
        Assert.Equal([50, 50, 50, 160, 160, 160], BilinearResampler.Resize(image, 2, 1).Pixels);
    }

    [Theory]
    [InlineData("river_1")]
    [InlineData("airport_1")]
    public void Real_images_come_out_as_the_reference_resizes_them(string name)
    {
        RgbImage image = ImageDecoder.Decode(SharedFolder.Golden($"{name}.png"));
        foreach ((string file, int width, int height) in new[]
        {
            ($"{name}.resized256.png", 256, 256), ($"{name}.resized100x60.png", 60, 100),
        })
        {
            RgbImage expected = ImageDecoder.Decode(SharedFolder.Golden(file));
            Assert.Equal((width, height), (expected.Width, expected.Height));
            byte[] ours = BilinearResampler.Resize(image, width, height).Pixels;
            Assert.InRange(ours.Zip(expected.Pixels, (a, b) => Math.Abs(a - b)).Max(), 0, 1);
        }
    }

    [Fact]
    public void Buffers_that_do_not_fit_their_sides_are_refused()
    {
        Assert.Throws<ArgumentException>(() => BilinearResampler.Resize(new byte[11], Two, Two, new byte[3], 1, 1));
        Assert.Throws<ArgumentException>(() => BilinearResampler.Resize(new byte[12], Two, Two, new byte[4], 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => BilinearResampler.Resize(new RgbImage(1, 1, new byte[3]), 0, 1));
    }

    // A side of one pixel stays whole.
    private static RgbImage Cut(RgbImage image, int across, int down, bool left, bool top)
    {
        (image.Columns, image.Rows) = (Side(image.Width, across, left), Side(image.Height, down, top));
        return image;

        static PictureSide Side(int pixels, int cut, bool begins)
        {
            PictureSide side = PictureSide.Whole(pixels);
            if (pixels > 1) side = side with { Length = side.Length - cut };
            return begins ? side.Mirrored() : side;
        }
    }

    // With the weights that are used, one after another.
    private static byte[] Plain(RgbImage image, int width, int height)
    {
        ResamplingWindows across = ResamplingWindows.Get(image.Columns, width), down = ResamplingWindows.Get(image.Rows, height);
        byte[] narrow = new byte[width * image.Height * 3], result = new byte[width * height * 3];
        for (int i = 0; i < narrow.Length; i++)
        {
            (int y, int x, int c) = (i / 3 / width, i / 3 % width, i % 3);
            narrow[i] = image.Width == width && image.Columns.IsWhole ? image.Pixels[i]
                : Mix(across.Weights(x), tap => image.Pixels[(y * image.Width + across.First[x] + tap) * 3 + c]);
        }
        for (int i = 0; i < result.Length; i++)
        {
            (int y, int rest) = (i / (width * 3), i % (width * 3));
            result[i] = image.Height == height && image.Rows.IsWhole ? narrow[i]
                : Mix(down.Weights(y), tap => narrow[(down.First[y] + tap) * width * 3 + rest]);
        }
        return result;

        static byte Mix(ReadOnlySpan<int> weights, Func<int, byte> value)
        {
            int sum = ResamplingWindows.Half;
            for (int tap = 0; tap < weights.Length; tap++) sum += weights[tap] * value(tap);
            return (byte)Math.Clamp(sum >> ResamplingWindows.PrecisionBits, 0, 255);
        }
    }

    // The definition, axis by axis, without rounding: a triangle as wide as the scale, at least 1.
    private static double[] Exact(RgbImage image, int width, int height)
    {
        var narrow = new double[width * image.Height * 3];
        Each(image.Columns, width, (x, from, weight) =>
        {
            for (int y = 0; y < image.Height; y++)
            {
                for (int c = 0; c < 3; c++) narrow[(y * width + x) * 3 + c] += weight * image.Pixels[(y * image.Width + from) * 3 + c];
            }
        });
        var result = new double[width * height * 3];
        Each(image.Rows, height, (y, from, weight) =>
        {
            for (int i = 0; i < width * 3; i++) result[y * width * 3 + i] += weight * narrow[from * width * 3 + i];
        });
        return result;
    }

    private static void Each(PictureSide from, int to, Action<int, int, double> visit)
    {
        double scale = from.Length / 8.0 / to, reach = Math.Max(scale, 1);
        for (int position = 0; position < to; position++)
        {
            double center = Math.Clamp(from.Start / 8.0 + (position + 0.5) * scale, from.First, from.End);
            double[] weights = [.. Enumerable.Range(0, from.Pixels).Select(i => i >= from.First && i < from.End
                ? Math.Max(0, 1 - Math.Abs(i + 0.5 - center) / reach) : 0)];
            for (int i = 0; i < from.Pixels; i++)
            {
                if (weights[i] > 0) visit(position, i, weights[i] / weights.Sum());
            }
        }
    }
}
