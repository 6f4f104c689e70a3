namespace Swan.MLNet.Imaging;

/// <summary>The first bytes of a TIFF: its byte order, and where its first directory lies.</summary>
internal static class TiffHeader
{
    public static bool IsTiff(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8) || bytes.StartsWith("II+\0"u8) || bytes.StartsWith("MM\0+"u8);

    /// <exception cref="SwanImageException">The file is not a TIFF, or ends within its header.</exception>
    public static (TiffByteOrder Order, long Directory) Read(TiffSource source, string name)
    {
        byte[] buffer = [];
        ReadOnlySpan<byte> start = source.Read(0, (int)Math.Min(source.Length, 16), ref buffer);
        if (!IsTiff(start)) throw new SwanImageException(name, ImageFault.NotAnImage, "it does not begin like a TIFF.");
        var order = new TiffByteOrder(start[0] == 'I', start[2] == '+' || start[3] == '+');
        if (start.Length < (order.Big ? 16 : 8)) throw TiffDirectory.Outside(name, "its header");
        return (order, (long)order.Number(start[(order.Big ? 8 : 4)..], order.OffsetBytes));
    }
}
