using CsCheck;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

public sealed class BilinearResamplerTests
{
    private static readonly Gen<RgbImage> Image =
        Gen.Select(Gen.Int[1, 70], Gen.Int[1, 70]).SelectMany((w, h) => Gen.Byte.Array[w * h * 3].Select(p => new RgbImage(w, h, p)));

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
        Assert.InRange(BilinearResampler.BetweenBytes(height, newWidth, newHeight), 1, 1 << 20);
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
        Gen.Select(Image, Gen.Int[1, 90], Gen.Int[1, 90]).Sample((image, width, height) =>
        {
            byte[] ours = BilinearResampler.Resize(image, width, height).Pixels;
            double[] exact = Exact(image, width, height);
            for (int i = 0; i < ours.Length; i++)
            {
                Assert.True(Math.Abs(ours[i] - exact[i]) <= 1.01,
                    $"{image.Width}×{image.Height} to {width}×{height}: byte {i} is {ours[i]}, exactly {exact[i]:F3}");
            }
        });

    [Fact]
    public void Vectors_give_the_bytes_of_plain_arithmetic() => Gen.Select(
        Gen.Select(Gen.Int[1, 300], Gen.Int[1, 300]), Gen.Select(Gen.Int[1, 90], Gen.Int[1, 90]), Gen.Int, Gen.Bool).Sample(
        (from, to, seed, extreme) =>
        {
            byte[] pixels = new byte[from.Item1 * from.Item2 * 3];
            new Random(seed).NextBytes(pixels);
            if (extreme) pixels = [.. pixels.Select(p => p < 128 ? byte.MinValue : byte.MaxValue)];
            var image = new RgbImage(from.Item1, from.Item2, pixels);
            Assert.Equal(Plain(image, to.Item1, to.Item2), BilinearResampler.Resize(image, to.Item1, to.Item2).Pixels);
        }, iter: 300);

    [Fact]
    public void A_mirrored_image_gives_the_mirrored_result() =>
        Gen.Select(Image, Gen.Int[1, 90], Gen.Int[1, 90]).Sample((image, width, height) =>
        {
            var mirror = new ExifOrientation(2);
            byte[] first = mirror.Upright(BilinearResampler.Resize(image, width, height).Pixels, 3, width, height).Pixels;
            byte[] second = BilinearResampler.Resize(mirror.Upright(image.Pixels, 3, image.Width, image.Height), width, height).Pixels;
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
        Assert.Throws<ArgumentException>(() => BilinearResampler.Resize(new byte[11], 2, 2, new byte[3], 1, 1));
        Assert.Throws<ArgumentException>(() => BilinearResampler.Resize(new byte[12], 2, 2, new byte[4], 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => BilinearResampler.Resize(new RgbImage(1, 1, new byte[3]), 0, 1));
    }

    // With the weights that are used, one after another.
    private static byte[] Plain(RgbImage image, int width, int height)
    {
        ResamplingWindows across = ResamplingWindows.Get(image.Width, width), down = ResamplingWindows.Get(image.Height, height);
        byte[] narrow = new byte[width * image.Height * 3], result = new byte[width * height * 3];
        for (int i = 0; i < narrow.Length; i++)
        {
            (int y, int x, int c) = (i / 3 / width, i / 3 % width, i % 3);
            narrow[i] = image.Width == width ? image.Pixels[i]
                : Mix(across.Weights(x), tap => image.Pixels[(y * image.Width + across.First[x] + tap) * 3 + c]);
        }
        for (int i = 0; i < result.Length; i++)
        {
            (int y, int rest) = (i / (width * 3), i % (width * 3));
            result[i] = image.Height == height ? narrow[i]
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
        Each(image.Width, width, (x, from, weight) =>
        {
            for (int y = 0; y < image.Height; y++)
            {
                for (int c = 0; c < 3; c++) narrow[(y * width + x) * 3 + c] += weight * image.Pixels[(y * image.Width + from) * 3 + c];
            }
        });
        var result = new double[width * height * 3];
        Each(image.Height, height, (y, from, weight) =>
        {
            for (int i = 0; i < width * 3; i++) result[y * width * 3 + i] += weight * narrow[from * width * 3 + i];
        });
        return result;
    }

    private static void Each(int from, int to, Action<int, int, double> visit)
    {
        double scale = (double)from / to, reach = Math.Max(scale, 1);
        for (int position = 0; position < to; position++)
        {
            double center = (position + 0.5) * scale;
            double[] weights = [.. Enumerable.Range(0, from).Select(i => Math.Max(0, 1 - Math.Abs(i + 0.5 - center) / reach))];
            for (int i = 0; i < from; i++)
            {
                if (weights[i] > 0) visit(position, i, weights[i] / weights.Sum());
            }
        }
    }
}
