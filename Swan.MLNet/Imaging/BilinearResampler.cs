using System.Buffers;

namespace Swan.MLNet.Imaging;

/// <summary>Antialiased bilinear resampling with the results of Pillow's <c>BILINEAR</c>, to within one level.</summary>
/// <remarks>
/// The triangle filter's support grows with the scale when an image shrinks. Coefficients are fixed-point with 22 bits, and the image
/// between the horizontal and the vertical pass is rounded to 8 bits, as in Pillow. Source: spec, section 1. Safe for concurrent use.
/// </remarks>
public static class BilinearResampler
{
    private const int Half = ResamplingWindows.Half;

    /// <summary>Squashes or stretches an image to the given sides.</summary>
    public static RgbImage Resize(RgbImage source, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var pixels = new byte[checked(width * height * 3)];
        Resize(source.Pixels, source.Width, source.Height, pixels, width, height);
        return new RgbImage(width, height, pixels);
    }

    /// <summary>Squashes or stretches RGB pixels, row-major and channels last.</summary>
    /// <param name="source"><c>width * height * 3</c> bytes.</param>
    /// <param name="width">The source's columns.</param>
    /// <param name="height">The source's rows.</param>
    /// <param name="destination"><c>newWidth * newHeight * 3</c> bytes; must not overlap the source.</param>
    /// <param name="newWidth">The result's columns.</param>
    /// <param name="newHeight">The result's rows.</param>
    /// <exception cref="ArgumentException">A span's length doesn't fit its sides.</exception>
    public static void Resize(ReadOnlySpan<byte> source, int width, int height, Span<byte> destination, int newWidth, int newHeight)
    {
        Check(source.Length, width, height, nameof(source));
        Check(destination.Length, newWidth, newHeight, nameof(destination));
        if (width == newWidth && height == newHeight)
        {
            source.CopyTo(destination);
            return;
        }

        ReadOnlySpan<byte> rows = source;
        byte[]? rented = null;
        try
        {
            if (width != newWidth)
            {
                Span<byte> narrowed = destination;
                if (height != newHeight)
                {
                    rented = ArrayPool<byte>.Shared.Rent(checked(newWidth * height * 3));
                    narrowed = rented.AsSpan(0, newWidth * height * 3);
                }

                Horizontal(source, width, height, narrowed, newWidth);
                rows = narrowed;
            }

            if (height != newHeight) Vertical(rows, newWidth, height, destination, newHeight);
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static void Horizontal(ReadOnlySpan<byte> source, int width, int height, Span<byte> destination, int newWidth)
    {
        ResamplingWindows windows = ResamplingWindows.Get(width, newWidth);
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = source.Slice(y * width * 3, width * 3);
            Span<byte> target = destination.Slice(y * newWidth * 3, newWidth * 3);
            for (int x = 0; x < newWidth; x++)
            {
                ReadOnlySpan<int> weights = windows.Weights(x);
                ReadOnlySpan<byte> window = row.Slice(windows.First[x] * 3, weights.Length * 3);
                int red = Half, green = Half, blue = Half;
                for (int i = 0; i < weights.Length; i++)
                {
                    int weight = weights[i];
                    red += window[i * 3] * weight;
                    green += window[i * 3 + 1] * weight;
                    blue += window[i * 3 + 2] * weight;
                }

                target[x * 3] = Level(red);
                target[x * 3 + 1] = Level(green);
                target[x * 3 + 2] = Level(blue);
            }
        }
    }

    private static void Vertical(ReadOnlySpan<byte> source, int width, int height, Span<byte> destination, int newHeight)
    {
        ResamplingWindows windows = ResamplingWindows.Get(height, newHeight);
        int stride = width * 3;
        int[] sums = ArrayPool<int>.Shared.Rent(stride);
        Span<int> sum = sums.AsSpan(0, stride);
        for (int y = 0; y < newHeight; y++)
        {
            // Whole rows are weighed and added: the inner loop runs along memory and vectorises.
            sum.Fill(Half);
            ReadOnlySpan<int> weights = windows.Weights(y);
            for (int i = 0; i < weights.Length; i++)
            {
                ReadOnlySpan<byte> row = source.Slice((windows.First[y] + i) * stride, stride);
                int weight = weights[i];
                for (int x = 0; x < row.Length; x++) sum[x] += row[x] * weight;
            }

            Span<byte> target = destination.Slice(y * stride, stride);
            for (int x = 0; x < target.Length; x++) target[x] = Level(sum[x]);
        }

        ArrayPool<int>.Shared.Return(sums);
    }

    private static byte Level(int sum) => (byte)Math.Clamp(sum >> ResamplingWindows.PrecisionBits, 0, 255);

    private static void Check(int length, int width, int height, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (length != (long)width * height * 3)
            throw new ArgumentException($"An RGB image of {width}×{height} has {(long)width * height * 3} bytes, but {length} were given.", name);
    }
}
