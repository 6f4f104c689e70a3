using System.Buffers.Binary;
using BitMiracle.LibTiff.Classic;
using SkiaSharp;

namespace Swan.Testing;

/// <summary>Small files of every format, made here.</summary>
internal static class ImageFiles
{
    /// <summary>3 columns and 2 rows of different colors: <c>[(y * 3 + x) * 3 + channel]</c>.</summary>
    public static readonly byte[] Colors = [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 200, 100, 50, 255, 255, 255];

    /// <summary>The same upright picture as it is stored under an orientation.</summary>
    public static (byte[] Pixels, int Width, int Height) Stored(int orientation) => orientation switch
    {
        // By EXIF's definition: where the stored row 0 and column 0 lie in the upright picture.
        1 => (Pick((x, y) => (x, y), 3, 2), 3, 2),                 // top, left
        2 => (Pick((x, y) => (2 - x, y), 3, 2), 3, 2),             // top, right
        3 => (Pick((x, y) => (2 - x, 1 - y), 3, 2), 3, 2),         // bottom, right
        4 => (Pick((x, y) => (x, 1 - y), 3, 2), 3, 2),             // bottom, left
        5 => (Pick((x, y) => (y, x), 2, 3), 2, 3),                 // left, top
        6 => (Pick((x, y) => (2 - y, x), 2, 3), 2, 3),             // right, top
        7 => (Pick((x, y) => (2 - y, 1 - x), 2, 3), 2, 3),         // right, bottom
        8 => (Pick((x, y) => (y, 1 - x), 2, 3), 2, 3),             // left, bottom
        _ => throw new ArgumentOutOfRangeException(nameof(orientation)),
    };

