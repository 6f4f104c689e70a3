using System.Text.RegularExpressions;
using Swan.Geo.Places;

namespace Swan.Geo.Tests.Places;

public sealed partial class PlacesPageTests : IDisposable
{
    private static readonly byte[] s_jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2], s_png = [0x89, (byte)'P', (byte)'N', (byte)'G', 3];

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("places.html");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_place_has_its_picture_position_scores_and_date()
    {
        string html = Write("Search", Found.At(-2.5, 48.85837, 0.3125f, "scenes/a.tif") with
        {
            Column = 12, Row = 34, Probability = 0.875, Date = new(2024, 5, 6, 12, 30, 0, TimeSpan.Zero), MetersPerPixel = 5,
        });

        foreach (string part in (string[])
            ["<img src=\"data:image/jpeg;base64,/9j/4AEC\" alt=\"Place 1 in a.tif\">",
                "224&nbsp;×&nbsp;224 pixels at column 12, row 34, 1,120&nbsp;×&nbsp;1,120&nbsp;m",
                "<a href=\"geo:48.85837,-2.5\">48.85837°&nbsp;N, 2.50000°&nbsp;W</a>", ">0.313<", "87.5&nbsp;%",
                "<time datetime=\"2024-05-06T12:30:00Z\">2024-05-06</time>", "1 place in 1 scene."])
        {
            Assert.Contains(part, html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void All_text_is_encoded()
    {
        string html = Write("<b>&title", Found.At(0, 0, scene: "a/<script>.tif") with { Query = "\"<i>x" },
            Found.OnMap(1, 2, "<u>system"));

        Assert.Contains("<h1>&lt;b&gt;&amp;title</h1>", html, StringComparison.Ordinal);
        Assert.Contains("&quot;&lt;i&gt;x</h2>", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;.tif", html, StringComparison.Ordinal);
        Assert.Contains("in &lt;u&gt;system", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("<(b|i|u|script)>", html);
    }

    [Fact]
    public void Each_query_has_a_table_with_its_name()
    {
        string html = Write("Search", Found.At(0, 0), Found.At(1, 1) with { Query = "boat" }, Found.At(2, 2));

        Assert.Equal(["harbor", "boat"], Regex.Matches(html, "<h2[^>]*>([^<]*)</h2>").Select(m => m.Groups[1].Value));
        Assert.Equal(2, Regex.Count(html, "<table>"));
        Assert.Equal([1 + 2, 1 + 1], html.Split("<section")[1..].Select(s => Regex.Count(s, "<tr>")));
    }

    [Fact]
    public void Columns_that_no_place_fills_are_left_out()
    {
        string html = Write("Search", Found.At(0, 0));

        Assert.DoesNotContain("Probability", html, StringComparison.Ordinal);
        Assert.DoesNotContain(">Date<", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Places_that_lie_nowhere_on_the_earth_say_where_they_lie()
    {
        string html = Write("Search", Found.Pixels(1, 2), Found.OnMap(500, 600.25, null, 2154), Found.OnMap(7, 8, null));

        Assert.Contains("<td>not georeferenced</td>", html, StringComparison.Ordinal);
        Assert.Contains("500, 600.25<br><small>in EPSG:2154</small>", html, StringComparison.Ordinal);
        Assert.Contains("7, 8<br><small>in an unknown coordinate system</small>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("geo:", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Elements_are_closed_and_nothing_is_fetched()
    {
        string html = Write("Search", [.. Enumerable.Range(0, 30).Select(i => Found.At(i, 0) with { Query = $"q{i % 3}" })]);

        var open = new Stack<string>();
        foreach (Match tag in Tag().Matches(html[(html.IndexOf("<body>", StringComparison.Ordinal) - 1)..]))
        {
            string name = tag.Groups[2].Value;
            if (name is "img" or "br" or "html" or "body") continue;
            if (tag.Groups[1].Length == 0) open.Push(name);
            else Assert.Equal(open.Pop(), name);
        }

        Assert.Empty(open);
        Assert.DoesNotMatch("(src|href)=\"(?!data:|geo:)", html);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_are_JPEG_or_PNG_or_none()
    {
        PlacesPage.Write(Path, "Search", [Found.At(0, 0), Found.At(1, 1, scene: "b.tif")], p => p.Scene == "b.tif" ? s_png : default);
        string html = File.ReadAllText(Path);

        Assert.Contains("no picture", html, StringComparison.Ordinal);
        Assert.Contains("data:image/png;base64,iVBORwM=", html, StringComparison.Ordinal);
        var e = Assert.Throws<ArgumentException>(() => PlacesPage.Write(Path, "Search", [Found.At(0, 0)], _ => "GIF89a"u8.ToArray()));
        Assert.Contains("begins with 47494638; expected a JPEG or PNG", e.Message, StringComparison.Ordinal);
        Assert.Equal(html, File.ReadAllText(Path));
    }

    [Fact]
    public void A_canceled_page_leaves_what_was_there()
    {
        File.WriteAllText(Path, "before");

        Assert.Throws<OperationCanceledException>(
            () => PlacesPage.Write(Path, "Search", [Found.At(0, 0)], _ => default, new(canceled: true)));

        Assert.Equal("before", File.ReadAllText(Path));
    }

    [GeneratedRegex("<(/?)([a-z][a-z0-9]*)")]
    private static partial Regex Tag();

    private string Write(string title, params Place[] places)
    {
        PlacesPage.Write(Path, title, places, _ => s_jpeg);
        return File.ReadAllText(Path);
    }
}
