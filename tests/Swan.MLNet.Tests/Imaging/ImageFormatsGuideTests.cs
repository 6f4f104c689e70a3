using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SkiaSharp;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>The first table of docs/guide/image-formats.md: a file of each row is read or refused as the row says.</summary>
public sealed class ImageFormatsGuideTests
{
    private const int Width = 24, Height = 20;
    private static readonly byte[] Rgba = ImageFiles.Noise(Width, Height), Rgb = [.. Rgba.Chunk(4).SelectMany(p => p[..3])];
    private static readonly byte[] Palette = [255, 0, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3];

    private static readonly Dictionary<string, byte[][]> Files = new()
    {
        ["JPEG, color or gray, 8 bits"] = [Jpeg("baseline"), Jpeg("gray"), Jpeg("progressive"), Jpeg("restart"), Jpeg("planes")],
        ["JPEG, arithmetic coding"] = [Jpeg("arithmetic")],
        ["JPEG, CMYK or YCCK"] = [Jpeg("cmyk")],
        ["JPEG, 12 bits a sample"] = [Frame(0xC1, 12)],
        ["JPEG, lossless (SOF3)"] = [Frame(0xC3, 8)],
        ["JPEG, cut"] = [Jpeg("baseline")[..^200]],
        ["JPEG, cut and closed with an end marker"] =
            [[.. Jpeg("baseline")[..^200], 0xFF, 0xD9], [.. Jpeg("progressive")[..^200], 0xFF, 0xD9]],
        ["PNG, 1, 2, 4 or 8 bits, gray"] = [Png(1, 0), Png(2, 0), Png(4, 0), Png(8, 0)],
        ["PNG, 8 bits, RGB"] = [Png(8, 2), Png(8, 2, interlaced: true)],
        ["PNG, palette"] = [ImageFiles.PalettePng([0, 1, 2, 3], Palette, 4, 1)],
        ["PNG, alpha"] = [Png(8, 6), Png(8, 4)],
        ["PNG, 16 bits, bright"] = [Png(16, 0), Png(16, 2)],
        ["PNG, 16 bits, no sample of 16,384 or more"] = [Png(16, 0, most: 40)],
        ["PNG, animated (APNG)"] = [ImageFiles.PngWithChunk(Png(8, 2), "acTL", new byte[8])],
        ["PNG, index past its palette"] = [ImageFiles.PalettePng([0, 1, 2, 4], Palette, 4, 1)],
        ["PNG, wrong checksum"] = [WrongChecksum()],
        ["WebP, lossy or lossless"] = [Skia(SKEncodedImageFormat.Webp, 100), Skia(SKEncodedImageFormat.Webp, 80)],
        ["WebP, alpha"] = [ImageFiles.Skia(ImageFiles.WithAlpha(Rgb, 100), Width, Height, SKEncodedImageFormat.Webp)],
        ["WebP, animated"] = [AnimatedWebp()],
        ["BMP, 24 or 32 bits"] = [ImageFiles.Bmp(Rgb, Width, Height), Bmp(32, 0, [1, 2, 3, 0, 4, 5, 6, 0])],
        ["BMP, palette"] = [Bmp(8, 0, [0, 1, 0, 0])],
        ["BMP, run-length codes"] = [Bmp(8, 1, [2, 1, 0, 1])],
        ["BMP, run-length codes, rows missing"] = [Bmp(8, 1, [0, 1])],
        ["BMP, index past its palette"] = [Bmp(8, 0, [0, 200, 0, 0])],
        ["BMP, a JPEG or PNG inside"] = [Bmp(24, 4, new byte[64]), Bmp(24, 5, new byte[64])],
        ["GIF, still or animated"] =
            [ImageFiles.Gif(ImageFiles.Colors, 3, 2), [.. ImageFiles.Gif(ImageFiles.Colors, 3, 2)[..^1], 0x2C, 0x3B]],
        ["GIF, index past its palette"] = [GifPastPalette()],
        ["HEIC, HEIF"] = [Signature("\0\0\0\u0018ftypheic"), Signature("\0\0\0\u0018ftypmif1")],
        ["AVIF"] = [Signature("\0\0\0\u0018ftypavif")],
        ["JPEG XL"] = [Signature("\u00FF\n"), Signature("\0\0\0\fJXL \r\n\u0087\n")],
        ["JPEG 2000"] = [Signature("\0\0\0\fjP  \r\n\u0087\n"), Signature("\u00FFO\u00FFQ")],
        ["NITF, ERDAS IMAGINE, HDF, netCDF, FITS"] =
        [
            Signature("NITF02.10"), Signature("EHFA_HEADER_TAG"), Signature("\u0089HDF\r\n\u001A\n"), Signature("CDF"),
            Signature("SIMPLE  ="),
        ],
        ["a web page, a Git LFS pointer"] = [Signature("<!DOCTYPE html"), Signature("version https://git-lfs.github.com/spec/v1")],
        ["an empty file"] = [[]],
    };

