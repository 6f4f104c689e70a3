using BitMiracle.LibTiff.Classic;

namespace Swan.MLNet.Imaging;

/// <summary>JPEG-compressed YCbCr TIFFs, the usual form of aerial photographs, strip by strip or tile by tile through Skia.</summary>
/// <remarks>
/// LibTiff.NET's own JPEG decoder widens subsampled colors by repeating them: up to 26 levels off libjpeg's result, and several times
/// slower.
/// </remarks>
internal static class TiffJpeg
{
    // An Adobe segment (version 100, no flags) that says: three components are YCbCr.
    private static ReadOnlySpan<byte> Adobe =>
        [0xFF, 0xEE, 0, 14, (byte)'A', (byte)'d', (byte)'o', (byte)'b', (byte)'e', 0, 100, 0, 0, 0, 0, 1];

    public static bool Suits(TiffFields fields) => fields is { Compression: Compression.JPEG, Separate: false, Bits: 8, Samples: 3 };

    // A JPEG's sides may be filled up to whole blocks.
    private const int Block = 16;

    public static byte[] Read(Tiff tiff, string name, TiffFields fields)
    {
        byte[] tables = Tables(tiff);
        byte[]? rgb = null;
        int across = (fields.Width + fields.ChunkWidth - 1) / fields.ChunkWidth;
        int chunks = across * ((fields.Height + fields.ChunkHeight - 1) / fields.ChunkHeight);
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            int left = chunk % across * fields.ChunkWidth, top = chunk / across * fields.ChunkHeight;
            int width = Math.Min(fields.ChunkWidth, fields.Width - left), height = Math.Min(fields.ChunkHeight, fields.Height - top);
            RgbImage part = Part(Jpeg(tiff, name, chunk, fields.IsTiled, tables), name, chunk, fields);
            if (part.Width < width || part.Height < height)
            {
                throw new SwanImageException(name, ImageFault.Corrupt,
                    $"its tile or strip {chunk} is a JPEG of {part.Width}×{part.Height} pixels, but {width}×{height} are needed.");
            }
            rgb ??= GC.AllocateUninitializedArray<byte>(checked(fields.Width * fields.Height * 3));
            for (int y = 0; y < height; y++)
                part.Pixels.AsSpan(y * part.Width * 3, width * 3).CopyTo(rgb.AsSpan(((top + y) * fields.Width + left) * 3));
        }

        return rgb!;
    }

    // Its own limit: chunks may share one place in the file, and a small file could otherwise ask for a whole image's work for each.
    private static RgbImage Part(byte[] jpeg, string name, int chunk, TiffFields fields)
    {
        try
        {
            return JpegSegments.DecodePart(
                jpeg, name, new() { MaxPixels = (fields.ChunkWidth + Block - 1L) * (fields.ChunkHeight + Block - 1L) });
        }
        catch (SwanImageException e) when (e.Fault == ImageFault.TooLarge)
        {
            throw new SwanImageException(name, ImageFault.Corrupt,
                $"its tile or strip {chunk} is a JPEG of more than its {fields.ChunkWidth}×{fields.ChunkHeight} pixels.", e);
        }
    }

    // The tables that all chunks share, without the markers that start and end them.
    private static byte[] Tables(Tiff tiff)
    {
        byte[]? tables = tiff.GetField(TiffTag.JPEGTABLES) is { Length: 2 } field ? field[1].ToByteArray() : null;
        if (tables is not [0xFF, 0xD8, ..]) return [];
        return tables is [.., 0xFF, 0xD9] ? tables[2..^2] : tables[2..];
    }

    private static byte[] Jpeg(Tiff tiff, string name, int chunk, bool tiled, byte[] tables)
    {
        long size = tiled ? tiff.RawTileSize(chunk) : tiff.RawStripSize(chunk);
        var raw = new byte[Math.Max(size, 0)];
        int read = raw.Length < 4 ? -1 : tiled ? tiff.ReadRawTile(chunk, raw, 0, raw.Length) : tiff.ReadRawStrip(chunk, raw, 0, raw.Length);
        if (read != raw.Length)
        {
            throw new SwanImageException(name, ImageFault.Truncated,
                $"it ends before its tile or strip {chunk} does. Copy it again from its source.");
        }
        return [0xFF, 0xD8, .. Adobe, .. tables, .. raw.AsSpan(2)];
    }
}
