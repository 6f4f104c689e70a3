using CsCheck;
using SkiaSharp;
using Swan.MLNet.Imaging;
using Swan.Training.Tests;

namespace Swan.MLNet.Tests.Imaging;

public sealed class BilinearResamplerTests
{
    [Theory]
    [InlineData("river_1", "resized256", 256, 256)]
    [InlineData("river_1", "resized100x60", 60, 100)]   // height × width in the name
    [InlineData("airport_1", "resized256", 256, 256)]
    [InlineData("airport_1", "resized100x60", 60, 100)]
    public void Photographs_are_resized_as_the_reference_does_within_one_level(string name, string result, int width, int height)
    {
        byte[] expected = Pixels(SharedFolder.Golden($"{name}.{result}.png"));
        RgbImage resized = BilinearResampler.Resize(ImageDecoder.Decode(SharedFolder.Golden($"{name}.png")), width, height);
        Assert.Equal(expected.Length, resized.Pixels.Length);
        Assert.All(expected.Zip(resized.Pixels), p => Assert.InRange(p.First - p.Second, -1, 1));
    }

    [Fact]
    public void Any_image_is_resized_as_a_naive_triangle_filter_does() =>
        (from width in Gen.Int[1, 40] from height in Gen.Int[1, 40] from newWidth in Gen.Int[1, 40] from newHeight in Gen.Int[1, 40]
         from pixels in Gen.Byte.Array[width * height * 3]
         select (new RgbImage(width, height, pixels), newWidth, newHeight)).Sample(t =>
        {
            (RgbImage image, int newWidth, int newHeight) = t;
            byte[] naive = Naive(image, newWidth, newHeight), fast = BilinearResampler.Resize(image, newWidth, newHeight).Pixels;
            for (int i = 0; i < naive.Length; i++) Assert.InRange(naive[i] - fast[i], -2, 2); // each of the two passes may round a half the other way
        }, iter: 300);

    [Fact]
    public void An_image_of_one_colour_keeps_it_at_every_size() =>
        Gen.Select(Gen.Int[1, 300], Gen.Int[1, 300], Gen.Byte).Sample((size, newSize, level) =>
        {
            var image = new RgbImage(size, 3, [.. Enumerable.Repeat(level, size * 9)]);
            Assert.All(BilinearResampler.Resize(image, newSize, 5).Pixels, p => Assert.Equal(level, p));
        }, iter: 100);

    [Fact]
    public void An_image_of_the_asked_size_is_not_changed()
    {
        var pixels = new byte[7 * 5 * 3];
        new Random(1).NextBytes(pixels);
        Assert.Equal(pixels, BilinearResampler.Resize(new RgbImage(7, 5, pixels), 7, 5).Pixels);
    }

    [Theory]
    [InlineData(11, 5)]
    [InlineData(13, 4)]
    public void Spans_that_do_not_fit_their_sides_are_refused(int sourceBytes, int width) =>
        Assert.ThrowsAny<ArgumentException>(() => BilinearResampler.Resize(new byte[sourceBytes], width, 1, new byte[12], 2, 2));

    // In double precision; the image between the passes is rounded, as the reference does.
    private static byte[] Naive(RgbImage image, int newWidth, int newHeight)
    {
        byte[] rows = Axis(image.Pixels, image.Width, image.Height, newWidth, (line, at) => (line * image.Width + at) * 3, (line, at) => (line * newWidth + at) * 3);
        return Axis(rows, image.Height, newWidth, newHeight, (line, at) => (at * newWidth + line) * 3, (line, at) => (at * newWidth + line) * 3);
    }

    private static byte[] Axis(byte[] source, int from, int lines, int to, Func<int, int, int> read, Func<int, int, int> write)
    {
        if (from == to) return source;
        var result = new byte[lines * to * 3];
        double scale = (double)from / to, support = Math.Max(scale, 1);
        for (int at = 0; at < to; at++)
        {
            double centre = (at + 0.5) * scale;
            double[] weights = [.. Enumerable.Range(0, from).Select(i => Math.Max(0, 1 - Math.Abs(i + 0.5 - centre) / support))];
            double total = weights.Sum();
            for (int line = 0; line < lines; line++)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    double sum = 0;
                    for (int i = 0; i < from; i++) sum += source[read(line, i) + channel] * weights[i];
                    result[write(line, at) + channel] = (byte)Math.Clamp(Math.Floor(sum / total + 0.5), 0, 255);
                }
            }
        }

        return result;
    }

    private static byte[] Pixels(string path)
    {
        using SKBitmap bitmap = SKBitmap.Decode(path);
        return [.. bitmap.Pixels.SelectMany(p => new[] { p.Red, p.Green, p.Blue })];
    }
}
