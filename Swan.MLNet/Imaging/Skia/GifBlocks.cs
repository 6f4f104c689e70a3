using System.Buffers;

namespace Swan.MLNet.Imaging;

/// <summary>GIF: the first picture alone.</summary>
/// <remarks>
/// Extensions and later pictures are left out. With them goes transparency, so that a see-through pixel keeps its palette color. What the
/// first picture leaves free of the screen is black. An index past the palette is an error.
/// </remarks>
internal static class GifBlocks
{
    private const int HeaderBytes = 13, FlagsAt = 10, DescriptorBytes = 10;
    private const byte Extension = 0x21, Picture = 0x2C, Trailer = 0x3B;

    public static RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options)
    {
        var kept = new ArrayBufferWriter<byte>(bytes.Length);
        PaletteSentinel? sentinel = Keep(bytes.Span, kept, name);
        RgbImage image = SkiaDecoder.Decode(kept.WrittenMemory, new(1), name, options, besides: 0);
        sentinel?.ThrowIfSeen(image, name);
        return image;
    }

    /// <summary>Writes what is kept.</summary>
    /// <returns>The color that fills the picture's palette up; null where it is full.</returns>
    internal static PaletteSentinel? Keep(ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> kept, string name)
    {
        int header = HeaderBytes + (bytes.Length > FlagsAt ? PaletteBytes(bytes[FlagsAt]) : 0), position = header;
        Take(bytes, 0, header, name);
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
                    int codes = position + DescriptorBytes + PaletteBytes(flags), size = Take(bytes, codes, 1, name)[0];
                    position = SkipBlocks(bytes, codes + 1, name);
                    bool own = PaletteBytes(flags) > 0;
                    PaletteSentinel? screen = Write(kept, bytes[..HeaderBytes], FlagsAt, bytes[HeaderBytes..header], own ? 0 : size);
                    PaletteSentinel? sentinel = Write(
                        kept, bytes.Slice(start, DescriptorBytes), DescriptorBytes - 1, bytes[(start + DescriptorBytes)..codes], size);
                    kept.Write(bytes[codes..position]);
                    kept.Write<byte>([Trailer]);
                    return own ? sentinel : screen;
                case Trailer:
                    throw SwanImageException.Corrupt(name, "it has no picture");
                default:
                    throw SwanImageException.Corrupt(name, $"its byte {position} begins no block that GIF knows");
            }
        }
    }

    // A palette behind what says how large it is, for pixels whose codes begin with so many bits. Larger ones are left to Skia.
    private static PaletteSentinel? Write(
        ArrayBufferWriter<byte> kept, ReadOnlySpan<byte> before, int flagsAt, ReadOnlySpan<byte> palette, int bits)
    {
        byte[] beginning = before.ToArray(), filled = [];
        PaletteSentinel? sentinel = palette.IsEmpty || bits > 8 ? null : PaletteSentinel.Fill(palette, 1 << bits, out filled);
        if (sentinel is not null) beginning[flagsAt] = (byte)((beginning[flagsAt] & ~7) | (bits - 1));
        kept.Write(beginning);
        kept.Write(sentinel is null ? palette : filled);
        return sentinel;
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
