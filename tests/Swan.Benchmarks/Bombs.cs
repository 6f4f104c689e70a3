using System.Buffers.Binary;
using System.IO.Compression;
using BitMiracle.LibTiff.Classic;
using SkiaSharp;

namespace Swan.Benchmarks;

/// <summary>Small files of large pictures, one of each format that compresses well.</summary>
internal static class Bombs
{
    private const int ByteSize = 8, MostGifCodes = 4096, GifClear = 256, GifEnd = 257, GifBlock = 255;

    /// <summary>Writes one of each.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="side">Width and height.</param>
    public static string[] Write(string folder, int side)
    {
        File.WriteAllBytes(In("gray.png"), Png(side));
        File.WriteAllBytes(In("palette.gif"), Gif(side));
        WriteTiff(In("deflate.tif"), side);
        using (var gray = new SKBitmap(new SKImageInfo(side, side, SKColorType.Gray8)))
        {
            File.WriteAllBytes(In("gray.jpg"), gray.Encode(SKEncodedImageFormat.Jpeg, 50).ToArray());
            using var pixmap = gray.PeekPixels();
            using SKData webp = pixmap.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 0));
            File.WriteAllBytes(In("lossless.webp"), webp.ToArray());
        }
        return Directory.GetFiles(folder);

        string In(string name) => Path.Combine(folder, name);
    }

    private static byte[] Png(int side)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), side);
        header[8] = ByteSize;
        Chunk("IHDR"u8, header);
        using (var packed = new MemoryStream())
        {
            using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            {
                byte[] row = new byte[side + 1];
                for (int y = 0; y < side; y++) zlib.Write(row);
            }
            Chunk("IDAT"u8, packed.ToArray());
        }
        Chunk("IEND"u8, []);
        return file.ToArray();

        void Chunk(ReadOnlySpan<byte> type, byte[] contents)
        {
            byte[] chunk = new byte[contents.Length + 12];
            BinaryPrimitives.WriteInt32BigEndian(chunk, contents.Length);
            type.CopyTo(chunk.AsSpan(4));
            contents.CopyTo(chunk, 8);
            BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc(chunk.AsSpan(4, contents.Length + 4)));
            file.Write(chunk);
        }
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < ByteSize; bit++) crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }
        return ~crc;
    }

    // One color: each code stands for one pixel more than the code before.
    private static byte[] Gif(int side)
    {
        var codes = new List<byte>();
        int bits = 9, held = 0, next = GifEnd + 1;
        long pending = 0, left = (long)side * side;
        Put(GifClear);
        for (int run = 1; left > 0; run++)
        {
            if (run > left) run = (int)left;
            Put(run == 1 ? 0 : GifEnd + run - 1);
            left -= run;
            if (run > 1) next++;
            if (next == 1 << bits && bits < 12) bits++;
            if (next < MostGifCodes - 1) continue;
            Put(GifClear);
            (bits, next, run) = (9, GifEnd + 1, 0);
        }
        Put(GifEnd);
        codes.Add((byte)pending);

        using var file = new MemoryStream();
        file.Write("GIF89a"u8);
        byte[] sides = [(byte)side, (byte)(side >> 8), (byte)side, (byte)(side >> 8)];
        file.Write([.. sides, 0xF7, 0, 0, .. new byte[768], 0x2C, 0, 0, 0, 0, .. sides, 0, ByteSize]);
        foreach (byte[] block in codes.Chunk(GifBlock)) file.Write([(byte)block.Length, .. block]);
        file.Write([0, 0x3B]);
        return file.ToArray();

        void Put(int code)
        {
            pending |= (long)code << held;
            for (held += bits; held >= ByteSize; held -= ByteSize, pending >>= ByteSize) codes.Add((byte)pending);
        }
    }

    private static void WriteTiff(string path, int side)
    {
        const int Rows = 64;
        using Tiff tiff = Tiff.Open(path, "w");
        tiff.SetField(TiffTag.IMAGEWIDTH, side);
        tiff.SetField(TiffTag.IMAGELENGTH, side);
        tiff.SetField(TiffTag.BITSPERSAMPLE, ByteSize);
        tiff.SetField(TiffTag.SAMPLESPERPIXEL, 3);
        tiff.SetField(TiffTag.PHOTOMETRIC, Photometric.RGB);
        tiff.SetField(TiffTag.PLANARCONFIG, PlanarConfig.CONTIG);
        tiff.SetField(TiffTag.COMPRESSION, Compression.ADOBE_DEFLATE);
        tiff.SetField(TiffTag.ROWSPERSTRIP, Rows);
        byte[] row = new byte[3 * side];
        for (int y = 0; y < side; y++) tiff.WriteScanline(row, y);
    }
}
