using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Swan.Cli.Bench;

namespace Swan.Benchmarks.Commands;

/// <summary>How long samples/SceneSearch.Web takes to search, and to show the first picture of what it found.</summary>
internal static partial class SceneServerCommand
{
    private const int Queries = 50;

    private static readonly string[] s_what = ["a bridge", "planes", "a stadium", "storage tanks", "boats"],
        s_color = ["white", "red", "gray", "green", "large"], s_where = ["beside a river", "near a road"];

    private static readonly Option<string> Url = new("--url")
    {
        Description = "Where the server is.", DefaultValueFactory = _ => "http://localhost:5080",
    };

    public static Command Create()
    {
        var command = new Command("scene-server",
            "Time of searches with distinct texts, as the server's header Server-Timing has it, and to the first picture.")
        {
            Url, SharedOptions.Json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = new HttpClient { BaseAddress = new Uri(parsed.GetRequiredValue(Url)) };
            // Opens what is opened once, and has .NET compile what is hot.
            for (int i = 0; i < Queries; i++) await SearchAsync(client, $"houses number {i}", cancellation);
            var use = new ProcessorUse();
            var searches = new List<Search>();
            foreach (string text in s_what.SelectMany(w => s_color.SelectMany(c => s_where.Select(p => $"{w} and {c} roofs {p}"))))
                searches.Add(await SearchAsync(client, text, cancellation));
            double others = use.OthersShare();
            Console.WriteLine($"{searches.Count} texts, {searches[0].Windows:N0} windows; others used {others:P0} of the processors");
            Report.Table(["", "median ms", "95th ms", "most ms"],
            [
                Row("encoding", s => s.Encode), Row("searching", s => s.Scan), Row("server", s => s.Total),
                Row("answer, as its client sees it", s => s.Answer), Row("first picture after the request", s => s.Picture),
            ]);
            Report.Write(parsed.GetValue(SharedOptions.Json), "scene-server", new { others, searches });

            string[] Row(string name, Func<Search, double> time)
            {
                double[] times = [.. searches.Select(time).Order()];
                return [name, $"{times[times.Length / 2]:F1}", $"{times[(int)(times.Length * 0.95)]:F1}", $"{times[^1]:F1}"];
            }
        });
        return command;
    }

    private static async Task<Search> SearchAsync(HttpClient client, string text, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        using HttpResponseMessage response = await client.GetAsync($"api/search?q={Uri.EscapeDataString(text)}", cancellation);
        response.EnsureSuccessStatusCode();
        JsonElement answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellation)).RootElement;
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        await client.GetByteArrayAsync($"pictures/{answer.GetProperty("hits")[0].GetProperty("id").GetString()}?side=160", cancellation);
        double picture = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        string timing = response.Headers.GetValues("Server-Timing").Single();
        return new(text, answer.GetProperty("count").GetInt64(), Part("encode"), Part("search"), Part("total"), milliseconds, picture);

        double Part(string name) => double.Parse(
            Duration().Matches(timing).Single(m => m.Groups["name"].Value == name).Groups["ms"].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"(?<name>\w+);dur=(?<ms>[\d.]+)")]
    private static partial Regex Duration();

    private sealed record Search(string Text, long Windows, double Encode, double Scan, double Total, double Answer, double Picture);
}
