using System.Buffers.Binary;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>BMP: its header is checked, and what follows the pixels is left out.</summary>
internal static class BmpHeader
{
    private const int FileHeaderBytes = 14, CoreBytes = 12, ShortBytes = 16, CompressionEnd = 20, InfoBytes = 40, ColorsAt = 46;
    private const int MinBytes = FileHeaderBytes + CoreBytes, InfoEnd = FileHeaderBytes + InfoBytes;
    private const uint Uncompressed = 0, Rle8 = 1, Rle4 = 2, BitFields = 3, AlphaBitFields = 6;

    public static RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options)
    {
        Contents contents = Read(bytes.Span, name, options);
        ReadOnlySpan<byte> file = bytes.Span[..contents.Length];
        if (!contents.LacksCount) return SkiaDecoder.DecodeUnread(file, name, options);
        PictureHeader header = new(contents.Width, contents.Height, new(1), 0);
        using PooledBuffer kept = SkiaDecoder.Admit(header, LengthWithCount(file, contents.Colors), name, options);
        WriteWithCount(file, contents.Colors, kept.Span);
        return SkiaDecoder.Decode(kept.Span, header, name, options);
    }

    private static Contents Read(ReadOnlySpan<byte> bytes, string name, ImageDecodingOptions options)
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
                $"it has {bits} bits per pixel and compression {compression}. Convert it to PNG.");
        }
        if (pixels < MinBytes)
        {
            throw new SwanImageException(name, ImageFault.Corrupt,
                $"its pixels would begin at byte {pixels}, inside its header. Copy it again from its source.");
        }
        if (pixels > bytes.Length) throw SwanImageException.Truncated(name);
        int colors = Colors(bytes, header, pixels, bits);
        var contents = new Contents(bytes.Length, width, height, colors, LacksCount: colors > 0 && colors < Said(bytes, header, bits));
        if (compression is Rle8 or Rle4)
        {
            if (bits is 4 or 8)
                BmpPixels.ThrowIfRunsAreDamaged(bytes[(int)pixels..], (int)width, height, bits, colors, name);
            return contents;
        }
        long rows = (width * bits + 31) / 32 * 4 * height;
        if (pixels + rows > bytes.Length) throw SwanImageException.Truncated(name);
        if (bits <= 8) BmpPixels.ThrowIfPastPalette(bytes.Slice((int)pixels, (int)rows), (int)width, bits, colors, name);
        return contents with { Length = (int)(pixels + rows) };
    }

    // Colors of the palette: as many as the header says, and no more than there is room for before the pixels.
    private static int Colors(ReadOnlySpan<byte> bytes, uint header, uint pixels, int bits)
    {
        if (bits > 8) return 0;
        long room = (pixels - (long)FileHeaderBytes - header) / (header == CoreBytes ? 3 : 4);
        return (int)Math.Clamp(Math.Min(Said(bytes, header, bits), room), 0, 1 << bits);
    }

    private static long Said(ReadOnlySpan<byte> bytes, uint header, int bits) =>
        header >= InfoBytes && Int(bytes, ColorsAt) is > 0 and var said ? said : bits > 8 ? 0 : 1 << bits;

    // Skia reads the stated or maximum number of colors, and fails without room for them. OS/2's first header has no number of
    // colors: the later header takes its place.
    private static void WriteWithCount(ReadOnlySpan<byte> bytes, int colors, Span<byte> file)
    {
        if (!IsCore(bytes))
        {
            bytes.CopyTo(file);
            if (Int(bytes, FileHeaderBytes) >= InfoBytes) BinaryPrimitives.WriteInt32LittleEndian(file[ColorsAt..], colors);
            return;
        }
        int pixels = (int)Int(bytes, 10), start = InfoEnd + 4 * colors;
        file[..start].Clear();
        bytes[..FileHeaderBytes].CopyTo(file);
        Span<byte> header = file.Slice(FileHeaderBytes, InfoBytes);
        BinaryPrimitives.WriteInt32LittleEndian(file[2..], file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file[10..], start);
        BinaryPrimitives.WriteInt32LittleEndian(header, InfoBytes);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], Short(bytes, 18));
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], Short(bytes, 20));
        bytes.Slice(22, 4).CopyTo(header[12..]); // planes and bits
        BinaryPrimitives.WriteInt32LittleEndian(header[32..], colors);
        for (int i = 0; i < colors; i++) bytes.Slice(MinBytes + 3 * i, 3).CopyTo(file[(InfoEnd + 4 * i)..]);
        bytes[pixels..].CopyTo(file[start..]);
    }

    private static int LengthWithCount(ReadOnlySpan<byte> bytes, int colors) =>
        IsCore(bytes) ? InfoEnd + 4 * colors + bytes.Length - (int)Int(bytes, 10) : bytes.Length;

    private static bool IsCore(ReadOnlySpan<byte> bytes) => Int(bytes, FileHeaderBytes) == CoreBytes;

    private static uint Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    /// <param name="Length">How much of the file is the picture.</param>
    /// <param name="Width">Columns.</param>
    /// <param name="Height">Rows.</param>
    /// <param name="Colors">Of the palette.</param>
    /// <param name="LacksCount">Whether there are fewer colors than the header says, and more than none.</param>
    private readonly record struct Contents(int Length, long Width, long Height, int Colors, bool LacksCount);
}
