using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>A scan of a few bytes takes the time of a whole picture, so their number is limited.</summary>
public sealed class JpegScansTests
{
    private const int Side = 64, Blocks = Side / 8 * (Side / 8);

    [Theory]
    [InlineData(10)]
    [InlineData(90)]
    public void A_progressive_jpeg_of_many_scans_is_read(int scans)
    {
        RgbImage image = ImageDecoder.Decode(Progressive(scans), "scans");

        Assert.Equal((Side, Side), (image.Width, image.Height));
    }

    [Theory]
    [InlineData(101)]
    [InlineData(20_000)]
    public void A_jpeg_of_more_scans_than_encoders_write_is_refused(int scans)
    {
        var e = Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(Progressive(scans), "scans"));

        Assert.Equal(ImageFault.Corrupt, e.Fault);
        Assert.Contains("it has more than 100 scans", e.Message, StringComparison.Ordinal);
    }

    // Gray: a scan of means, all zero, and then the same scan of details again and again, each block of which is empty.
    private static byte[] Progressive(int scans)
    {
        var file = new List<byte>();
        file.AddRange([0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64)]);
        file.AddRange([0xFF, 0xC2, 0, 11, 8, 0, Side, 0, Side, 1, 1, 0x11, 0]);
        // Tables of one code, the bit 0: no difference, and the end of a block.
        foreach (byte kind in new byte[] { 0x00, 0x10 }) file.AddRange([0xFF, 0xC4, 0, 20, kind, 1, .. new byte[15], 0]);
        byte[] zeros = new byte[Blocks / 8];
        for (int scan = 0; scan < scans; scan++)
        {
            (byte first, byte last) = scan == 0 ? ((byte)0, (byte)0) : ((byte)1, (byte)63);
            file.AddRange([0xFF, 0xDA, 0, 8, 1, 1, 0, first, last, 0, .. zeros]);
        }
        return [.. file, 0xFF, 0xD9];
    }
}
