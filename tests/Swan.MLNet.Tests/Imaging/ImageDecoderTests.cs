using BitMiracle.LibTiff.Classic;
using SkiaSharp;
using Swan.MLNet.Imaging;
using Swan.MLNet.Tests.Models;
using Swan.Training.Tests;

namespace Swan.MLNet.Tests.Imaging;

public sealed class ImageDecoderTests : IDisposable
{
    private const int Width = 7, Height = 5;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SKEncodedImageFormat.Png, 0)]
    [InlineData(SKEncodedImageFormat.Webp, 0)]  // quality 100 of Skia's WebP is lossless here
    [InlineData(SKEncodedImageFormat.Jpeg, 12)]
    public void A_common_format_gives_its_pixels(SKEncodedImageFormat format, int tolerance)
    {
        using SKBitmap bitmap = Gradient();
        string path = Write("image", bitmap.Encode(format, 100).ToArray());
        RgbImage image = ImageDecoder.Decode(path);
        Assert.Equal((Width, Height), (image.Width, image.Height));
        if (format == SKEncodedImageFormat.Webp) tolerance = 12;
        Assert.All(Expected(bitmap).Zip(image.Pixels), p => Assert.InRange(p.First - p.Second, -tolerance, tolerance));
    }

    [Fact]
    public void A_bitmap_file_gives_its_pixels()
    {
        // 2×2, 24 bits, bottom row first, BGR, rows padded to 4 bytes
        byte[] bmp =
        [
            .. "BM"u8, 70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            7, 8, 9, 10, 11, 12, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0,
        ];
        Assert.Equal([3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10], ImageDecoder.Decode(Write("a.bmp", bmp)).Pixels);
    }

    [Fact]
    public void Alpha_is_dropped_not_blended()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(1, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.SetPixel(0, 0, new SKColor(200, 100, 50, 128));
        Assert.Equal([200, 100, 50], ImageDecoder.Decode(Write("a.png", bitmap.Encode(SKEncodedImageFormat.Png, 100).ToArray())).Pixels);
    }

    [Theory]
    [InlineData(8, Photometric.RGB, 3)]
    [InlineData(16, Photometric.RGB, 3)]
    [InlineData(8, Photometric.RGB, 4)]
    [InlineData(8, Photometric.MINISBLACK, 1)]
    [InlineData(16, Photometric.MINISBLACK, 1)]
    [InlineData(8, Photometric.MINISWHITE, 1)]
    [InlineData(8, Photometric.SEPARATED, 4)]
    [InlineData(8, Photometric.PALETTE, 1)]
    public void Every_kind_of_tiff_gives_its_colours(int bits, Photometric photometric, int samples)
    {
        byte[][] values = [.. Enumerable.Range(0, Width * Height).Select(i => Enumerable.Range(0, samples).Select(s => (byte)(i * 7 + s * 50)).ToArray())];
        string path = WriteTiff("image.tif", bits, photometric, samples, values);
        byte[] expected = [.. values.SelectMany(v => photometric switch
        {
            Photometric.RGB => v[..3],
            Photometric.MINISBLACK => [v[0], v[0], v[0]],
            Photometric.MINISWHITE => [(byte)(255 - v[0]), (byte)(255 - v[0]), (byte)(255 - v[0])],
            Photometric.PALETTE => [v[0], (byte)(255 - v[0]), 9],
            _ => new byte[] { Ink(v[0], v[3]), Ink(v[1], v[3]), Ink(v[2], v[3]) },
        })];

        Assert.Equal(expected, ImageDecoder.Decode(path).Pixels);

        static byte Ink(byte colour, byte key) => (byte)(((255 - colour) * (255 - key) + 127) / 255);
    }

    [Theory]
    [InlineData(1, "ABCDEF", 3, 2)]
    [InlineData(2, "CBAFED", 3, 2)]
    [InlineData(3, "FEDCBA", 3, 2)]
    [InlineData(4, "DEFABC", 3, 2)]
    [InlineData(5, "ADBECF", 2, 3)]
    [InlineData(6, "DAEBFC", 2, 3)]
    [InlineData(7, "FCEBDA", 2, 3)]
    [InlineData(8, "CFBEAD", 2, 3)]
    public void Each_of_the_eight_orientations_is_turned_upright_in_tiff_and_jpeg(int orientation, string upright, int width, int height)
    {
        // A B C over D E F as stored; each letter is a grey level of its own.
        byte[][] levels = [.. "ABCDEF".Select(letter => new[] { Level(letter) })];
        RgbImage tiff = ImageDecoder.Decode(WriteTiff("image.tif", 8, Photometric.MINISBLACK, 1, levels, 3, 2, orientation));
        Assert.Equal((width, height), (tiff.Width, tiff.Height));
        Assert.Equal(upright.Select(Level), tiff.Pixels.Where((_, i) => i % 3 == 0));

        using var blocks = new SKBitmap(48, 32); // whole blocks of 16, so that JPEG keeps the levels apart
        for (int i = 0; i < 48 * 32; i++) blocks.SetPixel(i % 48, i / 48, new SKColor(levels[i % 48 / 16 + i / 48 / 16 * 3][0], levels[i % 48 / 16 + i / 48 / 16 * 3][0], levels[i % 48 / 16 + i / 48 / 16 * 3][0]));
        RgbImage jpeg = ImageDecoder.Decode(Write("image.jpg", WithExif(blocks.Encode(SKEncodedImageFormat.Jpeg, 100).ToArray(), orientation)));
        Assert.Equal((width * 16, height * 16), (jpeg.Width, jpeg.Height));
        for (int i = 0; i < 6; i++)
            Assert.InRange(jpeg.Pixels[((i / width * 16 + 8) * jpeg.Width + i % width * 16 + 8) * 3] - Level(upright[i]), -4, 4);

        static byte Level(char letter) => (byte)((letter - 'A') * 40 + 20);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    public void A_file_that_ends_early_is_refused_by_its_name_wherever_it_ends(SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(64, 64);
        var random = new Random(3);
        for (int i = 0; i < 64 * 64; i++) bitmap.SetPixel(i % 64, i / 64, new SKColor((uint)random.Next() | 0xFF000000));
        byte[] whole = bitmap.Encode(format, 90).ToArray();
        foreach (int percent in (int[])[1, 10, 50, 90, 97])
        {
            string path = Write("cut", whole[..(whole.Length * percent / 100)]);
            var e = Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(path));
            Assert.Contains(path, e.Message, StringComparison.Ordinal);
            Assert.True(e.Fault is ImageFault.Truncated or ImageFault.Corrupt or ImageFault.NotAnImage, $"{percent} %: {e.Fault}");
        }
    }

    [Fact]
    public void What_is_no_image_is_refused_with_its_reason()
    {
        Assert.Equal(ImageFault.Missing, Fault(""));
        Assert.Equal(ImageFault.Missing, Fault(_folder.File("none.jpg")));
        Assert.Equal(ImageFault.Missing, Fault(_folder.FullName)); // a folder
        Assert.Equal(ImageFault.Empty, Fault(Write("empty.png", [])));
        Assert.Equal(ImageFault.NotAnImage, Fault(Write("text.png", "this is text, not an image"u8.ToArray())));
        Assert.Equal(ImageFault.Corrupt, Fault(Write("lie.tif", [.. "II*\0"u8, 255, 255, 255, 127])));
        Assert.Equal(ImageFault.TooLarge, Fault(WriteTiff("big.tif", 8, Photometric.MINISBLACK, 1, [.. Enumerable.Repeat(new byte[1], Width * Height)]), new() { MaximumPixels = Width * Height - 1 }));
        Assert.Equal(ImageFault.TooLarge, Fault(Write("long.png", new byte[100]), new() { MaximumBytes = 99 }));
    }

    [Fact]
    public void A_header_that_lies_about_its_size_is_refused_before_memory_is_taken()
    {
        byte[] png = Convert.FromHexString("89504E470D0A1A0A0000000D49484452" + "7FFFFFFF7FFFFFFF" + "0802000000");
        Assert.Contains(Fault(Write("huge.png", png)), (ImageFault[])[ImageFault.TooLarge, ImageFault.Corrupt]);
        string huge = WriteTiff("huge.tif", 8, Photometric.MINISBLACK, 1, [.. Enumerable.Repeat(new byte[1], Width * Height)], claimedWidth: 2_000_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(Fault(huge), (ImageFault[])[ImageFault.TooLarge, ImageFault.Corrupt]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50_000_000);
    }

    [Fact]
    public void Every_hostile_file_decodes_or_is_refused_with_a_reason()
    {
        string[] files = [.. Directory.EnumerateFiles(SharedFolder.Data("hostile"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(files);
        int decoded = 0;
        foreach (string file in files)
        {
            try
            {
                RgbImage image = ImageDecoder.Decode(file);
                Assert.Equal((long)image.Width * image.Height * 3, image.Pixels.LongLength);
                decoded++;
            }
            catch (SwanImageException e)
            {
                Assert.Contains(file, e.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(decoded, files.Length / 2, files.Length - 1); // most are valid, some are broken on purpose
    }

    [Fact]
    public void The_tiffs_of_the_caption_sets_decode()
    {
        string[] files = Directory.GetFiles(SharedFolder.Data("tiff"), "*.tif");
        Assert.Equal(18, files.Length);
        Assert.All(files, file => Assert.True(ImageDecoder.Decode(file).Width is 256 or 500));
    }

    private static ImageFault Fault(string path, ImageDecodingOptions? options = null) => Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(path, options)).Fault;

    private string Write(string name, byte[] bytes)
    {
        string path = _folder.File(name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private string WriteTiff(string name, int bits, Photometric photometric, int samples, byte[][] values, int width = Width, int height = Height, int orientation = 1, int? claimedWidth = null)
    {
        string path = _folder.File(name);
        using Tiff tiff = Tiff.Open(path, "w");
        tiff.SetField(TiffTag.IMAGEWIDTH, claimedWidth ?? width);
        tiff.SetField(TiffTag.IMAGELENGTH, height);
        tiff.SetField(TiffTag.BITSPERSAMPLE, bits);
        tiff.SetField(TiffTag.SAMPLESPERPIXEL, samples);
        tiff.SetField(TiffTag.PHOTOMETRIC, photometric);
        tiff.SetField(TiffTag.ORIENTATION, (Orientation)orientation);
        tiff.SetField(TiffTag.PLANARCONFIG, PlanarConfig.CONTIG);
        tiff.SetField(TiffTag.ROWSPERSTRIP, 1);
        if (photometric == Photometric.RGB && samples == 4) tiff.SetField(TiffTag.EXTRASAMPLES, 1, new short[] { (short)ExtraSample.UNASSALPHA });
        if (photometric == Photometric.PALETTE)
        {
            ushort[] up = [.. Enumerable.Range(0, 256).Select(i => (ushort)(i * 257))], down = [.. up.Reverse()], nine = [.. Enumerable.Repeat((ushort)(9 * 257), 256)];
            tiff.SetField(TiffTag.COLORMAP, up, down, nine);
        }

        for (int y = 0; y < height; y++)
        {
            byte[] row = [.. values.Skip(y * width).Take(width).SelectMany(v => v).SelectMany(v => bits == 16 ? BitConverter.GetBytes((ushort)(v << 8 | 0x55)) : [v])];
            tiff.WriteEncodedStrip(y, row, row.Length);
        }

        return path;
    }

    // An APP1 segment with the orientation tag, right after the start marker.
    private static byte[] WithExif(byte[] jpeg, int orientation)
    {
        byte[] exif = [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
        return [0xFF, 0xD8, 0xFF, 0xE1, (byte)((exif.Length + 2) >> 8), (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }

    private static SKBitmap Gradient()
    {
        var bitmap = new SKBitmap(Width, Height);
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++) bitmap.SetPixel(x, y, new SKColor((byte)(100 + x * 6), (byte)(90 + y * 9), 120));
        }

        return bitmap;
    }

    private static IEnumerable<byte> Expected(SKBitmap bitmap) => bitmap.Pixels.SelectMany(p => new[] { p.Red, p.Green, p.Blue });
}
