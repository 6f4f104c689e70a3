using System.Buffers.Binary;
using System.IO.Compression;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>PNG of 16 bits: its high bytes, or the caller's range.</summary>
public sealed class PngRangeTests
{
    [Fact]
    public void Without_a_range_the_high_bytes_are_taken()
    {
        RgbImage image = ImageDecoder.Decode(Gray(2, 1, 0x1234, 0xFFFF), "deep.png");

        Assert.Equal([0x12, 0x12, 0x12, 0xFF, 0xFF, 0xFF], image.Pixels);
        Assert.Equal((RangeSource.Format, 16), (image.Reading!.RangeFrom, image.Reading.Bits));
    }

    [Fact]
    public void A_dark_one_asks_for_a_range_and_is_read_in_it()
    {
        byte[] file = Gray(3, 1, 0, 1_500, 3_000);

        var e = Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(file, "dark.png"));

        Assert.Equal(ImageFault.Unsupported, e.Fault);
        Assert.Contains("--range", e.Message, StringComparison.Ordinal);
        Assert.Equal(Triples(0, 128, 255), Decode(file, SampleRange.Values(0, 3_000)));
        Assert.Equal(Triples(0, 128, 255), Decode(file, SampleRange.Percentiles(0, 100)));
        Assert.Equal(Triples(0, 5, 11), Decode(file, SampleRange.Full)); // whoever asks for it
    }

    [Theory]
    [InlineData(0, 1), InlineData(2, 3), InlineData(4, 2), InlineData(6, 4)]
    public void All_kinds_of_color_are_read_with_every_filter_interlaced_or_not(byte color, int samples)
    {
        const int Width = 13, Height = 11;
        ushort Sample(int x, int y, int s) => (ushort)(s == (samples is 2 or 4 ? samples - 1 : -1) ? 65_535 : 200 * x + 150 * y + 40 * s);
        foreach (bool interlaced in (bool[])[false, true])
        {
            byte[] pixels = Decode(Png(Width, Height, color, samples, Sample, interlaced), SampleRange.Values(0, 5_000));

            for (int i = 0; i < pixels.Length; i++)
            {
                int expected = Sample(i / 3 % Width, i / 3 / Width, samples < 3 ? 0 : i % 3);
                Assert.Equal((byte)(expected * 255.0 / 5_000 + 0.5), pixels[i]);
            }
        }
    }

    [Fact]
    public void One_that_ends_too_early_or_is_damaged_is_refused()
    {
        byte[] whole = Gray(64, 64, [.. Enumerable.Range(0, 64 * 64).Select(i => (ushort)(i * 37))]);
        int length = BinaryPrimitives.ReadInt32BigEndian(whole.AsSpan(33));
        byte[] data = whole[41..(41 + length)];

        Assert.Equal(ImageFault.Truncated, Fault(File(64, 64, 0, data[..(data.Length / 2)])));
        data[data.Length / 2] ^= 0xFF;
        Assert.Contains(Fault(File(64, 64, 0, data)), (ImageFault[])[ImageFault.Corrupt, ImageFault.Truncated]);
        Assert.Equal(ImageFault.Truncated, Fault(File(64, 65, 0, whole[41..(41 + length)])));
        Assert.Equal(ImageFault.TooLarge, Fault(File(1 << 16, 1 << 16, 0, data)));

        static ImageFault Fault(byte[] file) =>
            Assert.Throws<SwanImageException>(() => Decode(file, SampleRange.Values(0, 3_000))).Fault;
    }

    private static byte[] Decode(byte[] file, SampleRange range) =>
        ImageDecoder.Decode(file, "deep.png", new ImageDecodingOptions { Range = range }).Pixels;

    private static byte[] Triples(params byte[] gray) => [.. gray.SelectMany(g => new[] { g, g, g })];

    private static byte[] Gray(int width, int height, params ushort[] samples) =>
        Png(width, height, color: 0, samples: 1, (x, y, _) => samples[y * width + x], interlaced: false);

    // Each row with another filter.
    private static byte[] Png(int width, int height, byte color, int samples, Func<int, int, int, ushort> sample, bool interlaced)
    {
        (int X, int Y, int StepX, int StepY)[] passes = interlaced
            ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
            : [(0, 0, 1, 1)];
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach ((int x0, int y0, int stepX, int stepY) in passes)
            {
                int columns = (width - x0 + stepX - 1) / stepX, pixel = samples * 2;
                var above = new byte[columns * pixel];
                for (int y = y0, r = 0; y < height && columns > 0; y += stepY, r++)
                {
                    var row = new byte[columns * pixel];
                    for (int i = 0; i < columns * samples; i++)
                        BinaryPrimitives.WriteUInt16BigEndian(row.AsSpan(i * 2), sample(x0 + i / samples * stepX, y, i % samples));
                    zlib.WriteByte((byte)(r % 5));
                    zlib.Write(Filtered(row, above, pixel, r % 5));
                    above = row;
                }
            }
        }
        return File(width, height, color, packed.ToArray(), interlaced);
    }

    private static byte[] Filtered(byte[] row, byte[] above, int pixel, int filter) => [.. row.Select((value, i) =>
    {
        int left = i < pixel ? 0 : row[i - pixel], up = above[i], corner = i < pixel ? 0 : above[i - pixel], p = left + up - corner;
        int nearest = new[] { left, up, corner }.OrderBy(v => Math.Abs(p - v)).First(); // stable: left before up before corner
        return (byte)(value - filter switch { 1 => left, 2 => up, 3 => (left + up) / 2, 4 => nearest, _ => 0 });
    })];

    private static byte[] File(int width, int height, byte color, byte[] data, bool interlaced = false)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = (16, color, interlaced ? (byte)1 : (byte)0);
        return
        [
            0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A,
            .. ImageFiles.PngChunk("IHDR", header), .. ImageFiles.PngChunk("IDAT", data), .. ImageFiles.PngChunk("IEND", []),
        ];
    }
}
