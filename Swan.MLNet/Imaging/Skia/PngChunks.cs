using System.Buffers.Binary;
using Swan.MLNet.Numerics;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>PNG: what decoding needs, which is the critical chunks.</summary>
/// <remarks>
/// All others are hints for people and displays, and some make old decoders read past their data: <c>sBIT</c> of a palette image sends
/// ML.NET's version of Skia past its buffer. Transparency is dropped, like alpha. <c>eXIf</c> only gives the orientation here. A missing
/// last chunk, which Skia ignores, is an error here, and so is an index past the palette.
/// </remarks>
internal static class PngChunks
{
    private const int FrameBytes = 12; // length, type and checksum
    private const int HeaderBytes = 13;
    private const int WidthAt = 16, HeightAt = 20, BitDepthAt = 24, InterlaceAt = 28; // in the header, which is the first chunk
    private const int PictureBytes = 4; // a pixel, of the picture that the seven passes of an interlaced one build up
    private const byte PaletteColor = 3;

    private static ReadOnlySpan<byte> End => [0, 0, 0, 0, (byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xAE, 0x42, 0x60, 0x82];

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public static RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options)
    {
        var counted = new KeptBytes();
        ExifOrientation orientation = Keep(bytes.Span, counted, name, out PaletteSentinel? sentinel);
        ReadOnlySpan<byte> first = bytes.Span; // the signature and the header
        var header = new PictureHeader(
            BinaryPrimitives.ReadUInt32BigEndian(first[WidthAt..]), BinaryPrimitives.ReadUInt32BigEndian(first[HeightAt..]), orientation,
            first[InterlaceAt] != 0 ? PictureBytes : 0);
        using PooledBuffer kept = SkiaDecoder.Admit(header, counted.Length, name, options);
        Keep(bytes.Span, new KeptBytes(kept.Memory), name);
        bool deep = first[BitDepthAt] == 16;
        if (deep && options.Range is { } range && range != SampleRange.Full)
            return PngSamples.Decode(kept.Span, orientation, name, options);
        RgbImage image = SkiaDecoder.Decode(kept.Span, header, name, options);
        sentinel?.ThrowIfSeen(image, name);
        if (!deep) return image;
        // A caller who asks for the full range gets it.
        if (options.Range is null) DarkSamples.ThrowIfDark(image.Rgb, name);
        image.Reading = PngSamples.Reading(
            image, options.Range is null ? RangeSource.Format : RangeSource.Caller, low: 0, high: ushort.MaxValue);
        return image;
    }

    /// <summary>Writes the kept parts.</summary>
    internal static ExifOrientation Keep(ReadOnlySpan<byte> bytes, KeptBytes kept, string name) => Keep(bytes, kept, name, out _);

    private static ExifOrientation Keep(ReadOnlySpan<byte> bytes, KeptBytes kept, string name, out PaletteSentinel? sentinel)
    {
        sentinel = null;
        if (!bytes.StartsWith(Signature)) throw SwanImageException.Corrupt(name, "its signature is damaged");
        kept.Write(Signature);
        ExifOrientation? orientation = null;
        byte? color = null;
        int depth = 0;
        bool palette = false, data = false, dataEnded = false;
        for (long position = Signature.Length; position + FrameBytes <= bytes.Length;)
        {
            ReadOnlySpan<byte> chunk = bytes[(int)position..];
            uint length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (FrameBytes + (long)length > chunk.Length) break;
            chunk = chunk[..(FrameBytes + (int)length)];
            position += chunk.Length;
            ReadOnlySpan<byte> type = chunk.Slice(4, 4), contents = chunk[8..^4];
            if (color is null && !type.SequenceEqual("IHDR"u8)) throw SwanImageException.Corrupt(name, "its first chunk is not its header");
            dataEnded |= data && !type.SequenceEqual("IDAT"u8);
            switch (type)
            {
                case [(byte)'I', (byte)'H', (byte)'D', (byte)'R']:
                    depth = contents.Length == HeaderBytes ? contents[8] : 0;
                    color = color is null && contents.Length == HeaderBytes
                        ? contents[9]
                        : throw SwanImageException.Corrupt(name, "its header is damaged");
                    break;
                case [(byte)'P', (byte)'L', (byte)'T', (byte)'E']:
                    if (palette || data) throw SwanImageException.Corrupt(name, "it has a second palette, or one after its pixels");
                    palette = true;
                    if (color != PaletteColor) continue; // a hint for displays of few colors
                    if (contents.Length % 3 != 0 || depth > 8) break; // libpng says what is wrong
                    sentinel = PaletteSentinel.Fill(contents, 1 << depth, out byte[] filled);
                    if (sentinel is null) break;
                    WriteChunk(kept, type, filled);
                    continue;
                case [(byte)'I', (byte)'D', (byte)'A', (byte)'T']:
                    if (dataEnded) throw SwanImageException.Corrupt(name, "its pixel chunks are not consecutive");
                    data = true;
                    break;
                case [(byte)'I', (byte)'E', (byte)'N', (byte)'D']:
                    kept.Write(End);
                    return orientation ?? new(1);
                case [(byte)'e', (byte)'X', (byte)'I', (byte)'f']:
                    orientation ??= ExifOrientation.Read(contents);
                    continue;
                default:
                    if (IsCritical(type)) throw SwanImageException.Corrupt(name, "it has an unknown critical chunk");
                    continue;
            }
            kept.Write(chunk);
        }

        throw new SwanImageException(name, ImageFault.Truncated,
            "it ends before its last chunk (IEND) does. Copy it again from its source.");
    }

    private static void WriteChunk(KeptBytes kept, ReadOnlySpan<byte> type, ReadOnlySpan<byte> contents)
    {
        Span<byte> chunk = new byte[FrameBytes + contents.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, contents.Length);
        type.CopyTo(chunk[4..]);
        contents.CopyTo(chunk[8..]);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[^4..], Crc32.Of(chunk[4..^4]));
        kept.Write(chunk);
    }

    private static bool IsCritical(ReadOnlySpan<byte> type) => (type[0] & 0x20) == 0;
}
