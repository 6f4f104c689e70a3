using System.Buffers;

namespace Swan.MLNet.Imaging;

/// <summary>GIF: the first picture alone.</summary>
/// <remarks>
/// Extensions and later pictures are left out. With them goes transparency, so that a see-through pixel keeps its palette color. What the
/// first picture leaves free of the screen is black.
/// </remarks>
internal static class GifBlocks
{
    private const int HeaderBytes = 13, DescriptorBytes = 10;
    private const byte Extension = 0x21, Picture = 0x2C, Trailer = 0x3B;

    public static RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options)
    {
        var kept = new ArrayBufferWriter<byte>(bytes.Length);
        Keep(bytes.Span, kept, name);
        return SkiaDecoder.Decode(kept.WrittenMemory, new(1), name, options, besides: 0);
    }

    /// <summary>Writes what is kept.</summary>
    internal static void Keep(ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> kept, string name)
    {
        int position = HeaderBytes + (bytes.Length > 10 ? PaletteBytes(bytes[10]) : 0);
        Take(bytes, 0, position, name);
        kept.Write(bytes[..position]);
        while (true)
        {
            int start = position;
            switch (Take(bytes, position, 1, name)[0])
            {
                case Extension:
                    position = SkipBlocks(bytes, position + 2, name);
                    break;
                case Picture:
                    byte flags = Take(bytes, position, DescriptorBytes, name)[9];
                    position += DescriptorBytes + PaletteBytes(flags) + 1; // the size of the first codes
                    position = SkipBlocks(bytes, position, name);
                    kept.Write(bytes[start..position]);
                    kept.Write<byte>([Trailer]);
                    return;
                case Trailer:
                    throw SwanImageException.Corrupt(name, "it has no picture");
                default:
                    throw SwanImageException.Corrupt(name, $"its byte {position} begins no block that GIF knows");
            }
        }
    }

    private static int PaletteBytes(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    // Past the empty block that ends a series of them.
    private static int SkipBlocks(ReadOnlySpan<byte> bytes, int position, string name)
    {
        while (true)
        {
            byte length = Take(bytes, position, 1, name)[0];
            position++;
            if (length == 0) return position;
            Take(bytes, position, length, name);
            position += length;
        }
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> bytes, int position, int length, string name) =>
        position <= bytes.Length && length <= bytes.Length - position
            ? bytes.Slice(position, length)
            : throw SwanImageException.Truncated(name);
}
