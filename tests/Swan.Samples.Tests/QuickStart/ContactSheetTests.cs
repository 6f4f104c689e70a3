using System.Text.RegularExpressions;
using QuickStart;
using SkiaSharp;
using Swan.MLNet.Datasets;

namespace Swan.Samples.Tests.QuickStart;

public sealed class ContactSheetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_page_shows_every_result_and_needs_no_other_file()
    {
        string html = Write("planes & <runways>", width: 900, height: 300);
        Assert.Equal(2, Regex.Count(html, "<img src=\"data:image/jpeg;base64,"));
        Assert.DoesNotMatch("(src|href)=\"(?!data:)|url\\(|@import", html);
        Assert.Contains("planes &amp; &lt;runways&gt;", html, StringComparison.Ordinal);
        Assert.Contains("0.71", html, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_not_measured_is_not_shown()
    {
        Assert.Contains("<h3>measured, beside <i>guessing</i></h3>", Write("planes", width: 30, height: 30), StringComparison.Ordinal);
        Assert.DoesNotContain("guessing", Write("planes", width: 30, height: 30, measures: []), StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_without_captions_is_told_by_its_name()
    {
        string image = _folder.File("a & b.png"), page = _folder.File("search.html");
        TinyImages.Write(_folder.FullName, "a & b.png", seed: 1);
        ContactSheet.Write(
            page, "heading", [new Answer("planes", [new(new CaptionedImage(image, "a & b.png", null, []), 0.5f)])], "", [], "footer");
        Assert.Matches("alt=\"a &amp; b.png\">\\s*<figcaption><b>a &amp; b.png</b>", File.ReadAllText(page));
    }

    [Fact]
    public void A_thumbnail_is_small_and_keeps_the_images_shape()
    {
        string base64 = Regex.Match(Write("planes", width: 900, height: 300), "base64,([^\"]+)").Groups[1].Value;
        using SKBitmap thumbnail = SKBitmap.Decode(Convert.FromBase64String(base64));
        Assert.Equal((320, 106), (thumbnail.Width, thumbnail.Height));
    }

    private string Write(string query, int width, int height, Measure[]? measures = null)
    {
        string image = _folder.File("image.png"), page = _folder.File("search.html");
        using (var bitmap = new SKBitmap(width, height))
        using (SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100))
            File.WriteAllBytes(image, png.ToArray());
        var found = new CaptionedImage(image, "image.png", null, ["a \"gray\" field"]);
        ContactSheet.Write(page, "heading", [new Answer(query, [new(found, 0.71f), new(found, -0.1f)])], "measured",
            measures ?? [new("mR", 50, 5)], "footer");
        return File.ReadAllText(page);
    }
}
