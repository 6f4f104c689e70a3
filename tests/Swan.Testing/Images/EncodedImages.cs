using System.Buffers.Binary;
using System.Text;
using SkiaSharp;

namespace Swan.Testing;

/// <summary>Image files as bytes: sound ones, and such as stock ML.NET decodes to something else than meant.</summary>
public static class EncodedImages
{
    public static byte[] Png(int width, int height, int seed = 1, bool transparent = false) =>
        Encode(width, height, seed, transparent, SKEncodedImageFormat.Png, 100);

    public static byte[] Jpeg(int width, int height, int seed = 1) => Encode(width, height, seed, false, SKEncodedImageFormat.Jpeg, 90);

    public static byte[] WebP(int width, int height) => Encode(width, height, 1, false, SKEncodedImageFormat.Webp, 100);

    /// <summary>The smallest TIFF there is: one gray pixel.</summary>
    public static byte[] Tiff()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("II*\0"u8);
        writer.Write(8);
        (ushort Tag, uint Value)[] entries =
        [
            (256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 8 + 2 + 9 * 12 + 4), (277, 1), (278, 1), (279, 1),
        ];
        writer.Write((ushort)entries.Length);
        foreach ((ushort tag, uint value) in entries)
        {
            writer.Write(tag);
            writer.Write((ushort)4);
            writer.Write(1);
            writer.Write(value);
        }
        writer.Write(0);
        writer.Write((byte)128);
        return stream.ToArray();
    }

    /// <summary>A JPEG with further segments in front of the others.</summary>
    /// <param name="jpeg">The file.</param>
    /// <param name="segments">Marker (its second byte) and contents of each.</param>
    public static byte[] With(byte[] jpeg, params (byte Marker, byte[] Contents)[] segments)
    {
        var bytes = new List<byte>(jpeg[..2]);
        foreach ((byte marker, byte[] contents) in segments)
        {
            int length = contents.Length + 2;
            bytes.AddRange([0xFF, marker, (byte)(length >> 8), (byte)length, .. contents]);
        }
        return [.. bytes, .. jpeg[2..]];
    }

    /// <summary>A PNG with a chunk in front of its last one.</summary>
    public static byte[] WithChunk(byte[] png, string type, byte[] contents)
    {
        byte[] typed = [.. Encoding.ASCII.GetBytes(type), .. contents];
        byte[] length = new byte[4], checksum = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, contents.Length);
        BinaryPrimitives.WriteUInt32BigEndian(checksum, ImageFiles.Crc(typed));
        return [.. png[..^12], .. length, .. typed, .. checksum, .. png[^12..]];
    }

    /// <summary>An Exif segment (APP1) whose only entry is the orientation.</summary>
    public static (byte, byte[]) Orientation(int value, bool bigEndian) => (0xE1, [.. "Exif\0\0"u8, .. OrientationExif(value, bigEndian)]);

    /// <summary>The Exif block itself.</summary>
    public static byte[] OrientationExif(int value, bool bigEndian)
    {
        byte v = (byte)value;
        return bigEndian
            ? [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, v, 0, 0, 0, 0, 0, 0]
            : [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, v, 0, 0, 0, 0, 0, 0, 0];
    }

    private static byte[] Encode(int width, int height, int seed, bool transparent, SKEncodedImageFormat format, int quality)
    {
        using var bitmap =
            new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, transparent ? SKAlphaType.Unpremul : SKAlphaType.Opaque));
        var random = new Random(seed);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                bitmap.SetPixel(x, y, new SKColor((uint)random.Next()).WithAlpha((byte)(transparent && x == 0 ? 100 : 255)));
        }
        using SKData data = bitmap.Encode(format, quality);
        return data.ToArray();
    }
}
