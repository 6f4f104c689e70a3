using System.Text;
using SkiaSharp;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>What is made from the table of formats; <see cref="ImageDecoderTests"/> decodes a file of each.</summary>
public sealed class ImageFormatTests
{
    [Fact]
    public void Endings_are_those_of_the_formats_and_ignore_case()
    {
        foreach (string ending in (string[])[".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"])
            Assert.Contains(ending, ImageDecoder.Extensions);
        Assert.Equal(ImageFormat.All.Sum(f => f.Extensions.Length), ImageDecoder.Extensions.Count); // no ending is two formats'
        Assert.All(ImageFormat.All.SelectMany(f => f.Extensions), e => Assert.Matches(@"^\.[a-z0-9]+$", e));
        Assert.Contains(".TIFF", ImageDecoder.Extensions);
    }

    [Fact]
    public void Names_are_unique_and_make_the_sentence_of_messages()
    {
        string[] names = [.. ImageDecoder.Formats];
        foreach (string name in (string[])["JPEG", "PNG", "WebP", "BMP", "GIF", "TIFF"]) Assert.Contains(name, names);
        Assert.Equal(names.Distinct(StringComparer.OrdinalIgnoreCase), ImageFormat.All.Select(f => f.Name));
        Assert.Equal($"{string.Join(", ", names[..^1])} and {names[^1]} are read.", ImageFormat.Sentence);
    }

    [Fact]
    public void Bytes_of_no_format_are_refused_with_the_formats_that_are_read()
    {
        Assert.Equal($"'a.png' can't be used as an image: its bytes match no known format. {ImageFormat.Sentence}",
            Refusal("this is no picture"u8.ToArray()));
        Assert.Equal($"'a.png' can't be used as an image: its bytes match no known format. {ImageFormat.Sentence}",
            Refusal([0, 0, 1, 0x67, .. new byte[200]])); // a bitmap to a phone of 1999

        static string Refusal(byte[] bytes) => Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(bytes, "a.png")).Message;
    }

    [Theory]
    [InlineData("JPEG", new byte[] { 0xFF, 0xD8, 0xFF, 0xE0 })]
    [InlineData("PNG", new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A })]
    [InlineData("WebP", "RIFF....WEBPVP8 ")]
    [InlineData("BMP", "BM......")]
    [InlineData("GIF", "GIF89a")]
    [InlineData("TIFF", "II*\0")]
    [InlineData("TIFF", "MM\0*")]
    [InlineData("TIFF", "II+\0")]
    [InlineData(null, "RIFF....WAVEfmt ")]
    [InlineData(null, "")]
    public void The_first_bytes_tell_the_format(string? format, object first)
    {
        byte[] bytes = first as byte[] ?? Encoding.Latin1.GetBytes((string)first);
        Assert.Equal(format, ImageFormat.Detect(bytes)?.Name);
        Assert.Equal(format is null ? 0 : 1, ImageFormat.All.Count(f => f.Signature(bytes)));
    }

    [Fact]
    public void A_file_is_decoded_by_its_bytes_whatever_its_ending()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(
            folder.File("named.jpg"), ImageFiles.Skia(ImageFiles.WithAlpha(ImageFiles.Colors), 3, 2, SKEncodedImageFormat.Png));
        Assert.Equal(ImageFiles.Colors, ImageDecoder.Decode(folder.File("named.jpg")).Pixels);
    }
}