    /// <summary>Encodes RGBA pixels through Skia.</summary>
    public static byte[] Skia(byte[] rgba, int width, int height, SKEncodedImageFormat format, int quality = 100)
    {
        // More would be copied over foreign memory.
        Assert.Equal(width * height * 4, rgba.Length);
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        Assert.Equal(bitmap.ByteCount, rgba.Length);
        System.Runtime.InteropServices.Marshal.Copy(rgba, 0, bitmap.GetPixels(), rgba.Length);
        using SKPixmap pixmap = bitmap.PeekPixels();
        using SKData data = format == SKEncodedImageFormat.Webp && quality == 100
            ? pixmap.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 75))
            : pixmap.Encode(format, quality);
        return data.ToArray();
    }

    public static byte[] WithAlpha(byte[] rgb, byte alpha = 255) => [.. rgb.Chunk(3).SelectMany(p => new[] { p[0], p[1], p[2], alpha })];

    /// <summary>An RGBA picture large enough that cutting its file anywhere loses something.</summary>
    public static byte[] Noise(int width, int height, int seed = 5)
    {
        var rgba = new byte[width * height * 4];
        new Random(seed).NextBytes(rgba);
        for (int i = 3; i < rgba.Length; i += 4) rgba[i] = 255;
        return rgba;
    }

    /// <summary>An EXIF block (little-endian TIFF structure) that holds the orientation only.</summary>
    public static byte[] Exif(int orientation) =>
        [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0];

    public static byte[] JpegWithOrientation(byte[] jpeg, int orientation)
    {
        byte[] payload = [.. "Exif\0\0"u8, .. Exif(orientation)];
        return [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(payload.Length + 2), .. payload, .. jpeg.AsSpan(2)];
    }

    public static byte[] PngWithChunk(byte[] png, string type, byte[] data) =>
        [.. png.AsSpan(0, 33), .. PngChunk(type, data), .. png.AsSpan(33)];

    public static byte[] PngChunk(string type, byte[] data)
    {
        byte[] body = [.. System.Text.Encoding.ASCII.GetBytes(type), .. data];
        var chunk = new byte[body.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        body.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc(body));
        return chunk;
    }

    /// <summary>A PNG of palette indices, a byte each.</summary>
    public static byte[] PalettePng(byte[] indices, byte[] palette, int width, int height)
    {
        using var data = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(data, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                zlib.WriteByte(0); // no filter
                zlib.Write(indices, y * width, width);
            }
        }
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 3);
        return
        [
            0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A,
            .. PngChunk("IHDR", header), .. PngChunk("PLTE", palette), .. PngChunk("IDAT", data.ToArray()), .. PngChunk("IEND", []),
        ];
    }

    /// <summary>A 24-bit BMP, rows from the bottom.</summary>
    public static byte[] Bmp(byte[] rgb, int width, int height)
    {
        int stride = (width * 3 + 3) / 4 * 4;
        var file = new byte[54 + stride * height];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        file[10] = 54;
        file[14] = 40;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        (file[26], file[28]) = (1, 24);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < 3; c++) file[54 + (height - 1 - y) * stride + x * 3 + c] = rgb[(y * width + x) * 3 + 2 - c];
            }
        }

        return file;
    }

    /// <summary>
    /// A GIF with a palette of the picture's own six colors; LZW codes of 4 bits with a clear code before each, so that the width never
    /// grows.
    /// </summary>
    public static byte[] Gif(byte[] rgb, int width, int height, int transparent = -1)
    {
        byte[] palette = [.. rgb, .. new byte[8 * 3 - rgb.Length]];
        var codes = new List<int>();
        for (int i = 0; i < width * height; i++) codes.AddRange([8, i]);
        codes.Add(9);
        if (codes.Count % 2 == 1) codes.Add(0);
        byte[] data = [.. codes.Chunk(2).Select(c => (byte)(c[0] | c[1] << 4))];
        byte[] control = transparent < 0 ? [] : [0x21, 0xF9, 4, 1, 0, 0, (byte)transparent, 0];
        return [.. "GIF89a"u8, (byte)width, 0, (byte)height, 0, 0x82, 0, 0, .. palette, .. control, 0x2C, 0, 0, 0, 0, (byte)width, 0,
            (byte)height, 0, 0, 3, (byte)data.Length, .. data, 0, 0x3B];
    }

    /// <summary>A TIFF through LibTiff.NET: rows of samples as they are stored.</summary>
    public static byte[] Tiff(int width, int height, int bits, int samples, Photometric photometric, byte[] rows, Action<Tiff>? more = null)
    {
        using var stream = new MemoryStream();
        using (Tiff tiff = BitMiracle.LibTiff.Classic.Tiff.ClientOpen("made", "w", stream, new TiffStream()))
        {
            tiff.SetField(TiffTag.IMAGEWIDTH, width);
            tiff.SetField(TiffTag.IMAGELENGTH, height);
            tiff.SetField(TiffTag.BITSPERSAMPLE, bits);
            tiff.SetField(TiffTag.SAMPLESPERPIXEL, samples);
            tiff.SetField(TiffTag.PHOTOMETRIC, photometric);
            tiff.SetField(TiffTag.PLANARCONFIG, PlanarConfig.CONTIG);
            tiff.SetField(TiffTag.ROWSPERSTRIP, height);
            more?.Invoke(tiff);
            int stride = rows.Length / height;
            for (int y = 0; y < height; y++) Assert.True(tiff.WriteScanline(rows[(y * stride)..((y + 1) * stride)], y));
            tiff.WriteDirectory();
            return stream.ToArray();
        }
    }

    private static byte[] Pick(Func<int, int, (int X, int Y)> upright, int width, int height)
    {
        var pixels = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (int fromX, int fromY) = upright(x, y);
                Colors.AsSpan((fromY * 3 + fromX) * 3, 3).CopyTo(pixels.AsSpan((y * width + x) * 3));
            }
        }

        return pixels;
    }

    /// <summary>CRC-32 as PNG has it.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int k = 0; k < 8; k++) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
