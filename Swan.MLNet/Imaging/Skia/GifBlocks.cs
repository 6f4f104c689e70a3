using System.Buffers.Binary;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>GIF: the first picture alone.</summary>
/// <remarks>
/// Extensions and later pictures are left out. With them goes transparency, so that a see-through pixel keeps its palette color. What the
/// first picture leaves free of the screen is black.
/// </remarks>
internal static class GifBlocks
{
    private const int HeaderBytes = 13, DescriptorBytes = 10;
    private const int PictureBytes = 4; // a pixel, of the picture that Skia may build up beside
    private const byte Extension = 0x21, Picture = 0x2C, Trailer = 0x3B;

    public static RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options)
    {
        var counted = new KeptBytes();
        PictureHeader header = Keep(bytes.Span, counted, name);
        using PooledBuffer kept = SkiaDecoder.Admit(header, counted.Length, name, options);
        Keep(bytes.Span, new KeptBytes(kept.Memory), name);
        return SkiaDecoder.Decode(kept.Span, header, name, options);
    }

    /// <summary>Writes what is kept.</summary>
    internal static PictureHeader Keep(ReadOnlySpan<byte> bytes, KeptBytes kept, string name)
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
                    ReadOnlySpan<byte> descriptor = Take(bytes, position, DescriptorBytes, name);
                    // Where the picture reaches beyond the screen, the screen grows.
                    int width = Math.Max(Short(bytes, 6), Short(descriptor, 1) + Short(descriptor, 5));
                    int height = Math.Max(Short(bytes, 8), Short(descriptor, 3) + Short(descriptor, 7));
                    position += DescriptorBytes + PaletteBytes(descriptor[9]) + 1; // the size of the first codes
                    position = SkipBlocks(bytes, position, name);
                    kept.Write(bytes[start..position]);
                    kept.Write([Trailer]);
                    return new(width, height, new(1), PictureBytes);
                case Trailer:
                    throw SwanImageException.Corrupt(name, "it has no picture");
                default:
                    throw SwanImageException.Corrupt(name, $"its byte {position} begins no block that GIF knows");
            }
        }
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
