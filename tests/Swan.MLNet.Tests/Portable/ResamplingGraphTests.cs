using CsCheck;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Swan.MLNet.Imaging;
using Swan.MLNet.Onnx;
using Swan.MLNet.Portable;

namespace Swan.MLNet.Tests.Portable;

public sealed class ResamplingGraphTests
{
    [Theory]
    [InlineData(8, 8, 8)]      // nothing to do
    [InlineData(8, 30, 8)]     // one pass
    [InlineData(30, 8, 8)]     // the other pass
    [InlineData(5, 3, 8)]      // up
    [InlineData(1, 1, 8)]
    [InlineData(7, 50, 16)]    // up and down
    [InlineData(16, 17, 16)]
    [InlineData(1031, 517, 64)]
    [InlineData(500, 300, 256)]
    [InlineData(224, 224, 256)]
    public void Its_bytes_are_the_resamplers(int width, int height, int size) =>
        Same(width, height, size, Noise(width, height, seed: width + height));

    [Fact]
    public void Resampled_pixels_are_equal_for_the_brightest_image_and_hard_edges()
    {
        Same(100, 37, 48, Enumerable.Repeat((byte)255, 100 * 37 * 3).ToArray());
        Same(100, 37, 48, [.. Enumerable.Range(0, 100 * 37 * 3).Select(i => (byte)(i % 2 * 255))]);
    }

    [Fact]
    public void Resampled_pixels_are_equal_for_any_sizes() =>
        Gen.Select(Gen.Int[1, 90], Gen.Int[1, 90], Gen.Int[1, 40], Gen.Int).Sample(
            (width, height, size, seed) => Same(width, height, size, Noise(width, height, seed)), iter: 60);

    private static byte[] Noise(int width, int height, int seed)
    {
        byte[] pixels = new byte[width * height * 3];
        new Random(seed).NextBytes(pixels);
        return pixels;
    }

    private static void Same(int width, int height, int size, byte[] pixels)
    {
        byte[] expected = new byte[size * size * 3];
        BilinearResampler.Resize(pixels, PictureSide.Whole(width), PictureSide.Whole(height), expected, size, size);

        var g = new OnnxGraph("resampling");
        g.Output("resized", ResamplingGraph.Append(g, g.Input("planes", OnnxType.UInt8, 3, height, width), width, height, size),
            OnnxType.UInt8, 1, size, size, 3);
        byte[] planes = new byte[pixels.Length];
        for (int i = 0; i < pixels.Length; i++) planes[i % 3 * width * height + i / 3] = pixels[i];
        using var session = new InferenceSession(g.Build());
        using var found = session.Run([NamedOnnxValue.CreateFromTensor("planes", new DenseTensor<byte>(planes, [3, height, width]))]);
        Assert.Equal(expected, found[0].AsTensor<byte>().ToArray());
    }
}
