using System.Buffers.Binary;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>JPEG: what decoding needs, without the application's segments and comments.</summary>
/// <remarks>
/// It keeps tables, frames, scans, and two minimal segments that determine the color coding: JFIF without its thumbnail, and Adobe. EXIF
/// only gives the orientation here. A file without its end is refused, although Skia would read it if all rows are present.
/// </remarks>
internal static class JpegSegments
{
    private const byte EndOfImage = 0xD9, StartOfScan = 0xDA, App0 = 0xE0, App1 = 0xE1, App14 = 0xEE;
    private const int JfifBytes = 14;

    // Each is walked twice, here and by libjpeg, however few bytes it has. Encoders write about ten; Skia refuses a few more than this.
    private const int MostScans = 100;

    // A pixel's coefficients in a JPEG of several scans, which are all in memory before its first row is decoded.
    private const int CoefficientBytes = 6;

    private static ReadOnlySpan<byte> Exif => "Exif\0\0"u8;

    // Version, units and density, and a thumbnail of 0×0; densities say nothing of the pixels.
    private static ReadOnlySpan<byte> Jfif => [0xFF, App0, 0, 16, (byte)'J', (byte)'F', (byte)'I', (byte)'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0];

    public static bool IsJpeg(ReadOnlySpan<byte> bytes) => bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    public static RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options) =>
        Decode(bytes, name, options, isPart: false);

    /// <summary>Decodes a part of an image whose memory is charged as a whole.</summary>
    public static RgbImage DecodePart(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options) =>
        Decode(bytes, name, options, isPart: true);

    private static RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options, bool isPart)
    {
        var counted = new KeptBytes();
        PictureHeader header = Keep(bytes.Span, counted, name) with { IsPart = isPart };
        if (!isPart) header = header.ScaledFor(options);
        using PooledBuffer kept = SkiaDecoder.Admit(header, counted.Length, name, options);
        Keep(bytes.Span, new KeptBytes(kept.Memory), name);
        JpegCheck.ThrowIfDamaged(kept.Span, name, options);
        RgbImage image = SkiaDecoder.Decode(kept.Span, header, name, options);
        if (header.Eighths == JpegScale.Full) return image;
        image.Reading = Reading(header, image.Orientation);
        (image.Columns, image.Rows) = header.Sides;
        return image;
    }

    // A decoded picture doesn't know its file's size.
    private static ImageReading Reading(PictureHeader header, int orientation) => new()
    {
        Format = "JPEG",
        Width = (int)(header.Orientation.SwapsSides ? header.Height : header.Width),
        Height = (int)(header.Orientation.SwapsSides ? header.Width : header.Height),
        Orientation = orientation,
        Eighths = header.Eighths,
    };

    /// <summary>The scale that a JPEG is decoded in, by its header.</summary>
    public static int Eighths(ReadOnlySpan<byte> bytes, string name, ImageDecodingOptions options) =>
        Keep(bytes, new KeptBytes(), name).ScaledFor(options).Eighths;

    /// <summary>Writes the kept parts.</summary>
    internal static PictureHeader Keep(ReadOnlySpan<byte> bytes, KeptBytes kept, string name)
    {
        var header = new PictureHeader(0, 0, new(1), 0) { ByRows = true };
        ExifOrientation? orientation = null;
        int scans = 0, frames = 0;
        kept.Write(bytes[..2]);
        for (int position = 2; NextMarker(bytes, ref position, scans > 0 ? kept : null) is { } marker;)
        {
            if (marker == EndOfImage)
            {
                kept.Write([0xFF, EndOfImage]);
                return header with { Orientation = orientation ?? new(1) };
            }
            if (bytes.Length - position < 2) break;
            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[position..]);
            if (length < 2) throw SwanImageException.Corrupt(name, $"its segment {marker:X2} claims a length of {length} bytes");
            if (bytes.Length - position < length) break;
            ReadOnlySpan<byte> contents = bytes.Slice(position + 2, length - 2);
            position += length;
            if (marker == App1 && contents.StartsWith(Exif)) orientation ??= ExifOrientation.Read(contents[Exif.Length..]);
            if (marker == App0 && contents.Length >= JfifBytes && contents.StartsWith("JFIF\0"u8)) kept.Write(Jfif);
            if (!(IsNeeded(marker) || marker == App14 && IsAdobe(contents))) continue;
            if (IsFrame(marker))
            {
                PictureHeader frame = Frame(marker, contents, header, name);
                // Others are not the standard's: libjpeg refuses them, or ends before it sees them.
                if (frames++ == 0) header = frame;
            }
            if (marker is 0xC2 or 0xCA || marker == StartOfScan && scans > 0) header = header with { CodecBytes = CoefficientBytes };
            int used = marker == App14 ? 12 : contents.Length;
            kept.Write([0xFF, marker, (byte)((used + 2) >> 8), (byte)(used + 2)]);
            if (marker == StartOfScan && ++scans > MostScans)
            {
                throw new SwanImageException(name, ImageFault.Corrupt,
                    $"it has more than {MostScans} scans; expected about 10. Each takes as long as a picture. Save it again as JPEG or "
                    + "PNG.");
            }
            kept.Write(contents[..used]);
        }

        throw new SwanImageException(name, ImageFault.Truncated,
            "it ends before its image does: it has no end-of-image marker. Copy it again from its source.");
    }

    // The next marker that has a segment or ends the image. What lies before it is coded data, which is kept. Before the first scan it is
    // stray bytes, which decoders skip, too.
    private static byte? NextMarker(ReadOnlySpan<byte> bytes, ref int position, KeptBytes? kept)
    {
        int from = position;
        while (true)
        {
            int next = bytes[position..].IndexOf((byte)0xFF);
            if (next < 0) return null;
            int end = position += next;
            while (position < bytes.Length && bytes[position] == 0xFF) position++;
            if (position >= bytes.Length) return null;
            byte marker = bytes[position++];
            if (marker is 0x00 or 0x01 or (>= 0xD0 and <= 0xD8)) continue; // a coded FF, and markers without a segment
            kept?.Write(bytes[from..end]);
            return marker;
        }
    }

    // Frames and tables (C0 to CF), scans, quantization tables, and restart intervals.
    private static bool IsNeeded(byte marker) => marker is (>= 0xC0 and <= 0xCF) or StartOfScan or 0xDB or 0xDD;

    private static bool IsAdobe(ReadOnlySpan<byte> contents) => contents.Length >= 12 && contents.StartsWith("Adobe"u8);

    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    // The header with the size of a frame.
    private static PictureHeader Frame(byte marker, ReadOnlySpan<byte> contents, PictureHeader header, string name)
    {
        if (contents.Length < 6) throw SwanImageException.Corrupt(name, "its frame header is too short");
        string? kind = contents[0] != 8 ? $"has samples of {contents[0]} bits"
            : marker is 0xC3 or 0xC7 or 0xCB or 0xCF ? "uses JPEG's own lossless coding (SOF3)"
            : marker is 0xC5 or 0xC6 or 0xCD or 0xCE ? "uses hierarchical coding"
            : null;
        if (kind is not null)
        {
            throw new SwanImageException(name, ImageFault.Unsupported,
                $"it {kind}, which is not supported. Convert it to 8-bit JPEG, PNG or TIFF.");
        }
        int height = BinaryPrimitives.ReadUInt16BigEndian(contents[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(contents[3..]);
        return header with { Width = width, Height = height };
    }
}
