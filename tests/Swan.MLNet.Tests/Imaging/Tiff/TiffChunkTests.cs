using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>Strips and tiles: what is refused, with which reason, and the rare kinds that GDAL does not write.</summary>
public sealed class TiffChunkTests
{
    [Theory]
    [InlineData(9, "JBIG (T.85) (9)"), InlineData(32809, "ThunderScan (32809)"), InlineData(32909, "PixarLog (32909)")]
    [InlineData(34712, "JPEG 2000 (34712)"), InlineData(33003, "JPEG 2000 (Aperio, YCbCr) (33003)"), InlineData(34887, "LERC (34887)")]
    [InlineData(34925, "LZMA (34925)"), InlineData(50001, "WebP (50001)"), InlineData(50002, "JPEG XL (50002)")]
    [InlineData(4711, "is 4711,")]
    public void A_compression_that_is_not_read_is_unsupported_and_named(int compression, string expected)
    {
        byte[] file = MadeTiff.Gray(4, 3).Numbers(259, compression).ToArray();

        foreach (SwanImageException e in Refusals(file))
        {
            Assert.Equal(ImageFault.Unsupported, e.Fault);
            Assert.Contains(expected, e.Message, StringComparison.Ordinal);
            Assert.Contains("gdal_translate", e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0xC3, 8, "lossless"), InlineData(0xC1, 12, "12-bit"), InlineData(0xC9, 8, "arithmetically coded")]
    [InlineData(0xC5, 8, "hierarchical")]
    public void A_jpeg_of_another_kind_inside_a_tiff_is_unsupported_and_named(int frame, int bits, string expected)
    {
        byte[] jpeg = [0xFF, 0xD8, 0xFF, (byte)frame, 0, 11, (byte)bits, 0, 3, 0, 4, 1, 1, 0x11, 0, 0xFF, 0xD9];
        byte[] file = MadeTiff.Gray(4, 3, jpeg).Numbers(259, 7).ToArray();

        SwanImageException e = Assert.Throws<SwanImageException>(() => Read(file));

        Assert.Equal(ImageFault.Unsupported, e.Fault);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 16, 12, 1)]   // differences of samples that do not fill bytes
    [InlineData(3, 8, 8, 1)]     // differences of floats' bytes, of whole numbers
    public void A_predictor_that_does_not_go_with_the_samples_is_unsupported(int predictor, int bytes, int bits, int format)
    {
        byte[] file = MadeTiff.Gray(4, 3, new byte[bytes]).Numbers(258, bits).Numbers(259, 8).Numbers(317, predictor).Numbers(339, format)
            .ToArray();

        Assert.All(Refusals(file), e => Assert.Equal(ImageFault.Unsupported, e.Fault));
    }