    public static TheoryData<string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (string[] cells in Table()) rows.Add(cells[0], cells[1]);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_of_the_guide_is_true(string file, string result)
    {
        foreach (byte[] bytes in Files[file])
        {
            var refusal = Record.Exception(() => ImageDecoder.Decode(bytes, "made")) as SwanImageException;
            Assert.True(result == (refusal?.Fault.ToString() ?? "read"), $"{file}: {refusal?.Message ?? "was read"}");
            if (result == "NotAnImage") Assert.DoesNotContain("no known format", refusal!.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_guide_has_a_row_for_every_kind_of_file_here() => Assert.Equal(Files.Keys, Table().Select(cells => cells[0]));

    private static IEnumerable<string[]> Table() =>
        File.ReadLines(Path.Combine(Repository.Root, "docs", "guide", "image-formats.md"))
            .SkipWhile(line => !line.StartsWith("| file | result |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|')[1..^1].Select(cell => cell.Trim()).ToArray());

    private static byte[] Signature(string beginning) => Encoding.Latin1.GetBytes(beginning + new string('\0', 40));

    private static byte[] Skia(SKEncodedImageFormat format, int quality) => ImageFiles.Skia(Rgba, Width, Height, format, quality);

    private static byte[] Jpeg(string name)
    {
        using Stream stream = typeof(ImageFormatsGuideTests).Assembly.GetManifestResourceStream($"{name}.jpg")!;
        byte[] file = new byte[stream.Length];
        stream.ReadExactly(file);
        return file;
    }

    private static byte[] Frame(byte marker, byte bits)
    {
        byte[] jpeg = Jpeg("baseline");
        int at = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        (jpeg[at + 1], jpeg[at + 4]) = (marker, bits);
        return jpeg;
    }

    // 8×8 pixels of any color type; each sample is as bright as it may be.
    private static byte[] Png(byte bits, byte color, bool interlaced = false, byte most = 255)
    {
        int row = (8 * bits * (color switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 }) + 7) / 8;
        // Adam7: seven pictures of 1, 1, 2, 2, 4, 4 and 8 columns; of 1, 1, 1, 2, 2, 4 and 4 rows.
        (int Columns, int Rows)[] passes = interlaced ? [(1, 1), (1, 1), (2, 1), (2, 2), (4, 2), (4, 4), (8, 4)] : [(8, 8)];
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach ((int columns, int rows) in passes)
            {
                for (int y = 0; y < rows; y++) zlib.Write([0, .. Enumerable.Repeat(most, row * columns / 8)]);
            }
        }
        byte[] header = [0, 0, 0, 8, 0, 0, 0, 8, bits, color, 0, 0, interlaced ? (byte)1 : (byte)0];
        return
        [
            0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. ImageFiles.PngChunk("IHDR", header),
            .. ImageFiles.PngChunk("IDAT", data.ToArray()), .. ImageFiles.PngChunk("IEND", []),
        ];
    }

    private static byte[] WrongChecksum()
    {
        byte[] png = Png(8, 2);
        png[^14] ^= 1; // of the pixels' chunk
        return png;
    }

    private static byte[] AnimatedWebp()
    {
        byte[] still = Skia(SKEncodedImageFormat.Webp, 100), size = [Width - 1, 0, 0, Height - 1, 0, 0];
        byte[] frame = [0, 0, 0, 0, 0, 0, .. size, 100, 0, 0, 0, .. still[12..]];
        byte[] body = [.. "WEBP"u8, .. Chunk("VP8X", [2, 0, 0, 0, .. size]), .. Chunk("ANIM", new byte[6]), .. Chunk("ANMF", frame)];
        return [.. "RIFF"u8, .. BitConverter.GetBytes(body.Length), .. body];

        static byte[] Chunk(string type, byte[] contents) =>
            [.. Encoding.ASCII.GetBytes(type), .. BitConverter.GetBytes(contents.Length), .. contents, .. new byte[contents.Length % 2]];
    }

    // 2×1 pixels; a palette of two colors where there is one.
    private static byte[] Bmp(byte bits, byte compression, byte[] pixels)
    {
        int start = 54 + (bits == 8 ? 8 : 0);
        byte[] file = new byte[start + pixels.Length];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        (file[10], file[14], file[18], file[22], file[26], file[28], file[30]) = ((byte)start, 40, 2, 1, 1, bits, compression);
        if (bits == 8) file[46] = 2;
        pixels.CopyTo(file, start);
        return file;
    }

    private static byte[] GifPastPalette()
    {
        byte[] gif = ImageFiles.Gif(ImageFiles.Colors, 3, 2);
        gif[10] = 0x81; // four colors
        return [.. gif[..(13 + 12)], .. gif[(13 + 24)..]];
    }
}
