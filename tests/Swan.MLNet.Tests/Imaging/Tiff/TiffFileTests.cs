using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

public sealed class TiffFileTests
{
    private static readonly byte[] Ramp = [.. Enumerable.Range(0, 12).Select(i => (byte)(i * 20))];

    [Theory]
    [InlineData(true, false), InlineData(false, false), InlineData(true, true), InlineData(false, true)]
    public void Both_byte_orders_of_classic_and_of_BigTIFF_are_read(bool little, bool big)
    {
        using TiffFile file = TiffFile.Open(MadeTiff.Gray(4, 3, Ramp, little, big).ToArray(), "made");

        Assert.Equal((4, 3, 1, 8), (file.Image.Fields.Width, file.Image.Fields.Height, file.Image.Fields.Samples, file.Image.Fields.Bits));
        Assert.Equal([120, 140, 200, 220], file.Image.Read(new(2, 1, 2, 2), [0]).Samples);
    }

    [Fact]
    public void A_file_of_more_than_4_GiB_is_read_from_its_stream()
    {
        const long Far = 5L << 30;
        using var folder = new TemporaryFolder();
        byte[] head = new MadeTiff(big: true).Sides(4, 3).Strip(Far, 12).ToArray();
        using (FileStream write = File.Create(folder.File("far.tif")))
        {
            write.Write(head);
            write.Position = Far;
            write.Write(Ramp);
        }

        using TiffFile file = TiffFile.Open(File.OpenRead(folder.File("far.tif")), "far");

        Assert.Equal(Ramp, file.Image.Read(new(0, 0, 4, 3), [0]).Samples);
    }

    [Theory]
    [InlineData(-1, 0, 1, 1), InlineData(0, 0, 5, 1), InlineData(0, 3, 1, 1), InlineData(0, 0, 0, 1), InlineData(1, 1, 4, 1)]
    [InlineData(2, 0, int.MaxValue, 1), InlineData(int.MinValue, 0, 1, 1), InlineData(0, int.MaxValue, 1, 1)]
    public void A_window_outside_the_image_is_the_callers_fault(int x, int y, int width, int height)
    {
        using TiffFile file = TiffFile.Open(MadeTiff.Gray(4, 3).ToArray(), "made");

        Assert.Throws<ArgumentOutOfRangeException>(() => file.Image.Read(new(x, y, width, height), [0]));
    }

