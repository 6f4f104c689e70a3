using System.Buffers;
using System.Buffers.Binary;

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
        RgbImage picture = SkiaDecoder.Decode(Simple(bytes.Span, contents.Picture), new(1), name, options, PictureBytes);
        if (contents.Canvas is { } canvas && (contents.At is not null || canvas != (picture.Width, picture.Height)))
            picture = Place(picture, canvas, contents.At, name);
        ExifOrientation orientation = contents.Orientation ?? new(1);
        return orientation.IsUpright ? picture : orientation.Upright(picture.Pixels, 3, picture.Width, picture.Height);
    }

    // A file of the picture's chunk only.
    private static ReadOnlyMemory<byte> Simple(ReadOnlySpan<byte> bytes, Range picture)
    {
        ReadOnlySpan<byte> chunk = bytes[picture];
        var file = new ArrayBufferWriter<byte>(HeaderBytes + chunk.Length + 1);
        file.Write("RIFF"u8);
        BinaryPrimitives.WriteInt32LittleEndian(file.GetSpan(4), 4 + chunk.Length + chunk.Length % 2);
        file.Advance(4);
        file.Write("WEBP"u8);
        file.Write(chunk);
        if (chunk.Length % 2 == 1) file.Write<byte>([0]);
        return file.WrittenMemory;
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
        var pixels = new byte[checked(canvas.Width * canvas.Height * 3)];
        for (int y = 0; y < picture.Height; y++)
        {
            picture.Pixels.AsSpan(y * picture.Width * 3, picture.Width * 3)
                .CopyTo(pixels.AsSpan(((at.Top + y) * canvas.Width + at.Left) * 3));
        }
        return new(canvas.Width, canvas.Height, pixels);
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
