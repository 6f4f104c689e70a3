using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Swan.SceneSearch.Tests.Serving;

public sealed class OperationTests(ServedScenes served) : IClassFixture<ServedScenes>
{
    private readonly RunningServer _server = served.Server;

    [Fact]
    public async Task It_is_ready_once_the_model_is_open()
    {
        Assert.Equal(HttpStatusCode.OK, (await _server.Client.GetAsync("health/live")).StatusCode);
        await Eventually.True(() => _server.Client.GetAsync("health/ready").Result.StatusCode == HttpStatusCode.OK, "ready");
    }

    [Fact]
    public async Task It_is_not_ready_when_the_index_is_gone_and_says_so_when_asked()
    {
        using var scenes = new DrawnScenes();
        await using RunningServer server = await RunningServer.StartAsync(scenes.Options);
        await Eventually.True(() => server.Client.GetAsync("health/ready").Result.StatusCode == HttpStatusCode.OK, "ready");
        Directory.Delete(scenes.Index, recursive: true);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Client.GetAsync("health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("health/live")).StatusCode);
        await server.JsonAsync("api/search?q=green", HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Metrics_count_searches_texts_and_pictures()
    {
        string before = await _server.Client.GetStringAsync("metrics");
        string id = (await _server.HitsAsync("q=green%20river&top=1"))[0].GetProperty("id").GetString()!;
        await _server.HitsAsync("q=green%20river&top=2");
        await _server.Client.GetByteArrayAsync($"pictures/{id}");
        await _server.Client.GetByteArrayAsync($"pictures/{id}");
        string after = await _server.Client.GetStringAsync("metrics");
        // Other servers of this process are counted, too.
        foreach ((string series, int more) in ((string, int)[])[("scene_search_duration_seconds_count{kind=\"text\"}", 2),
            ("scene_search_texts_total{cache=\"hit\"}", 1), ("scene_search_pictures_total{cache=\"hit\"}", 1)])
        {
            Assert.True(Value(after, series) >= Value(before, series) + more, series);
        }
        Assert.Contains("\nhttp_server_request_duration_seconds_bucket{", after, StringComparison.Ordinal);
        Assert.Contains("\nswan_search_duration_seconds_bucket{", after, StringComparison.Ordinal);
        Assert.Contains("\nswan_encode_rows_total{", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_are_text_that_Prometheus_reads()
    {
        await _server.HitsAsync("q=green%20river");
        using HttpResponseMessage response = await _server.Client.GetAsync("metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        string[] lines = (await response.Content.ReadAsStringAsync()).TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.Matches(
            "^(# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .+|"
            + "[a-zA-Z_:][a-zA-Z0-9_:]*(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"[^\"]*\",?)*\\})? [-+0-9.eE]+)$", line));
        // Buckets are cumulative, and the last has all.
        double[] buckets = [.. lines
            .Where(l => l.StartsWith("scene_search_duration_seconds_bucket{kind=\"text\"", StringComparison.Ordinal))
            .Select(l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture))];
        Assert.Equal(buckets.Order(), buckets);
        Assert.Equal(Value(string.Join('\n', lines), "scene_search_duration_seconds_count{kind=\"text\"}"), buckets[^1]);
    }

    [Fact]
    public async Task The_page_may_ask_nobody_but_its_server()
    {
        foreach (string address in (string[])["", "js/main.js", "ol/ol.js", "api/index", "nothing"])
        {
            using HttpResponseMessage response = await _server.Client.GetAsync(address);
            string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        }
        // Nor do its own files name another one, but for names of XML.
        foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "wwwroot"), "*", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}ol{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        {
            Assert.DoesNotMatch("https?://(?!www\\.w3\\.org/)", File.ReadAllText(file));
        }
    }

    private static double Value(string metrics, string series) =>
        Regex.Match(metrics, $"^{Regex.Escape(series)} (.+)$", RegexOptions.Multiline) is { Success: true } match
            ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
}
