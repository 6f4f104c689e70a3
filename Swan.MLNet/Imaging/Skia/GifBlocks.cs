using System.Buffers.Binary;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>GIF: the first picture alone.</summary>
/// <remarks>
/// Extensions and later pictures are left out. Transparency goes with them, so a transparent pixel keeps its palette color. Screen areas
/// outside the first picture are black. An index past the palette is an error.
/// </remarks>
internal static class GifBlocks
{
    private const int HeaderBytes = 13, FlagsAt = 10, DescriptorBytes = 10;
    private const int PictureBytes = 4; // a pixel, of the picture that Skia may build up beside
    private const byte Extension = 0x21, Picture = 0x2C, Trailer = 0x3B;

    public static RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options)
    {
        var counted = new KeptBytes();
        PictureHeader header = Keep(bytes.Span, counted, name, out PaletteSentinel? sentinel);
        using PooledBuffer kept = SkiaDecoder.Admit(header, counted.Length, name, options);
        Keep(bytes.Span, new KeptBytes(kept.Memory), name, out _);
        RgbImage image = SkiaDecoder.Decode(kept.Span, header, name, options);
        sentinel?.ThrowIfSeen(image, name);
        return image;
    }

    /// <summary>Writes the kept parts.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="kept">Takes it.</param>
    /// <param name="name">Its name in error messages.</param>
    /// <param name="sentinel">The color that fills the picture's palette up; null where it is full.</param>
    internal static PictureHeader Keep(ReadOnlySpan<byte> bytes, KeptBytes kept, string name, out PaletteSentinel? sentinel)
    {
        int start = HeaderBytes + (bytes.Length > FlagsAt ? PaletteBytes(bytes[FlagsAt]) : 0), position = start;
        ReadOnlySpan<byte> screen = Take(bytes, 0, start, name);
        while (true)
        {
            start = position;
            switch (Take(bytes, position, 1, name)[0])
            {
                case Extension:
                    position = SkipBlocks(bytes, position + 2, name);
                    break;
                case Picture:
                    ReadOnlySpan<byte> descriptor = Take(bytes, position, DescriptorBytes, name);
                    // Where the picture reaches beyond the screen, the screen grows.
                    int width = Math.Max(Short(bytes, 6), Short(descriptor, 1) + Short(descriptor, 5));
                    int height = Math.Max(Short(bytes, 8), Short(descriptor, 3) + Short(descriptor, 7));
                    int codes = position + DescriptorBytes + PaletteBytes(descriptor[9]), size = Take(bytes, codes, 1, name)[0];
                    position = SkipBlocks(bytes, codes + 1, name);
                    bool own = PaletteBytes(descriptor[9]) > 0;
                    PaletteSentinel? shared = Write(kept, screen[..HeaderBytes], FlagsAt, screen[HeaderBytes..], own ? 0 : size);
                    sentinel = Write(kept, descriptor, DescriptorBytes - 1, bytes[(start + DescriptorBytes)..codes], size);
                    if (!own) sentinel = shared;
                    kept.Write(bytes[codes..position]);
                    kept.Write([Trailer]);
                    return new(width, height, new(1), PictureBytes);
                case Trailer:
                    throw SwanImageException.Corrupt(name, "it has no picture");
                default:
                    throw SwanImageException.Corrupt(name, $"its byte {position} doesn't begin a block that GIF defines");
            }
        }
    }

    // A palette behind what says how large it is, for pixels whose codes begin with so many bits. Larger ones are left to Skia.
    private static PaletteSentinel? Write(
        KeptBytes kept, ReadOnlySpan<byte> before, int flagsAt, ReadOnlySpan<byte> palette, int bits)
    {
        byte[] beginning = before.ToArray(), filled = [];
        PaletteSentinel? sentinel = palette.IsEmpty || bits > 8 ? null : PaletteSentinel.Fill(palette, 1 << bits, out filled);
        if (sentinel is not null) beginning[flagsAt] = (byte)((beginning[flagsAt] & ~7) | (bits - 1));
        kept.Write(beginning);
        kept.Write(sentinel is null ? palette : filled);
        return sentinel;
    }

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

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
