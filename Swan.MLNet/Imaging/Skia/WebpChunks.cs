using System.Buffers.Binary;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>WebP: the one chunk with the picture, or with an animation's first frame.</summary>
/// <remarks>
/// Alpha, color profile and metadata are left out. EXIF gives the orientation here and goes no further; many writers begin it as a JPEG
/// does. Where an animation's first frame is smaller than its canvas, the rest is black.
/// </remarks>
internal static class WebpChunks
{
    private const int PictureBytes = 4; // a pixel, of the picture that one without loss builds up
    private const int HeaderBytes = 12, ChunkHeaderBytes = 8, FrameHeaderBytes = 16, CanvasBytes = 10;

    public static bool IsWebp(ReadOnlySpan<byte> bytes) =>
        bytes.Length > HeaderBytes && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8);

    public static RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options)
    {
        Contents contents = Read(bytes.Span, name);
        if (contents.Canvas is { } size) options.CheckPixels(name, size.Width, size.Height);
        ExifOrientation orientation = contents.Orientation ?? new(1);
        PictureHeader header = Header(bytes.Span[contents.Picture][ChunkHeaderBytes..]);
        bool placed = contents.Canvas is { } larger && (contents.At is not null || larger != (header.Width, header.Height));
        long canvasBytes = placed ? 3L * contents.Canvas!.Value.Width * contents.Canvas.Value.Height : 0;
        header = header with { Besides = canvasBytes + (orientation.IsUpright ? 0 : Math.Max(canvasBytes, 3 * header.Pixels)) };
        var counted = new KeptBytes();
        Keep(bytes.Span, contents.Picture, counted);
        using PooledBuffer kept = SkiaDecoder.Admit(header, counted.Length, name, options);
        Keep(bytes.Span, contents.Picture, new KeptBytes(kept.Memory));
        RgbImage picture = SkiaDecoder.Decode(kept.Span, header, name, options);
        if (placed) picture = Place(picture, contents.Canvas!.Value, contents.At, name);
        return orientation.IsUpright ? picture : orientation.Upright(picture.Rgb, 3, picture.Width, picture.Height);
    }

    // A file of the picture's chunk only.
    private static void Keep(ReadOnlySpan<byte> bytes, Range picture, KeptBytes kept)
    {
        ReadOnlySpan<byte> chunk = bytes[picture];
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, 4 + chunk.Length + chunk.Length % 2);
        kept.Write("RIFF"u8);
        kept.Write(length);
        kept.Write("WEBP"u8);
        kept.Write(chunk);
        if (chunk.Length % 2 == 1) kept.Write([0]);
    }

    // What the codec will say; nothing where it will say nothing.
    private static PictureHeader Header(ReadOnlySpan<byte> picture)
    {
        const int SideBits = 14, Side = (1 << SideBits) - 1;
        const byte LosslessSignature = 0x2F;
        (int width, int height) = (0, 0);
        if (picture is [LosslessSignature, _, _, _, _, ..])
        {
            uint sides = BinaryPrimitives.ReadUInt32LittleEndian(picture[1..]);
            (width, height) = ((int)(sides & Side) + 1, (int)(sides >> SideBits & Side) + 1);
        }
        else if (picture is [_, _, _, 0x9D, 0x01, 0x2A, _, _, _, _, ..])
        {
            width = BinaryPrimitives.ReadUInt16LittleEndian(picture[6..]) & Side;
            height = BinaryPrimitives.ReadUInt16LittleEndian(picture[8..]) & Side;
        }
        return new(width, height, new(1), PictureBytes);
    }

    private static Contents Read(ReadOnlySpan<byte> bytes, string name)
    {
        long end = HeaderBytes - 4L + BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (end > bytes.Length) throw SwanImageException.Truncated(name);
        Contents found = default;
        for (int position = HeaderBytes; Next(bytes, ref position, (int)end, name) is { } chunk;)
        {
            ReadOnlySpan<byte> contents = bytes[chunk][ChunkHeaderBytes..];
            switch (bytes[chunk][..4])
            {
                case [(byte)'V', (byte)'P', (byte)'8', (byte)'X'] when contents.Length >= CanvasBytes:
                    found = found with { Canvas = (1 + Int24(contents[4..]), 1 + Int24(contents[7..])) };
                    break;
                case [(byte)'V', (byte)'P', (byte)'8', (byte)' ' or (byte)'L'] when !found.HasPicture:
                    found = found with { Picture = chunk, HasPicture = true };
                    break;
                case [(byte)'A', (byte)'N', (byte)'M', (byte)'F'] when !found.HasPicture:
                    found = Frame(bytes, chunk, found, name);
                    break;
                case [(byte)'E', (byte)'X', (byte)'I', (byte)'F']:
                    ReadOnlySpan<byte> exif = contents.StartsWith("Exif\0\0"u8) ? contents[6..] : contents;
                    found = found with { Orientation = found.Orientation ?? ExifOrientation.Read(exif) };
                    break;
            }
        }

        return found.HasPicture ? found : throw SwanImageException.Corrupt(name, "it has no picture");
    }

    private static Contents Frame(ReadOnlySpan<byte> bytes, Range frame, Contents found, string name)
    {
        int start = frame.Start.Value + ChunkHeaderBytes, position = start + FrameHeaderBytes;
        if (position > frame.End.Value) throw SwanImageException.Corrupt(name, "its first frame is too short");
        while (Next(bytes, ref position, frame.End.Value, name) is { } chunk)
        {
            if (bytes[chunk][..4] is not [(byte)'V', (byte)'P', (byte)'8', (byte)' ' or (byte)'L']) continue;
            (int Left, int Top) at = (2 * Int24(bytes[start..]), 2 * Int24(bytes[(start + 3)..]));
            return found with { Picture = chunk, HasPicture = true, At = at };
        }

        throw SwanImageException.Corrupt(name, "its first frame has no picture");
    }

    private static Range? Next(ReadOnlySpan<byte> bytes, ref int position, int end, string name)
    {
        if (position == end) return null;
        if (position + ChunkHeaderBytes > end) throw SwanImageException.Truncated(name);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(position + 4)..]);
        if (position + ChunkHeaderBytes + (long)length > end) throw SwanImageException.Truncated(name);
        var chunk = new Range(position, position + ChunkHeaderBytes + (int)length);
        position = Math.Min(end, chunk.End.Value + (int)(length % 2));
        return chunk;
    }

    private static RgbImage Place(RgbImage picture, (int Width, int Height) canvas, (int Left, int Top)? place, string name)
    {
        if (place is not { } at || at.Left + picture.Width > canvas.Width || at.Top + picture.Height > canvas.Height)
        {
            throw SwanImageException.Corrupt(name,
                $"its picture has {picture.Width}×{picture.Height} pixels, but its canvas {canvas.Width}×{canvas.Height}");
        }
        RgbImage whole = RgbImage.Create(canvas.Width, canvas.Height);
        whole.Rgb.Clear();
        for (int y = 0; y < picture.Height; y++)
        {
            picture.Rgb.Slice(y * picture.Width * 3, picture.Width * 3)
                .CopyTo(whole.Rgb[(((at.Top + y) * canvas.Width + at.Left) * 3)..]);
        }
        return whole;
    }

    private static int Int24(ReadOnlySpan<byte> from) => from[0] | from[1] << 8 | from[2] << 16;

    /// <param name="Picture">The chunk, its header included.</param>
    /// <param name="HasPicture">Whether there is one.</param>
    /// <param name="Canvas">The size in the extended header; null without one.</param>
    /// <param name="At">Where an animation's first frame lies; null for a still picture.</param>
    /// <param name="Orientation">From EXIF; null where it says none.</param>
    private readonly record struct Contents(
        Range Picture, bool HasPicture, (int Width, int Height)? Canvas, (int Left, int Top)? At, ExifOrientation? Orientation);
}