    [Fact]
    public void A_band_that_is_not_there_is_the_callers_fault()
    {
        using TiffFile file = TiffFile.Open(MadeTiff.Gray(4, 3).ToArray(), "made");

        Assert.Throws<ArgumentOutOfRangeException>(() => file.Image.Read(new(0, 0, 1, 1), [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Image.Read(new(0, 0, 1, 1), [-1]));
        Assert.Throws<ArgumentException>(() => file.Image.Read(new(0, 0, 1, 1), []));
    }

    [Fact]
    public void A_window_of_more_pixels_than_the_limit_is_refused()
    {
        using TiffFile file = TiffFile.Open(MadeTiff.Gray(40, 30).ToArray(), "made", new() { MaxPixels = 600 });

        Assert.Equal(ImageFault.TooLarge, Assert.Throws<SwanImageException>(() => file.Image.Read(new(0, 0, 40, 16), [0])).Fault);
        Assert.Equal(600, file.Image.Read(new(0, 0, 40, 15), [0]).Samples.Length);
    }

    [Fact]
    public void Reading_ends_when_it_is_canceled()
    {
        using TiffFile file = TiffFile.Open(MadeTiff.Gray(4, 3).ToArray(), "made");

        Assert.ThrowsAny<OperationCanceledException>(() => file.Image.Read(new(0, 0, 4, 3), [0], new CancellationToken(canceled: true)));
    }

    [Fact]
    public void The_stream_is_closed_with_the_file_and_when_opening_fails()
    {
        var good = new MemoryStream(MadeTiff.Gray(4, 3).ToArray());
        TiffFile.Open(good, "made").Dispose();
        Assert.False(good.CanRead);

        var bad = new MemoryStream([1, 2, 3]);
        Assert.Throws<SwanImageException>(() => TiffFile.Open(bad, "made"));
        Assert.False(bad.CanRead);
    }

    [Fact]
    public void Overviews_and_masks_come_from_later_directories_and_from_those_inside()
    {
        MadeTiff tiff = MadeTiff.Gray(8, 8).Next();
        Reduced(tiff, kind: 4, side: 8).Next();
        Reduced(tiff, kind: 1, side: 2).Next();
        Reduced(tiff, kind: 1, side: 4).Next();
        Reduced(tiff, kind: 5, side: 4).Next();
        Reduced(tiff, kind: 0, side: 8);
        using TiffFile file = TiffFile.Open(tiff.ToArray(), "made");

        Assert.Equal([4, 2], file.Overviews.Select(o => o.Fields.Width));
        Assert.Equal(8, file.Mask!.Fields.Width);
        Assert.Equal(4, file.MaskOf(file.Overviews[0])!.Fields.Width);
        Assert.Null(file.MaskOf(file.Overviews[1]));
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2)]
    public void Directories_that_follow_each_other_in_a_circle_end(int back)
    {
        MadeTiff tiff = MadeTiff.Gray(8, 8).Next();
        Reduced(tiff, kind: 1, side: 4).Next();
        Reduced(tiff, kind: 1, side: 2);
        using TiffFile file = TiffFile.Open(tiff.ToArray(last: back), "made");

        Assert.Equal([4, 2], file.Overviews.Select(o => o.Fields.Width));
    }

    [Fact]
    public void Directories_that_share_their_entries_take_little_memory()
    {
        const int Directories = 1_000, Entries = 60_000;
        MadeTiff tiff = MadeTiff.Gray(4, 3, Ramp);
        // Each begins within the entry before its first, whose last two bytes are the number of its entries.
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write((ushort)Entries);
        for (int i = 0; i < Entries + Directories; i++)
        {
            writer.Write((ushort)(1_000 + i % 40_000));
            writer.Write((ushort)4);
            writer.Write(1);
            writer.Write(Entries << 16);
        }
        writer.Write(new byte[64]);
        long at = tiff.Append(bytes.ToArray());
        byte[] bomb = tiff.Offsets(330, [.. Enumerable.Range(0, Directories).Select(i => at + 12L * i)]).ToArray();
        long before = GC.GetAllocatedBytesForCurrentThread();

        using TiffFile file = TiffFile.Open(bomb, "made");

        Assert.Empty(file.Overviews);
        Assert.Equal(Ramp, file.Image.Read(new(0, 0, 4, 3), [0]).Samples);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Many_bands_in_many_directories_take_little_memory()
    {
        const int Bands = 60_000;
        MadeTiff tiff = MadeTiff.Gray(1, 1, new byte[Bands]);
        long[] zeros = new long[Bands];
        for (int i = 0; i < 60; i++)
        {
            tiff.Numbers(277, Bands).Numbers(258, 8).Numbers(254, 1).Numbers(338, zeros).Blob(347, new byte[60_000]).Next();
            tiff.Sides(1, 1).Strip(16, Bands);
        }
        byte[] bytes = tiff.ToArray();
        using TiffFile file = TiffFile.Open(bytes, "made");
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(59, file.Overviews.Count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void The_first_directory_keeps_entries_of_tags_that_nothing_reads()
    {
        using TiffFile file = TiffFile.Open(MadeTiff.Gray(4, 3).Doubles(33550, 10, 10, 0).ToArray(), "made");

        Assert.Equal([10, 10, 0], file.Directory.Doubles(33550, 3));
    }

    [Fact]
    public void A_damaged_overview_is_left_out_and_the_image_stays()
    {
        MadeTiff tiff = MadeTiff.Gray(4, 3, Ramp).Next();
        Reduced(tiff, kind: 1, side: 2).Numbers(259, 34712); // JPEG 2000
        using TiffFile file = TiffFile.Open(tiff.ToArray(last: -1), "made");

        Assert.Empty(file.Overviews);
        Assert.Equal(Ramp, file.Image.Read(new(0, 0, 4, 3), [0]).Samples);
    }

    [Theory]
    [InlineData("-9999", -9999.0), InlineData("nan", double.NaN), InlineData("-inf", double.NegativeInfinity), InlineData(" 1e+20 ", 1e20)]
    [InlineData("none", null), InlineData("", null), InlineData("-9999,0", -9999.0), InlineData("1,5", 1.5), InlineData("12abc", 12.0)]
    [InlineData("-", null), InlineData(".5", 0.5)]
    public void The_nodata_value_is_a_number_in_text(string text, double? expected)
    {
        using TiffFile file = TiffFile.Open(MadeTiff.Gray(4, 3).Text(42113, text).ToArray(), "made");

        Assert.Equal(expected, file.NoData);
    }

    [Fact]
    public void The_range_of_samples_is_that_of_the_bands_that_are_taken()
    {
        using TiffFile file = TiffFile.Open(MadeTiff.Gray(4, 3).Doubles(340, -1.5).Doubles(341, 7).ToArray(), "made");
        using TiffFile without = TiffFile.Open(MadeTiff.Gray(4, 3).Doubles(340, 1).ToArray(), "made");
        using TiffFile bands = TiffFile.Open(MadeTiff.Gray(4, 3).Numbers(340, 3, 2, 0).Numbers(341, 90, 100, 255).ToArray(), "made");

        Assert.Equal((-1.5, 7), file.Image.Fields.SampleRange([0]));
        Assert.Equal((-1.5, 7), file.Image.Fields.SampleRange([2]));
        Assert.Null(without.Image.Fields.SampleRange([0]));
        Assert.Equal((2, 100), bands.Image.Fields.SampleRange([0, 1]));
        Assert.Equal((3, 90), bands.Image.Fields.SampleRange([0]));
    }

    [Fact]
    public void Rows_that_are_streamed_convert_to_the_nearest_value_of_their_target()
    {
        byte[] signed = MadeTiff.Gray(2, 1, [0x00, 0x80, 0xFF, 0x7F]).Numbers(258, 16).Numbers(339, 2).ToArray();
        using TiffFile file = TiffFile.Open(signed, "made");
        var doubles = new double[2];
        var bytes = new byte[2];
        int calls = 0;
        file.Image.Read(new(0, 0, 2, 1), [0], (x, y, band, row) =>
        {
            Assert.Equal((0, 0, 0, 2, TiffSampleType.Int16), (x, y, band, row.Count, row.Type));
            row.CopyTo<double>(doubles);
            row.CopyTo<byte>(bytes);
            calls++;
        });

        Assert.Equal(1, calls);
        Assert.Equal([-32768, 32767], doubles);
        Assert.Equal([0, 255], bytes);
    }

    private static MadeTiff Reduced(MadeTiff tiff, int kind, int side) =>
        tiff.Sides(side, side).Numbers(254, kind).Strip(tiff.Append(new byte[side * side]), side * side);
}
