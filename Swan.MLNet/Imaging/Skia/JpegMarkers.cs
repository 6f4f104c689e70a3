using System.Buffers.Binary;

namespace Swan.MLNet.Imaging;

/// <summary>Walks a JPEG's markers: Skia accepts a file that lost its end where the rows it needs are there.</summary>
internal static class JpegMarkers
{
    public static bool IsJpeg(ReadOnlySpan<byte> bytes) => bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    /// <summary>Whether all of a JPEG's coefficients are in memory before its first row is decoded.</summary>
    public static bool IsProgressive(ReadOnlySpan<byte> bytes)
    {
        // Frame headers are segments; a picture inside another segment is passed over.
        for (int position = 2; position + 4 <= bytes.Length && bytes[position] == 0xFF;)
        {
            byte marker = bytes[position + 1];
            if (marker is 0xC2 or 0xC6 or 0xCA or 0xCE) return true;
            if (marker is 0xDA) return false;
            position += marker is 0xFF ? 1 : marker is 0x01 or (>= 0xD0 and <= 0xD8) ? 2
                : 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(position + 2)..]);
        }
        return false;
    }

    /// <summary>Checks that segments lie within the file and that its image ends.</summary>
    /// <exception cref="SwanImageException">The file ends before its image does.</exception>
    public static void Check(ReadOnlySpan<byte> bytes, string name)
    {
        int position = 2;
        while (true)
        {
            // Coded data and stray bytes: on to the next byte that can start a marker.
            int next = bytes[position..].IndexOf((byte)0xFF);
            if (next < 0) break;
            position += next + 1;
            while (position < bytes.Length && bytes[position] == 0xFF) position++;
            if (position >= bytes.Length) break;
            byte marker = bytes[position++];
            if (marker == 0xD9) return;
            if (marker is 0x00 or 0x01 or (>= 0xD0 and <= 0xD8)) continue; // a coded FF, and markers without a segment
            if (position + 2 > bytes.Length) break;
            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[position..]);
            if (position + length > bytes.Length) break;
            position += length;
        }

        throw new SwanImageException(name, ImageFault.Truncated,
            "it ends before its image does: it has no end-of-image marker. Copy it again from its source.");
    }
}
