using System.Text.RegularExpressions;
using Swan.Batch.Reports;
using Swan.Batch.Runs;
using Swan.Batch.Settings;

namespace Swan.Batch.Tests.Reports;

public sealed partial class ReportPageTests
{
    private const string Hostile = "<script>alert(1)</script>\"'&\u202Egpj.exe\u2066\u0007\u200B\uD800é木🏠";

    [Fact]
    public void A_page_says_what_the_report_says()
    {
        string html = ReportPage.Write(Report());
        foreach (string part in (string[])
            ["<h1>Run 12</h1>", "<b>990</b> embedded", "<b>10</b> bad", "<b>5,000</b> unchanged", "<b>3</b> gone",
                "1,000 images to embed: 700 new, 250 changed, 50 tried again.", "20 rows reuse a known vector",
                "class=\"alarm\">1&nbsp;% of the rows; 0.5&nbsp;% allowed", "<h3>Truncated <small>10 rows</small></h3>", "and 8 more",
                "125.5 rows/s, 7.97 s from the first shard", "<dd>1.5 h</dd>", "1.2 GB", "3.4 MB",
                "0.5 s at least, 2 min median, 2.0 h at most", "7, of which 3 were lost", "1.250 s", "0.031 s",
                "2026-11-29 01:02:03</time> UTC", "tiny (0123abcd)", "the included model", "000012-abc"])
        {
            Assert.Contains(part, html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Text_of_strangers_is_neither_markup_nor_hidden_nor_turned_around()
    {
        string html = ReportPage.Write(Report(Hostile));
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("[\u0000-\u0009\u000B-\u001F\u200B-\u200F\u202A-\u202E\u2066-\u2069\uD800](?![\uDC00-\uDFFF])", html);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;<span class=\"hidden\">U+202E</span>gpj.exe", html,
            StringComparison.Ordinal);
        foreach (string hidden in (string[])["U+2066", "U+0007", "U+200B", "\uFFFD"])
            Assert.Contains(hidden, html, StringComparison.Ordinal);
        // The source twice, keys and messages of two examples, the slow image, steps and columns.
        Assert.Equal(9, Regex.Count(html, "<bdi>&lt;script"));
    }

    [Fact]
    public void Elements_are_closed_and_nothing_is_fetched_or_run()
    {
        string html = ReportPage.Write(Report(Hostile));
        var open = new Stack<string>();
        string body = html[html.IndexOf("<body>", StringComparison.Ordinal)..].Replace("</html>", "", StringComparison.Ordinal);
        foreach (Match tag in Tag().Matches(body))
        {
            if (tag.Groups[1].Length == 0) open.Push(tag.Groups[2].Value);
            else Assert.Equal(open.Pop(), tag.Groups[2].Value);
        }
        Assert.Empty(open);
        Assert.DoesNotMatch("\\b(src|href|on[a-z]+)=", html);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_embeds_nothing_has_a_page_too()
    {
        string html = ReportPage.Write(Report() with
        {
            Bad = [], Slowest = [], Rows = new ReportRows(0, 0, 0, 0, 0, 0, 0, 5, 1), Shards = new ReportShards(0, 0, 0, 0, 0, 0),
        });
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.DoesNotContain("rows/s", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Bad rows", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Slowest", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://me:word@example.com/tiles?sig=secret#part", "https://example.com/tiles")]
    [InlineData("az://account/container/prefix?sv=1&sig=secret", "az://account/container/prefix")]
    [InlineData("s3://key@bucket", "s3://bucket")]
    [InlineData("s3://bucket/a@b/c", "s3://bucket/a@b/c")]
    [InlineData("/data/what?/a#b (listed)", "/data/what?/a#b (listed)")]
    [InlineData("C:\\tiles", "C:\\tiles")]
    public void Addresses_are_without_queries_and_users(string address, string shown)
    {
        JobSettings settings = (Report().Settings with { Source = address, Images = address }).WithoutSecrets();
        Assert.Equal((shown, shown), (settings.Source, settings.Images));
    }

    [GeneratedRegex("<(/?)([a-z][a-z0-9]*)")]
    private static partial Regex Tag();

    private static RunReport Report(string text = "key") => new()
    {
        Run = 12,
        Id = "000012-abc",
        Planned = new DateTime(2026, 11, 29, 1, 2, 3, DateTimeKind.Utc),
        Ended = new DateTime(2026, 11, 29, 4, 5, 6, DateTimeKind.Utc),
        Rows = new ReportRows(1000, 990, 20, 10, 700, 250, 50, 5000, 3),
        MaxBadShare = 0.005,
        Bad = [new ReportFault("Truncated", 10, [new ReportExample(text, text), new ReportExample(text, $"{text}\n")])],
        Seconds = 7.968,
        RowsPerSecond = 125.5,
        ProcessorHours = 1.5,
        BytesRead = 1_234_567_890,
        BytesWritten = 3_400_000,
        Shards = new ReportShards(4, 7, 3, 0.5, 119, 7200),
        Slowest = [new SlowInput(text, 1.25, 0.031)],
        Settings = new JobSettings
        {
            Source = text, ModelName = "tiny", ModelFingerprint = "0123abcd", EmbeddingSize = 8, Rotations = 1, Steps = text,
            Columns = [text], SwanVersion = "1.0",
        },
    };
}
