using System.Buffers.Binary;

namespace Swan.MLNet.Imaging;

/// <summary>Walks a PNG's chunks: Skia neither misses the last one nor reads the orientation.</summary>
internal static class PngChunks
{
    private const int SignatureBytes = 8;
    private const int FrameBytes = 12; // length, type and checksum
    private const int InterlaceAt = SignatureBytes + 8 + 12; // the last of the header's 13 bytes

    public static bool IsPng(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);

    /// <summary>Whether the header, the first chunk, says that rows come in seven passes.</summary>
    public static bool IsInterlaced(ReadOnlySpan<byte> bytes) => bytes.Length > InterlaceAt && bytes[InterlaceAt] != 0;

    /// <summary>Checks that the file reaches its end chunk, and reads the orientation of its <c>eXIf</c> chunk.</summary>
    /// <exception cref="SwanImageException">The file ends before its last chunk does.</exception>
    public static ExifOrientation Check(ReadOnlySpan<byte> bytes, string name)
    {
        var orientation = new ExifOrientation(1);
        long position = SignatureBytes;
        while (position + FrameBytes <= bytes.Length)
        {
            ReadOnlySpan<byte> chunk = bytes[(int)position..];
            uint length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (FrameBytes + (long)length > chunk.Length) break;
            ReadOnlySpan<byte> type = chunk.Slice(4, 4);
            if (type.SequenceEqual("eXIf"u8)) orientation = ExifOrientation.Read(chunk.Slice(8, (int)length));
            if (type.SequenceEqual("IEND"u8)) return orientation;
            position += FrameBytes + length;
        }

        throw new SwanImageException(name, ImageFault.Truncated,
            "it ends before its last chunk (IEND) does. Copy it again from its source.");
    }
}
