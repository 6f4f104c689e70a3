using SkiaSharp;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

public sealed class ExifOrientationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Pictures_of_many_bands_are_turned_as_one(int value)
    {
        const int Width = 300, Height = 487;
        byte[] jpeg = ImageFiles.Skia(ImageFiles.Noise(Width, Height), Width, Height, SKEncodedImageFormat.Jpeg, 90);
        RgbImage stored = ImageDecoder.Decode(jpeg, "stored");
        RgbImage upright = ImageDecoder.Decode(ImageFiles.JpegWithOrientation(jpeg, value), "turned");
        var orientation = new ExifOrientation(value);
        Assert.Equal(orientation.SwapsSides ? (Height, Width) : (Width, Height), (upright.Width, upright.Height));
        for (int y = 0; y < upright.Height; y++)
        {
            for (int x = 0; x < upright.Width; x++)
            {
                (int fromX, int fromY) = orientation.Source(x, y, Width, Height);
                Span<byte> found = upright.Pixels.AsSpan((y * upright.Width + x) * 3, 3);
                if (!found.SequenceEqual(stored.Pixels.AsSpan((fromY * Width + fromX) * 3, 3)))
                    Assert.Fail($"({x}, {y}) is not ({fromX}, {fromY}) of the stored picture.");
            }
        }
    }
}
