using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>Antialiased bilinear resampling with the results of Pillow's <c>BILINEAR</c>, to within one level.</summary>
/// <remarks>
/// The triangle filter's support grows with the scale when an image shrinks. Coefficients are fixed-point with 22 bits, and the image
/// between the horizontal and the vertical pass is rounded to 8 bits, as in Pillow. Vectors and plain arithmetic give the same bytes.
/// Source: docs/spec/network.md, section 1. Safe for concurrent use.
/// </remarks>
internal static class BilinearResampler
{
    private const int Half = ResamplingWindows.Half;
    private const int BandBytes = 1 << 15;

    /// <summary>Squashes or stretches an image to the given sides.</summary>
    public static RgbImage Resize(RgbImage source, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        byte[] pixels = GC.AllocateUninitializedArray<byte>(checked(width * height * 3));
        Resize(source.Pixels, source.Columns, source.Rows, pixels, width, height);
        return new RgbImage(width, height, pixels);
    }

    /// <summary>Squashes or stretches RGB pixels, row-major and channels last.</summary>
    /// <param name="source">All of its pixels.</param>
    /// <param name="columns">The source's columns; the result is made of those of the picture.</param>
    /// <param name="rows">The source's rows.</param>
    /// <param name="destination"><c>newWidth * newHeight * 3</c> bytes; must not overlap the source.</param>
    /// <param name="newWidth">The result's columns.</param>
    /// <param name="newHeight">The result's rows.</param>
    /// <exception cref="ArgumentException">A span's length doesn't fit its sides.</exception>
    public static void Resize(
        ReadOnlySpan<byte> source, PictureSide columns, PictureSide rows, Span<byte> destination, int newWidth, int newHeight)
    {
        Check(source.Length, columns.Pixels, rows.Pixels, nameof(source));
        Check(destination.Length, newWidth, newHeight, nameof(destination));
        bool keepsColumns = Keeps(columns, newWidth), keepsRows = Keeps(rows, newHeight);
        if (keepsColumns && keepsRows)
        {
            source.CopyTo(destination);
            return;
        }

        if (keepsRows) Horizontal(source, columns, 0, rows.Pixels, destination, newWidth);
        else if (keepsColumns) Vertical(source, columns.Pixels, rows, destination, newHeight);
        else Both(source, columns, rows, destination, newWidth, newHeight);
    }

    /// <summary>What both passes together hold between them.</summary>
    public static long BetweenBytes(PictureSide rows, int newWidth, int newHeight) =>
        Keeps(rows, newHeight) ? 0 : (long)RowsBetween(rows, newHeight, newWidth) * newWidth * 3;

    private static bool Keeps(PictureSide side, int pixels) => side.Pixels == pixels && side.IsWhole;

    // As many rows as one window needs, and some more for those that follow: a high and narrow image has as many as 262,144.
    private static int RowsBetween(PictureSide rows, int newHeight, int newWidth) =>
        Math.Min(rows.Pixels, ResamplingWindows.Get(rows, newHeight).MostWeights + Math.Max(16, BandBytes / (newWidth * 3)));

    private static void Both(
        ReadOnlySpan<byte> source, PictureSide columns, PictureSide down, Span<byte> destination, int newWidth, int newHeight)
    {
        ResamplingWindows windows = ResamplingWindows.Get(down, newHeight);
        int stride = newWidth * 3, most = RowsBetween(down, newHeight, newWidth);
        using PooledBuffer between = WorkFrame.Process.Buffers.Rent(checked(most * stride));
        Span<byte> rows = between.Span;
        // The rows from top to bottom are there.
        for (int y = 0, top = 0, bottom = 0; y < newHeight; y++)
        {
            int first = windows.First[y], end = first + windows.Weights(y).Length;
            if (end > bottom)
            {
                int kept = Math.Max(bottom - first, 0);
                rows.Slice((first - top) * stride * Math.Sign(kept), kept * stride).CopyTo(rows);
                (top, bottom) = (first, Math.Min(down.Pixels, first + most));
                Horizontal(source, columns, first + kept, bottom - first - kept, rows[(kept * stride)..], newWidth);
            }
            MixRow(rows[((first - top) * stride)..], windows, y, destination.Slice(y * stride, stride));
        }
    }

    private static void Horizontal(
        ReadOnlySpan<byte> source, PictureSide columns, int firstRow, int rows, Span<byte> destination, int newWidth)
    {
        ResamplingWindows windows = ResamplingWindows.Get(columns, newWidth);
        for (int y = 0; y < rows; y++)
        {
            // To the source's end, not the row's: a vector load may touch bytes whose weights are zero.
            ReadOnlySpan<byte> row = source[((firstRow + y) * columns.Pixels * 3)..];
            Span<byte> target = destination.Slice(y * newWidth * 3, newWidth * 3);
            if (ResamplingVectors.IsSupported && row.Length >= windows.Reach)
            {
                ResamplingVectors.MixPixels(row, windows, target);
                continue;
            }
            for (int x = 0; x < newWidth; x++)
            {
                ReadOnlySpan<byte> window = row[(windows.First[x] * 3)..];
                ReadOnlySpan<int> weights = windows.PaddedWeights(x);
                if (Vector128.IsHardwareAccelerated && window.Length >= weights.Length * 3 + 4)
                    MixVector(window, weights, target[(x * 3)..]);
                else Mix(window, windows.Weights(x), target[(x * 3)..]);
            }
        }
    }

