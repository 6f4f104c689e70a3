using System.Buffers.Binary;

namespace Swan.MLNet.Imaging;

/// <summary>BMP: its header is checked, and what follows the pixels is left out.</summary>
internal static class BmpHeader
{
    private const int FileHeaderBytes = 14, CoreBytes = 12, ShortBytes = 16, CompressionEnd = 20, MinBytes = FileHeaderBytes + CoreBytes;
    private const uint Uncompressed = 0, Rle8 = 1, Rle4 = 2, BitFields = 3, AlphaBitFields = 6;

    public static RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options) =>
        SkiaDecoder.DecodeUnread(bytes.Span[..Length(bytes.Span, name, options)], name, options);

    // How much of the file is the picture.
    private static int Length(ReadOnlySpan<byte> bytes, string name, ImageDecodingOptions options)
    {
        if (bytes.Length < MinBytes) throw SwanImageException.Truncated(name);
        uint pixels = Int(bytes, 10), header = Int(bytes, FileHeaderBytes);
        bool core = header == CoreBytes;
        if (!core && bytes.Length < FileHeaderBytes + (long)Math.Max(header, ShortBytes)) throw SwanImageException.Truncated(name);
        long width = core ? Short(bytes, 18) : (int)Int(bytes, 18), height = core ? Short(bytes, 20) : Math.Abs((long)(int)Int(bytes, 22));
        int bits = Short(bytes, core ? 24 : 28);
        // OS/2's later header may end before the compression, which is none then.
        uint compression = core || header < CompressionEnd ? Uncompressed : Int(bytes, 30);
        options.CheckPixels(name, width, height);
        if (compression is not (Uncompressed or Rle8 or Rle4 or BitFields or AlphaBitFields)
            || bits is not (1 or 2 or 4 or 8 or 16 or 24 or 32))
        {
            throw new SwanImageException(name, ImageFault.Unsupported,
                $"it has {bits} bits a pixel and compression {compression}. Convert it to PNG.");
        }
        if (pixels < MinBytes)
        {
            throw new SwanImageException(name, ImageFault.Corrupt,
                $"it says that its pixels begin at byte {pixels}, inside its header. Copy it again from its source.");
        }
        if (pixels > bytes.Length) throw SwanImageException.Truncated(name);
        if (compression is Rle8 or Rle4) return bytes.Length;
        long rows = (width * bits + 31) / 32 * 4 * height;
        return pixels + rows <= bytes.Length ? (int)(pixels + rows) : throw SwanImageException.Truncated(name);
    }

    private static uint Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
