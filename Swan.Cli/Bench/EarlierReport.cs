using System.Text.Json;
using System.Text.Json.Nodes;
using Swan.Cli.Outcomes;

namespace Swan.Cli.Bench;

/// <summary>Figures that an earlier <c>swan bench --json</c> printed, to compare with.</summary>
/// <param name="Path">The file.</param>
/// <param name="Settings">What was measured and on what, by what it is called.</param>
/// <param name="Costs">Wall and processor milliseconds by the figure's key, of the first model and of search.</param>
internal sealed record EarlierReport(
    string Path, IReadOnlyDictionary<string, string> Settings, IReadOnlyDictionary<string, (double Wall, double Processor)> Costs)
{
    /// <summary>Reads one.</summary>
    /// <exception cref="CommandException">The file is not a report.</exception>
    public static EarlierReport Read(string path)
    {
        try
        {
            JsonNode report = JsonNode.Parse(File.ReadAllText(path)) ?? throw new FormatException("It is null.");
            return new(path, SettingsOf(report), Figures(report).ToDictionary(
                f => Part(f, "key").GetValue<string>(),
                f => (Part(f, "wallMilliseconds").GetValue<double>(), Part(f, "processorMilliseconds").GetValue<double>())));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new CommandException($"'{path}' is not what 'swan bench --json' prints. Write it with: swan bench --json > {path}", e);
        }
    }

    /// <summary>What has changed since, one line each: first what makes the two hard to compare.</summary>
    /// <param name="now">The report.</param>
    /// <param name="json">The same for programs.</param>
    public IEnumerable<string> Changes(BenchReport now, JsonObject json)
    {
        yield return $"Against '{Path}':";
        foreach ((string what, string today) in SettingsOf(json))
        {
            if (Settings.TryGetValue(what, out string? then) && then != today)
                yield return $"  Different {what}, then {then}, now {today}: the change is not due to the program alone.";
        }
        yield return $"  {"",-42}{"wall ms then",14}{"now",9}{"now/then",10}{"processor ms then",19}{"now",9}{"now/then",10}";
        foreach (Figure figure in now.Models[0].Figures.Concat(now.Search))
        {
            if (!Costs.TryGetValue(figure.Key, out (double Wall, double Processor) then)) continue;
            (double wall, double processor) = (figure.WallMilliseconds, figure.ProcessorMilliseconds);
            yield return FormattableString.Invariant($"  {figure.Name,-42}{then.Wall,14:F2}{wall,9:F2}{wall / then.Wall,10:F2}")
                + FormattableString.Invariant($"{then.Processor,19:F2}{processor,9:F2}{processor / then.Processor,10:F2}");
        }
    }

    // All that figures depend on beside the program. A figure's count is the size of its work, which a cost of one depends on, too.
    private static Dictionary<string, string> SettingsOf(JsonNode report)
    {
        JsonNode model = FirstModel(report);
        var settings = new Dictionary<string, string>
        {
            ["processor"] = $"{Part(report, "processors").GetValue<int>()} × {Part(report, "processor").GetValue<string>()}",
            ["ONNX Runtime"] = Text(Part(report, "versions")["onnxRuntime"]),
            ["set of images"] = Part(report, "input").GetValue<string>(),
            ["gallery"] = Text(Part(report, "gallery")),
            ["model"] = $"{Part(model, "name").GetValue<string>()} {Text(model["fingerprint"])}",
            ["arithmetic"] = Part(model, "compute").GetValue<string>(),
            ["image size"] = Text(Part(model, "imageSize")),
            ["decoding"] = Part(model, "decode").GetValue<string>(),
            ["embedding size"] = Text(Part(model, "embeddingSize")),
            // Without the reason for it, whose words may change.
            ["device"] = Part(model, "device").GetValue<string>().Split(':')[0],
            ["number of models"] = $"{Part(report, "models").AsArray().Count}",
        };
        foreach (JsonNode figure in Figures(report))
            settings[$"count of {Part(figure, "key").GetValue<string>()}"] = Text(Part(figure, "count"));
        return settings;
    }

    private static IEnumerable<JsonNode> Figures(JsonNode report) =>
        Part(FirstModel(report), "figures").AsArray().Concat(Part(report, "search").AsArray())
            .Select(figure => figure ?? throw new FormatException("A figure is null."));

    private static JsonNode FirstModel(JsonNode report) =>
        Part(report, "models").AsArray().FirstOrDefault() ?? throw new FormatException("It has no model.");

    private static JsonNode Part(JsonNode node, string name) => node[name] ?? throw new FormatException($"'{name}' is missing.");

    private static string Text(JsonNode? value) => value?.ToString() ?? "unknown";
}