    private static void Mix(ReadOnlySpan<byte> window, ReadOnlySpan<int> weights, Span<byte> target)
    {
        int red = Half, green = Half, blue = Half;
        for (int i = 0; i < weights.Length; i++)
        {
            int weight = weights[i];
            red += window[i * 3] * weight;
            green += window[i * 3 + 1] * weight;
            blue += window[i * 3 + 2] * weight;
        }

        (target[0], target[1], target[2]) = (Level(red), Level(green), Level(blue));
    }

    // Four pixels a step; a shuffle puts each pixel's channels into the lanes of 32 bits.
    private static void MixVector(ReadOnlySpan<byte> window, ReadOnlySpan<int> weights, Span<byte> target)
    {
        const byte Z = 0x80;
        Vector128<int> even = Vector128.Create(Half), odd = Vector128<int>.Zero;
        for (int i = 0; i + 4 <= weights.Length; i += 4)
        {
            Vector128<byte> pixels = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(window), (nuint)i * 3);
            even += Vector128.Shuffle(pixels, Vector128.Create(0, Z, Z, Z, 1, Z, Z, Z, 2, Z, Z, Z, Z, Z, Z, Z)).AsInt32() * weights[i];
            odd += Vector128.Shuffle(pixels, Vector128.Create(3, Z, Z, Z, 4, Z, Z, Z, 5, Z, Z, Z, Z, Z, Z, Z)).AsInt32() * weights[i + 1];
            even += Vector128.Shuffle(pixels, Vector128.Create(6, Z, Z, Z, 7, Z, Z, Z, 8, Z, Z, Z, Z, Z, Z, Z)).AsInt32() * weights[i + 2];
            odd += Vector128.Shuffle(pixels, Vector128.Create(9, Z, Z, Z, 10, Z, Z, Z, 11, Z, Z, Z, Z, Z, Z, Z)).AsInt32() * weights[i + 3];
        }

        Vector128<int> sum = even + odd;
        (target[0], target[1], target[2]) = (Level(sum[0]), Level(sum[1]), Level(sum[2]));
    }

    private static void Vertical(ReadOnlySpan<byte> source, int width, PictureSide rows, Span<byte> destination, int newHeight)
    {
        ResamplingWindows windows = ResamplingWindows.Get(rows, newHeight);
        int stride = width * 3;
        for (int y = 0; y < newHeight; y++)
            MixRow(source[(windows.First[y] * stride)..], windows, y, destination.Slice(y * stride, stride));
    }

    private static void MixRow(ReadOnlySpan<byte> rows, ResamplingWindows windows, int y, Span<byte> target)
    {
        ReadOnlySpan<int> weights = windows.Weights(y);
        int stride = target.Length, x = 0;
        if (ResamplingVectors.IsSupported)
            x = ResamplingVectors.MixRows(rows, weights.Length, windows.HighPairs(y), windows.LowPairs(y), target);
        if (Vector128.IsHardwareAccelerated)
        {
            for (; x + 16 <= stride; x += 16) MixColumns(rows[x..], weights, stride).StoreUnsafe(ref target[x]);
        }

        for (; x < stride; x++)
        {
            int sum = Half;
            for (int i = 0; i < weights.Length; i++) sum += rows[i * stride + x] * weights[i];
            target[x] = Level(sum);
        }
    }

    // Sixteen neighboring bytes of one row, each mixed down its column.
    private static Vector128<byte> MixColumns(ReadOnlySpan<byte> rows, ReadOnlySpan<int> weights, int stride)
    {
        Vector128<int> a = Vector128.Create(Half), b = a, c = a, d = a;
        for (int i = 0; i < weights.Length; i++)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.Create(rows.Slice(i * stride, 16)));
            int weight = weights[i];
            a += Vector128.WidenLower(low).AsInt32() * weight;
            b += Vector128.WidenUpper(low).AsInt32() * weight;
            c += Vector128.WidenLower(high).AsInt32() * weight;
            d += Vector128.WidenUpper(high).AsInt32() * weight;
        }

        Vector128<int> most = Vector128.Create(255);
        Vector128<short> first = Vector128.Narrow(
            Vector128.Min(a >> ResamplingWindows.PrecisionBits, most), Vector128.Min(b >> ResamplingWindows.PrecisionBits, most));
        Vector128<short> second = Vector128.Narrow(
            Vector128.Min(c >> ResamplingWindows.PrecisionBits, most), Vector128.Min(d >> ResamplingWindows.PrecisionBits, most));
        return Vector128.Narrow(first.AsUInt16(), second.AsUInt16());
    }

    private static byte Level(int sum) => (byte)Math.Clamp(sum >> ResamplingWindows.PrecisionBits, 0, 255);

    private static void Check(int length, int width, int height, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (length != (long)width * height * 3)
        {
            throw new ArgumentException(
                $"Expected {(long)width * height * 3} bytes for an RGB image of {width}×{height}; got {length}.", name);
        }
    }
}
