using System.Buffers.Binary;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>Palettes that are shorter than their pixels' indices could be.</summary>
public sealed class PaletteTests
{
    private static readonly byte[] Three = [255, 0, 0, 0, 255, 0, 0, 0, 255];

    [Theory]
    [InlineData("PNG")]
    [InlineData("GIF")]
    [InlineData("GIF with a palette of its own")]
    [InlineData("BMP")]
    [InlineData("BMP of OS/2")]
    [InlineData("BMP with runs")]
    public void An_index_past_the_palette_is_corrupt_and_the_last_color_is_not(string format)
    {
        // Four pixels; a palette of three colors, of four in a GIF, which has a power of two.
        byte last = (byte)(format.StartsWith("GIF", StringComparison.Ordinal) ? 3 : 2);
        byte[] palette = last == 3 ? [.. Three, 9, 8, 7] : Three;

        RgbImage image = ImageDecoder.Decode(Encode(format, [0, 1, last, 1], palette), "good");
        var e = Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(Encode(format, [0, 1, (byte)(last + 1), 1], palette), "bad"));

        Assert.Equal([.. palette[..6], .. palette[^3..], .. palette[3..6]], image.Pixels);
        Assert.Equal(ImageFault.Corrupt, e.Fault);
        Assert.Contains("past the end of its palette", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_palette_in_which_every_value_occurs_has_its_end_too()
    {
        byte[] palette = [.. Enumerable.Range(0, 255).SelectMany(i => new[] { (byte)i, (byte)(i + 1), (byte)(255 - i) })];
        byte[] indices = [.. Enumerable.Range(0, 255).Select(i => (byte)i), 255];

        byte[] good = ImageFiles.PalettePng(indices[..255], palette, 255, 1), bad = ImageFiles.PalettePng(indices, palette, 256, 1);

        Assert.Equal(palette, ImageDecoder.Decode(good, "good").Pixels);
        Assert.Contains("pixel (255, 0)", Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(bad, "bad")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 2, 0, 1, 1, 0, 0, 3, 2, 0, 1 }, null)]          // two rows and the end
    [InlineData(new byte[] { 2, 0, 1, 1, 0, 0, 3, 2 }, ImageFault.Truncated)] // all pixels, but no end
    [InlineData(new byte[] { 0, 3, 0, 1, 2, 0, 0, 0, 3, 2, 0, 1 }, null)]    // three pixels as they are
    [InlineData(new byte[] { 0, 2, 0, 1, 3, 2, 0, 1 }, null)]                // a step to the second row
    [InlineData(new byte[] { 3, 0, 0, 0 }, ImageFault.Truncated)]            // the file ends after a row
    [InlineData(new byte[] { 3, 0, 0, 1 }, ImageFault.Truncated)]            // the picture does
    [InlineData(new byte[] { 3, 0, 0, 0, 0, 3, 1 }, ImageFault.Truncated)]   // within pixels as they are
    [InlineData(new byte[] { 3, 0, 0, 0, 0, 3, 0, 1, 7, 0, 0, 1 }, ImageFault.Corrupt)]
    public void Runs_of_a_bmp_are_walked_to_their_end(byte[] runs, ImageFault? fault)
    {
        byte[] bmp = Bmp(runs, 3, 2, compression: 1, Three, os2: false);

        if (fault is null) Assert.Equal((3, 2), (ImageDecoder.Decode(bmp, "runs").Width, ImageDecoder.Decode(bmp, "runs").Height));
        else Assert.Equal(fault, Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(bmp, "runs")).Fault);
    }

    [Fact]
    public void A_bmp_with_fewer_colors_than_its_header_says_is_read()
    {
        byte[] bmp = Bmp([0, 1, 2, 1], 4, 1, compression: 0, Three, os2: false);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(46), 200);

        Assert.Equal([.. Three, .. Three[3..6]], ImageDecoder.Decode(bmp, "short").Pixels);
    }

    private static byte[] Encode(string format, byte[] indices, byte[] palette) => format switch
    {
        "PNG" => ImageFiles.PalettePng(indices, palette, 4, 1),
        "GIF" => Gif(indices, palette, own: false),
        "GIF with a palette of its own" => Gif(indices, palette, own: true),
        "BMP" => Bmp(indices, 4, 1, compression: 0, palette, os2: false),
        "BMP of OS/2" => Bmp(indices, 4, 1, compression: 0, palette, os2: true),
        _ => Bmp([.. indices.SelectMany(i => new byte[] { 1, i }), 0, 1], 4, 1, compression: 1, palette, os2: false),
    };

    // Codes of 4 bits for indices of 3, a clear code before each.
    private static byte[] Gif(byte[] indices, byte[] palette, bool own)
    {
        int[] codes = [.. indices.SelectMany(i => new[] { 8, i }), 9, 0];
        byte[] data = [.. codes.Chunk(2).Select(c => (byte)(c[0] | c[1] << 4))];
        byte flags = 0x81;
        return
        [
            .. "GIF89a"u8, (byte)indices.Length, 0, 1, 0, own ? (byte)0 : flags, 0, 0, .. own ? [] : palette,
            0x2C, 0, 0, 0, 0, (byte)indices.Length, 0, 1, 0, own ? flags : (byte)0, .. own ? palette : [],
            3, (byte)data.Length, .. data, 0, 0x3B,
        ];
    }

    // 8 bits a pixel, one row unless they are runs.
    private static byte[] Bmp(byte[] pixels, int width, int height, int compression, byte[] rgb, bool os2)
    {
        int header = os2 ? 12 : 40, entry = os2 ? 3 : 4, start = 14 + header + rgb.Length / 3 * entry;
        byte[] file = new byte[start + (pixels.Length + 3) / 4 * 4];
        if (compression != 0) Array.Resize(ref file, start + pixels.Length);
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), start);
        file[14] = (byte)header;
        if (os2) (file[18], file[20], file[22], file[24]) = ((byte)width, (byte)height, 1, 8);
        else
        {
            (file[18], file[22], file[26], file[28], file[30]) = ((byte)width, (byte)height, 1, 8, (byte)compression);
            file[46] = (byte)(rgb.Length / 3);
        }
        for (int i = 0; i < rgb.Length; i++) file[14 + header + i / 3 * entry + 2 - i % 3] = rgb[i];
        pixels.CopyTo(file, start);
        return file;
    }
}
