using System.Buffers.Binary;
using BitMiracle.LibTiff.Classic;

namespace Swan.MLNet.Imaging;

/// <summary>JPEG-compressed YCbCr TIFFs, the usual form of aerial photographs, strip by strip or tile by tile through Skia.</summary>
/// <remarks>
/// LibTiff.NET's own JPEG decoder widens subsampled colors by repeating them: up to 26 levels off libjpeg's result, and several times
/// slower.
/// </remarks>
internal static class TiffJpeg
{
    // A JPEG's sides may be filled up to whole blocks.
    private const int Block = 16;

    // An Adobe segment (version 100, no flags) that says: three components are YCbCr.
    private static ReadOnlySpan<byte> Adobe =>
        [0xFF, 0xEE, 0, 14, (byte)'A', (byte)'d', (byte)'o', (byte)'b', (byte)'e', 0, 100, 0, 0, 0, 0, 1];

    public static bool Suits(TiffLayout layout, TiffFields fields) =>
        layout is { Compression.Number: TiffCompression.Jpeg, IsSeparate: false } && fields is { StoredPhotometric: Photometric.YCBCR };

    /// <summary>Decodes a chunk to RGB.</summary>
    /// <returns>Bytes of the target.</returns>
    public static int Decode(ReadOnlySpan<byte> stored, Span<byte> target, TiffChunk chunk, long index, TiffLayout layout)
    {
        CheckFrame(stored, layout.ChunkWidth, layout.ChunkHeight, index, layout.Name);
        RgbImage part = Picture([0xFF, 0xD8, .. Adobe, .. Tables(layout), .. stored[2..]], index, layout);
        if (part.Width < chunk.VisibleWidth || part.Height < chunk.VisibleRows)
        {
            throw new SwanImageException(layout.Name, ImageFault.Corrupt,
                $"its tile or strip {index} is a JPEG of {part.Width}×{part.Height} pixels, but "
                + $"{chunk.VisibleWidth}×{chunk.VisibleRows} are needed.");
        }
        int rows = Math.Min(part.Height, chunk.Rows), bytes = Math.Min(part.Width, layout.ChunkWidth) * 3;
        for (int y = 0; y < rows; y++) part.Pixels.AsSpan(y * part.Width * 3, bytes).CopyTo(target[(y * layout.ChunkWidth * 3)..]);
        return target.Length;
    }

    /// <summary>Refuses frames that are larger than their chunk, and those of kinds that no decoder here takes.</summary>
    /// <remarks>Chunks may share one place in the file; a small file could otherwise ask for a whole image's work for each.</remarks>
    public static void CheckFrame(ReadOnlySpan<byte> stored, int width, int height, long index, string name)
    {
        if (!stored.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]))
            throw SwanImageException.Corrupt(name, $"its tile or strip {index} does not begin like a JPEG");
        for (int at = 2; at + 4 <= stored.Length && stored[at] == 0xFF;)
        {
            byte marker = stored[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            int length = BinaryPrimitives.ReadUInt16BigEndian(stored[(at + 2)..]);
            if (marker == 0xDA) return;
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC) && at + 10 <= stored.Length)
            {
                Check(marker, stored[at + 4], BinaryPrimitives.ReadUInt16BigEndian(stored[(at + 7)..]),
                    BinaryPrimitives.ReadUInt16BigEndian(stored[(at + 5)..]));
                return;
            }
            at += 2 + length;
        }

        void Check(byte marker, int bits, int columns, int rows)
        {
            if (marker is not (0xC0 or 0xC1 or 0xC2) || bits != 8)
            {
                string kind = marker is 0xC3 or 0xC7 or 0xCB or 0xCF ? "lossless"
                    : marker >= 0xC9 ? "arithmetically coded"
                    : "hierarchical";
                throw new SwanImageException(name, ImageFault.Unsupported,
                    $"its tile or strip {index} is a {(bits != 8 ? $"{bits}-bit" : kind)} JPEG, which is not supported inside a TIFF. "
                    + "Write it with another compression, for example with 'gdal_translate -co COMPRESS=DEFLATE'.");
            }
            if (columns > width + Block - 1 || rows > height + Block - 1)
            {
                throw new SwanImageException(name, ImageFault.Corrupt,
                    $"its tile or strip {index} is a JPEG larger than its {width}×{height} pixels.");
            }
        }
    }

    // The tables that all chunks share, without the markers that start and end them.
    private static ReadOnlySpan<byte> Tables(TiffLayout layout) => layout.JpegTables switch
    {
        [0xFF, 0xD8, .., 0xFF, 0xD9] tables => tables.AsSpan(2, tables.Length - 4),
        [0xFF, 0xD8, ..] tables => tables.AsSpan(2),
        _ => [],
    };

    private static RgbImage Picture(byte[] jpeg, long index, TiffLayout layout)
    {
        try
        {
            return JpegSegments.DecodePart(
                jpeg, layout.Name, new() { MaxPixels = (layout.ChunkWidth + Block - 1L) * (layout.ChunkHeight + Block - 1L) });
        }
        catch (SwanImageException e) when (e.Fault == ImageFault.TooLarge)
        {
            throw new SwanImageException(layout.Name, ImageFault.Corrupt,
                $"its tile or strip {index} is a JPEG larger than its {layout.ChunkWidth}×{layout.ChunkHeight} pixels.", e);
        }
        catch (SwanImageException e) when (e.Fault == ImageFault.Truncated)
        {
            // The file is as long as it says; this chunk is not.
            throw new SwanImageException(layout.Name, ImageFault.Corrupt,
                $"its tile or strip {index} is a JPEG that ends before its pixels do. Copy it again from its source.", e);
        }
    }
}
