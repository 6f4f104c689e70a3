using SkiaSharp;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>JPEGs whose damage libjpeg passes over, of every kind of Huffman coding.</summary>
public sealed class JpegCheckTests
{
    // cjpeg made these of a drawn picture of 72×56 pixels; planes has a scan for each component.
    public static TheoryData<string> Kinds => ["baseline", "gray", "planes", "restart", "progressive", "progressive-restart"];

    [Theory]
    [MemberData(nameof(Kinds))]
    [InlineData("arithmetic")]
    public void A_whole_jpeg_of_every_kind_is_read(string kind)
    {
        RgbImage image = ImageDecoder.Decode(Jpeg(kind), kind);
        Assert.Equal((72, 56), (image.Width, image.Height));
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xD0 })]
    [InlineData(new byte[] { 0x0D, 0x0A })]
    [InlineData(new byte[] { 0x11 })]
    public void What_some_writers_leave_before_the_end_is_no_damage(byte[] stray)
    {
        byte[] whole = Jpeg("baseline");
        byte[] expected = ImageDecoder.Decode(whole, "whole").Pixels;
        Assert.Equal(expected, ImageDecoder.Decode((byte[])[.. whole[..^2], .. stray, 0xFF, 0xD9], "stray").Pixels);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_jpeg_that_was_cut_anywhere_and_closed_is_refused(string kind)
    {
        byte[] whole = Jpeg(kind);
        // The last byte of coded data may hold nothing but padding.
        for (int length = FirstScan(whole); length < whole.Length - 3; length++)
        {
            byte[] cut = [.. whole[..length], 0xFF, 0xD9];
            Exception? e = Record.Exception(() => ImageDecoder.Decode(cut, "cut"));
            Assert.True(e is SwanImageException { Fault: ImageFault.Truncated or ImageFault.Corrupt },
                $"cut to {length} of {whole.Length} bytes: {e?.ToString() ?? "was read"}");
        }
    }

    // Where by chance as many codes come out as there were, nobody can tell: a picture of 20 units leaves much to chance.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Most_jpegs_with_zeros_in_their_coded_data_are_refused(string kind) => MostAreRefused(kind, static (jpeg, at, length) =>
    {
        byte[] damaged = [.. jpeg];
        damaged.AsSpan(at, length).Clear();
        return damaged;
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Most_jpegs_that_lost_a_piece_of_their_coded_data_are_refused(string kind) =>
        MostAreRefused(kind, static (jpeg, at, length) => [.. jpeg[..at], .. jpeg[(at + length)..]]);

    [Fact]
    public void Two_kilobytes_of_zeros_in_a_photograph_are_refused_nearly_always()
    {
        byte[] whole = ImageFiles.Skia(ImageFiles.Noise(256, 256), 256, 256, SKEncodedImageFormat.Jpeg, 60);
        int tried = 0, refused = 0;
        for (int at = FirstScan(whole) + 500; at + 2048 < whole.Length - 2; at += 997, tried++)
        {
            byte[] damaged = [.. whole];
            damaged.AsSpan(at, 2048).Clear();
            if (Record.Exception(() => ImageDecoder.Decode(damaged, "damaged")) is SwanImageException) refused++;
        }

        Assert.True(tried > 10 && refused > 0.95 * tried, $"{refused} of {tried}");
    }

    [Fact]
    public void A_jpeg_without_a_restart_marker_is_refused()
    {
        byte[] whole = Jpeg("restart");
        int marker = whole.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xD3]);
        byte[] damaged = [.. whole[..marker], .. whole[(marker + 2)..]];
        var e = Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(damaged, "damaged"));
        Assert.Equal(ImageFault.Corrupt, e.Fault);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF })]
    public void Padding_after_coded_data_is_no_damage(byte[] padding)
    {
        byte[] whole = Jpeg("baseline");
        byte[] padded = [.. whole[..^2], .. padding, .. whole[^2..]];
        Assert.Equal(ImageDecoder.Decode(whole, "whole").Pixels, ImageDecoder.Decode(padded, "padded").Pixels);
    }

    [Fact]
    public void A_jpeg_with_more_coded_data_than_its_picture_takes_is_refused()
    {
        byte[] whole = Jpeg("baseline");
        var e = Assert.Throws<SwanImageException>(
            () => ImageDecoder.Decode((byte[])[.. whole[..^2], 1, 2, 3, 4, .. whole[^2..]], "damaged"));
        Assert.Equal(ImageFault.Corrupt, e.Fault);
        Assert.Contains("they hold more than its picture needs", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_bytes_anywhere_end_in_a_picture_or_a_refusal()
    {
        var random = new Random(7);
        foreach (string kind in Kinds.Select(row => row.Data))
        {
            byte[] whole = Jpeg(kind);
            for (int i = 0; i < 400; i++)
            {
                byte[] changed = [.. whole];
                for (int n = random.Next(1, 4); n > 0; n--) changed[random.Next(2, changed.Length)] = (byte)random.Next(256);
                Exception? e = Record.Exception(() => ImageDecoder.Decode(changed, "changed"));
                Assert.True(e is null or SwanImageException, $"{kind}, try {i}: {e}");
            }
        }
    }

    private static void MostAreRefused(string kind, Func<byte[], int, int, byte[]> damage)
    {
        byte[] whole = Jpeg(kind);
        int first = FirstScan(whole), tried = 0, refused = 0;
        for (int length = 64; length <= 512; length += 64)
        {
            for (int at = first; at + length < whole.Length - 2; at += 16)
            {
                tried++;
                if (Record.Exception(() => ImageDecoder.Decode(damage(whole, at, length), "damaged")) is SwanImageException) refused++;
            }
        }

        Assert.True(refused > 0.6 * tried, $"{refused} of {tried}");
    }

    private static int FirstScan(byte[] jpeg) => jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]) + 14;

    private static byte[] Jpeg(string kind)
    {
        using Stream stream = typeof(JpegCheckTests).Assembly.GetManifestResourceStream($"{kind}.jpg")!;
        byte[] file = new byte[stream.Length];
        stream.ReadExactly(file);
        return file;
    }
}