    [Fact]
    public void Only_a_chunk_beyond_the_files_end_is_called_truncated()
    {
        byte[] beyond = new MadeTiff().Sides(4, 3).Strip(1 << 20, 12).ToArray();
        byte[] shorter = MadeTiff.Gray(4, 6, new byte[12]).Numbers(259, 32773).ToArray();

        Assert.All(Refusals(beyond), e => Assert.Equal(ImageFault.Truncated, e.Fault));
        Assert.All(Refusals(shorter), e => Assert.Equal(ImageFault.Corrupt, e.Fault));
        Assert.All(Refusals(shorter), e => Assert.Contains("tile or strip 0", e.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(5), InlineData(7), InlineData(8), InlineData(32946), InlineData(50000)]
    public void Coded_data_that_is_something_else_is_corrupt_and_names_its_chunk(int compression)
    {
        byte[] file = MadeTiff.Gray(40, 30, [.. Enumerable.Repeat((byte)0xA5, 64)]).Numbers(259, compression).ToArray();

        SwanImageException e = Assert.Throws<SwanImageException>(() => Read(file));

        Assert.Equal(ImageFault.Corrupt, e.Fault);
        Assert.Contains("tile or strip 0", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 16), InlineData(16, 0)]
    public void Tiles_without_a_side_are_corrupt(int width, int height)
    {
        byte[] file = MadeTiff.Gray(4, 3).Numbers(322, width).Numbers(323, height).ToArray();

        Assert.All(Refusals(file), e => Assert.Equal(ImageFault.Corrupt, e.Fault));
    }

    [Fact]
    public void A_chunk_larger_than_the_limit_is_refused_before_memory_is_taken()
    {
        byte[] file = new MadeTiff().Sides(60_000, 60_000).Numbers(259, 8).Strip(16, 10).ToArray();
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(ImageFault.TooLarge, Assert.Throws<SwanImageException>(() => TiffFile.Open(file, "made")).Fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void A_strip_without_compression_is_read_in_pieces_however_large_it_is()
    {
        const int Side = 40_000;
        using var folder = new TemporaryFolder();
        using (FileStream write = File.Create(folder.File("one-strip.tif")))
        {
            write.Write(new MadeTiff().Sides(Side, Side).Strip(1000, (long)Side * Side).ToArray());
            write.Position = 1000 + 39_999L * Side;
            write.Write([1, 2, 3]);
            write.SetLength(1000 + (long)Side * Side);
        }
        using TiffFile file = TiffFile.Open(File.OpenRead(folder.File("one-strip.tif")), "one strip");
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal([0, 0, 0, 1, 2, 3], file.Image.Read(new(0, 39_998, 3, 2), [0]).Samples);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Fact]
    public void Samples_that_differ_from_band_to_band_are_unsupported()
    {
        byte[] file = MadeTiff.Gray(2, 2, new byte[12]).Numbers(277, 2).Numbers(258, 8, 16).ToArray();

        Assert.All(Refusals(file), e => Assert.Equal(ImageFault.Unsupported, e.Fault));
        Assert.All(Refusals(file), e => Assert.Contains("8, 16", e.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2, 2), InlineData(2, 1), InlineData(1, 2), InlineData(4, 1), InlineData(1, 4), InlineData(4, 4)]
    public void Chroma_that_pixels_share_is_read_in_strips_and_tiles(int columns, int rows)
    {
        // Luma tells the pixel, chroma the block; 128 is none of it. 5 columns and rows, so that the last blocks hang over.
        const int Side = 5;
        byte[] Blocks(int width, int height)
        {
            var blocks = new List<byte>();
            for (int top = 0; top < height; top += rows)
            {
                for (int left = 0; left < width; left += columns)
                {
                    for (int y = top; y < top + rows; y++)
                    {
                        for (int x = left; x < left + columns; x++) blocks.Add((byte)(x * 10 + y * 3));
                    }

                    blocks.AddRange([128, 128]);
                }
            }

            return [.. blocks];
        }

        byte[] expected = [.. Enumerable.Range(0, Side * Side * 3).Select(i => (byte)(i / 3 % Side * 10 + i / 3 / Side * 3))];
        MadeTiff Made(byte[] blocks) => MadeTiff.Gray(Side, Side, blocks).Numbers(258, 8, 8, 8).Numbers(277, 3).Numbers(262, 6)
            .Numbers(530, columns, rows);

        Assert.Equal(expected, Read(Made(Blocks(Side, Side)).ToArray()));
        Assert.Equal(expected, Read(Made(Blocks(16, 16)).Numbers(322, 16).Numbers(323, 16).ToArray()));
        Assert.Equal(expected, ImageDecoder.Decode(Made(Blocks(Side, Side)).ToArray(), "made").Pixels);
    }

    [Fact]
    public void Chroma_of_2x2_in_one_strip_is_read_as_GDAL_reads_it()
    {
        RgbImage image = ImageDecoder.Decode(SharedFolder.Data("faults/tiff-ycbcr-2x2-one-strip-called-corrupt.tif"));

        // The digest of what GDAL 3.6.2 reads.
        Assert.Equal((256, 192), (image.Width, image.Height));
        Assert.Equal("08D04D32E68CD5A0", Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(image.Pixels))[..16]);
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01 }, new byte[] { 45, 45, 45, 45, 45, 65, 45, 45, 45, 66 })]
    [InlineData(new byte[] { 0x00, 0x0F, 0x08, 0x0C, 0x10, 0x10 }, new byte[] { 7, 7, 7, 1 })] // before 1992
    public void Codes_of_LZW_are_read_from_either_end_of_their_bytes(byte[] coded, byte[] expected)
    {
        var target = new byte[expected.Length];

        Assert.Equal(expected.Length, LzwDecoder.Decode(coded, target));
        Assert.Equal(expected, target);
    }

    [Fact]
    public void A_sparse_strip_has_the_nodata_value_or_zero()
    {
        byte[] file = new MadeTiff().Sides(2, 2).Numbers(278, 1).Offsets(273, 16, 0).Offsets(279, 2, 0).ToArray();
        byte[] nodata = new MadeTiff().Sides(2, 2).Numbers(278, 1).Offsets(273, 16, 0).Offsets(279, 2, 0).Text(42113, "300").ToArray();

        Assert.Equal([0, 0], Read(file)[2..]);
        Assert.Equal([255, 255], Read(nodata)[2..]); // the nearest value that the type has
        Assert.Equal(6, ImageDecoder.Decode(nodata, "made").Pixels[6..].Count(v => v == 255));
    }

    private static IEnumerable<SwanImageException> Refusals(byte[] file) =>
        [Assert.Throws<SwanImageException>(() => Read(file)), Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(file, "made"))];

    private static byte[] Read(byte[] bytes)
    {
        using TiffFile file = TiffFile.Open(bytes, "made");
        TiffFields fields = file.Image.Fields;
        return file.Image.Read(new(0, 0, fields.Width, fields.Height), [.. Enumerable.Range(0, fields.Samples)]).Samples;
    }
}
