using System.Buffers.Binary;
using System.IO.Compression;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>16-bit PNG in the caller's range; Skia reads only the high bytes.</summary>
/// <remarks>
/// Gray or RGB, with or without alpha, which is dropped; interlaced or not. Rows are read as a stream, twice for percentiles.
/// </remarks>
internal sealed class PngSamples
{
    private const int SampleBytes = 2;

    // Adam7: the first column and row of each pass, and the steps to the next ones.
    private static readonly (int X, int Y, int StepX, int StepY)[] Interlaced =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private readonly byte[] _data;
    private readonly int _width, _height, _samples;
    private readonly bool _interlaced;
    private readonly string _name;

    private PngSamples(ReadOnlySpan<byte> kept, string name, ImageDecodingOptions options)
    {
        _name = name;
        ReadOnlySpan<byte> header = kept[16..];
        uint width = BinaryPrimitives.ReadUInt32BigEndian(header), height = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        options.CheckPixels(name, width, height);
        (_width, _height) = ((int)width, (int)height);
        _samples = header[9] switch
        {
            0 => 1,
            2 => 3,
            4 => 2,
            6 => 4,
            _ => throw SwanImageException.Corrupt(name, "its header combines 16 bits with a palette"),
        };
        if (header[10] != 0 || header[11] != 0 || header[12] > 1) throw SwanImageException.Corrupt(name, "its header is damaged");
        _interlaced = header[12] == 1;
        _data = DataOf(kept);
        // The picture has been charged: Skia would take more for it.
        DecodeTurn.Charge(_data.Length + 2L * _width * _samples * SampleBytes + SampleStatistics.Bytes);
    }

    private int Colors => _samples < 3 ? 1 : 3;

    /// <summary>Decodes in the options' range.</summary>
    /// <param name="kept">Signature, header, data and end, as <see cref="PngChunks"/> leaves them.</param>
    /// <param name="orientation">How the picture is turned.</param>
    /// <param name="name">The file's name in error messages.</param>
    /// <param name="options">With a range of values or percentiles.</param>
    /// <exception cref="SwanImageException">Its data are truncated or corrupt, or don't say how bright they are.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> kept, ExifOrientation orientation, string name, ImageDecodingOptions options)
    {
        var png = new PngSamples(kept, name, options);
        SampleRange range = options.Range!;
        (double low, double high) = range.IsValues ? (range.Low, range.High) : png.Measure(range);
        byte[] rgb = png.Render(new SampleScale(low, high).Table(first: 0));
        RgbImage image = orientation.Upright(rgb, 3, png._width, png._height);
        image.Reading = Reading(image, RangeSource.Caller, low, high, range.IsPercentile ? range : null);
        return image;
    }

    /// <summary>The report on a 16-bit PNG.</summary>
    public static ImageReading Reading(RgbImage image, RangeSource from, double low, double high, SampleRange? percentiles = null) => new()
    {
        Format = "PNG",
        Width = image.Width,
        Height = image.Height,
        Orientation = image.Orientation,
        Bits = 16,
        SampleType = nameof(UInt16),
        RangeFrom = from,
        Low = low,
        High = high,
        Percentiles = percentiles,
    };

    // What the chunks IDAT have between them.
    private static byte[] DataOf(ReadOnlySpan<byte> kept)
    {
        using var data = new MemoryStream(kept.Length);
        for (int at = 8; at + 12 <= kept.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt32BigEndian(kept[at..]);
            if (kept.Slice(at + 4, 4).SequenceEqual("IDAT"u8)) data.Write(kept.Slice(at + 8, length));
            at += 12 + length;
        }
        return data.ToArray();
    }

    private (double Low, double High) Measure(SampleRange range)
    {
        var histogram = new SampleHistogram(keyBits: 16, range.Low, range.High);
        var keys = new uint[_width * Colors];
        Read((row, _, _, _) =>
        {
            int count = 0;
            for (int at = 0; at < row.Length; at += _samples * SampleBytes)
            {
                for (int c = 0; c < Colors; c++) keys[count++] = BinaryPrimitives.ReadUInt16BigEndian(row[(at + c * SampleBytes)..]);
            }
            histogram.Add(keys.AsSpan(0, count));
        });
        (uint low, uint high) = histogram.Percentiles();
        if (low == high) (low, high) = (histogram.Least, histogram.Most);
        return low < high ? (low, high) : throw new SwanImageException(_name, ImageFault.Unsupported, FormattableString.Invariant(
            $"all its samples are {low}, so their brightness is unknown. Set the black and white samples as values."));
    }

    private byte[] Render(byte[] table)
    {
        byte[] rgb = GC.AllocateUninitializedArray<byte>(checked(_width * _height * 3));
        Read((row, x, y, step) =>
        {
            for (int at = 0, to = (y * _width + x) * 3; at < row.Length; at += _samples * SampleBytes, to += step * 3)
            {
                for (int c = 0; c < 3; c++)
                    rgb[to + c] = table[BinaryPrimitives.ReadUInt16BigEndian(row[(at + (Colors == 1 ? 0 : c * SampleBytes))..])];
            }
        });
        return rgb;
    }

    private void Read(TakeRow take)
    {
        try
        {
            using var stream = new MemoryStream(_data, writable: false);
            using var inflated = new ZLibStream(stream, CompressionMode.Decompress);
            foreach ((int x, int y, int stepX, int stepY) in _interlaced ? Interlaced : [(0, 0, 1, 1)])
                ReadPass(inflated, x, y, stepX, stepY, take);
        }
        catch (EndOfStreamException)
        {
            throw SwanImageException.Truncated(_name);
        }
        catch (InvalidDataException e)
        {
            throw SwanImageException.Corrupt(_name, $"its coded data can't be decoded ({e.Message})");
        }
    }

    private void ReadPass(ZLibStream inflated, int x, int y, int stepX, int stepY, TakeRow take)
    {
        int pixels = (_width - x + stepX - 1) / stepX, pixelBytes = _samples * SampleBytes;
        if (pixels <= 0) return;
        byte[] row = new byte[pixels * pixelBytes], above = new byte[row.Length];
        for (; y < _height; y += stepY)
        {
            int filter = inflated.ReadByte();
            if (filter < 0) throw new EndOfStreamException();
            inflated.ReadExactly(row);
            Unfilter(filter, row, above, pixelBytes);
            take(row, x, y, stepX);
            (row, above) = (above, row);
        }
    }

    private void Unfilter(int filter, byte[] row, byte[] above, int pixelBytes)
    {
        if (filter > 4) throw SwanImageException.Corrupt(_name, "one of its rows has an unknown filter");
        for (int i = 0; i < row.Length; i++)
        {
            int left = i < pixelBytes ? 0 : row[i - pixelBytes], up = above[i], corner = i < pixelBytes ? 0 : above[i - pixelBytes];
            row[i] += (byte)(filter switch
            {
                1 => left,
                2 => up,
                3 => (left + up) / 2,
                4 => Paeth(left, up, corner),
                _ => 0,
            });
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        int toLeft = Math.Abs(up - corner), toUp = Math.Abs(left - corner), toCorner = Math.Abs(left + up - 2 * corner);
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    /// <param name="row">Samples of 16 bits, the high byte first.</param>
    /// <param name="x">The first pixel's column.</param>
    /// <param name="y">The row.</param>
    /// <param name="step">From one pixel's column to the next one's.</param>
    private delegate void TakeRow(ReadOnlySpan<byte> row, int x, int y, int step);
}
