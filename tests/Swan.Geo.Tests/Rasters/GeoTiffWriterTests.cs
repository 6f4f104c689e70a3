using Swan.Geo.Rasters;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Tests.Rasters;

public sealed class GeoTiffWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<int, int, int, string, int> Formats => new()
    {
        { 1, 1, 1, "Byte", 8 }, { 300, 257, 3, "Byte", 8 }, { 256, 512, 4, "Byte", 8 }, { 511, 100, 1, "UInt16", 16 },
        { 270, 260, 5, "UInt16", 16 }, { 300, 300, 2, "Int16", 16 }, { 40, 30, 1, "Int32", 32 }, { 40, 30, 1, "UInt32", 32 },
        { 300, 280, 1, "Single", 32 }, { 260, 20, 3, "Single", 32 }, { 60, 40, 2, "Double", 64 }, { 300, 70, 1, "Byte", 1 },
        { 61, 70, 3, "Byte", 4 }, { 300, 70, 2, "UInt16", 12 }, { 70, 20, 1, "UInt32", 20 },
    };

    [Theory, MemberData(nameof(Formats))]
    public void What_is_written_is_read(int width, int height, int bands, string type, int bits)
    {
        RasterFormat format = new(width, height, bands, Enum.Parse<TiffSampleType>(type)) { Bits = bits };
        byte[] samples = Samples(format);
        foreach (bool big in (bool[])[false, true])
        {
            string path = Write(format, samples, big);
            using TiffFile file = TiffFile.Open(File.OpenRead(path), path);

            TiffFields fields = file.Image.Fields;
            Assert.Equal((width, height, bands, format.Type, bits),
                (fields.Width, fields.Height, fields.Samples, fields.SampleType, fields.Bits));
            Assert.Equal(samples, file.Image.Read(new(0, 0, width, height), [.. Enumerable.Range(0, bands)]).Samples);
        }
    }

    [Theory, MemberData(nameof(Formats))]
    public void What_is_written_is_read_by_GDAL(int width, int height, int bands, string type, int bits)
    {
        RasterFormat format = new(width, height, bands, Enum.Parse<TiffSampleType>(type)) { Bits = bits };
        byte[] samples = Samples(format);

        string path = Write(format, samples, big: width % 2 == 0);

        // An ENVI file has at least two bytes.
        Assert.Equal(samples, GdalProgram.Samples(path)[..samples.Length]);
    }

    [Fact]
    public void Colors_and_nodata_are_those_that_GDAL_knows()
    {
        RasterFormat format = new(20, 20, 5, TiffSampleType.Byte)
        {
            ExtraSamples = [2], NoData = "7", Metadata = "<GDALMetadata><Item name=\"PLATFORM\">Å &amp;amp; B</Item></GDALMetadata>",
        };
        string path = Write(format, Samples(format));

        var info = GdalProgram.Info(path);

        Assert.Equal(["Red", "Green", "Blue", "Alpha", "Undefined"],
            info["bands"]!.AsArray().Select(b => b!["colorInterpretation"]!.GetValue<string>()));
        Assert.All(info["bands"]!.AsArray(), b => Assert.Equal(7, GdalProgram.Number(b!["noDataValue"])));
        Assert.Equal("Å & B", info["metadata"]![""]!["PLATFORM"]!.GetValue<string>());
        Assert.Equal([256, 256], info["bands"]![0]!["block"]!.AsArray().Select(b => b!.GetValue<int>()));
    }

    [Fact]
    public void Bands_that_are_not_said_to_be_alpha_are_unspecified()
    {
        RasterFormat format = new(20, 20, 6, TiffSampleType.UInt16);
        string path = Write(format, Samples(format));
        using TiffFile file = TiffFile.Open(File.OpenRead(path), path);

        Assert.Equal([0, 0, 0], file.Image.Fields.ExtraSamples.Select(e => (int)e));
    }

    [Fact]
    public void A_file_that_could_pass_four_gigabytes_is_a_BigTIFF()
    {
        Assert.Equal(42, Version(new(30_000, 40_000, 3, TiffSampleType.Byte)));
        Assert.Equal(43, Version(new(40_000, 40_000, 3, TiffSampleType.Byte)));

        static int Version(RasterFormat format)
        {
            using var stream = new MemoryStream();
            _ = new GeoTiffWriter(stream, format);
            return stream.GetBuffer()[BitConverter.IsLittleEndian ? 2 : 3];
        }
    }

    [Fact]
    public void A_file_with_a_missing_tile_is_not_completed()
    {
        using var stream = new MemoryStream();
        var writer = new GeoTiffWriter(stream, new(300, 20, 1, TiffSampleType.Byte));
        writer.Write(256, 0, 44, 20, new byte[44 * 20]);

        var e = Assert.Throws<InvalidOperationException>(writer.Complete);

        Assert.Contains("Tile 0 of 2", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0, 256, 20), InlineData(0, 0, 255, 20), InlineData(0, 0, 256, 19), InlineData(256, 0, 256, 20)]
    public void Blocks_are_made_of_tiles(int x, int y, int width, int height)
    {
        using var stream = new MemoryStream();
        var writer = new GeoTiffWriter(stream, new(300, 20, 1, TiffSampleType.Byte));

        Assert.ThrowsAny<ArgumentException>(() => writer.Write(x, y, width, height, new byte[width * height]));
    }

    [Fact]
    public void Formats_that_TIFF_does_not_have_are_refused()
    {
        Assert.All<RasterFormat>(
        [
            new(0, 1, 1, TiffSampleType.Byte), new(1, 0, 1, TiffSampleType.Byte), new(1, 1, 0, TiffSampleType.Byte),
            new(1, 1, 70_000, TiffSampleType.Byte), new(1, 1, 1, TiffSampleType.Single) { Bits = 16 },
            new(1, 1, 1, TiffSampleType.Byte) { Bits = 9 }, new(1, 1, 1, TiffSampleType.Byte) { Photometric = RasterFormat.Rgb },
            new(1, 1, 1, TiffSampleType.Byte) { Photometric = RasterFormat.Palette, ColorMap = new ushort[3] },
            new(2_000_000_000, 2_000_000_000, 1, TiffSampleType.Byte),
        ], f => Assert.Throws<ArgumentOutOfRangeException>(() => new GeoTiffWriter(new MemoryStream(), f)));
    }

    [Fact]
    public void Writing_ends_when_it_is_canceled()
    {
        using var stream = new MemoryStream();
        var writer = new GeoTiffWriter(stream, new(300, 20, 1, TiffSampleType.Byte));

        Assert.Throws<OperationCanceledException>(() => writer.Write(0, 0, 300, 20, new byte[6000], new(canceled: true)));
    }

    // Smooth, so that predictors have something to predict, with all bits in use.
    private static byte[] Samples(RasterFormat format)
    {
        var samples = new byte[format.Width * format.Height * format.PixelBytes];
        int size = format.Type.Bytes();
        for (int i = 0; i < samples.Length / size; i++)
        {
            Span<byte> at = samples.AsSpan(i * size, size);
            long value = (i * 2654435761L >> 7) + i;
            switch (format.Type)
            {
                case TiffSampleType.Single: BitConverter.TryWriteBytes(at, MathF.Sin(i)); break;
                case TiffSampleType.Double: BitConverter.TryWriteBytes(at, Math.Sin(i) * 1e99); break;
                default: BitConverter.GetBytes(value & ((1L << format.Bits) - 1)).AsSpan(0, size).CopyTo(at); break;
            }
        }

        return samples;
    }

    // Tiles in no particular order.
    private string Write(RasterFormat format, byte[] samples, bool? big = null)
    {
        string path = _folder.File($"{Guid.NewGuid():N}.tif");
        using FileStream stream = File.Create(path);
        var writer = new GeoTiffWriter(stream, format, big);
        int rowBytes = format.Width * format.PixelBytes;
        for (int y = (format.Height - 1) / 256 * 256; y >= 0; y -= 256)
        {
            int rows = Math.Min(256, format.Height - y);
            writer.Write(0, y, format.Width, rows, samples.AsSpan(y * rowBytes, rows * rowBytes));
        }

        writer.Complete();
        return path;
    }
}
