using System.Text.Json;
using System.Text.Json.Nodes;
using Swan.Cli.Outcomes;

namespace Swan.Cli.Bench;

/// <summary>Figures that an earlier <c>swan bench --json</c> printed, to compare with.</summary>
/// <param name="Path">The file.</param>
/// <param name="Processor">The machine's.</param>
/// <param name="Processors">How many.</param>
/// <param name="Input">The images.</param>
/// <param name="Models">Names of the models.</param>
/// <param name="Costs">Wall and processor milliseconds by the figure's key, of the first model and of search.</param>
internal sealed record EarlierReport(
    string Path, string Processor, int Processors, string Input, IReadOnlyList<string> Models,
    IReadOnlyDictionary<string, (double Wall, double Processor)> Costs)
{
    /// <summary>Reads one.</summary>
    /// <exception cref="CommandException">The file is none.</exception>
    public static EarlierReport Read(string path)
    {
        try
        {
            JsonNode report = JsonNode.Parse(File.ReadAllText(path))!;
            JsonNode[] models = [.. report["models"]!.AsArray().Select(m => m!)];
            IEnumerable<JsonNode?> figures = models[0]["figures"]!.AsArray().Concat(report["search"]!.AsArray());
            return new(
                path, report["processor"]!.GetValue<string>(), report["processors"]!.GetValue<int>(), report["input"]!.GetValue<string>(),
                [.. models.Select(m => m["name"]!.GetValue<string>())],
                figures.ToDictionary(
                    f => f!["key"]!.GetValue<string>(),
                    f => (f!["wallMilliseconds"]!.GetValue<double>(), f["processorMilliseconds"]!.GetValue<double>())));
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException or FormatException
            or ArgumentException or IndexOutOfRangeException)
        {
            throw new CommandException($"'{path}' is not what 'swan bench --json' prints. Write it with: swan bench --json > {path}", e);
        }
    }

    /// <summary>What has changed since, one line each: first what makes the two hard to compare.</summary>
    public IEnumerable<string> Changes(BenchReport now)
    {
        yield return $"Against '{Path}':";
        foreach ((string what, string then, string today) in (IEnumerable<(string, string, string)>)
            [
                ("processor", $"{Processors} × {Processor}", $"{now.Processors} × {now.Processor}"), ("images", Input, now.Input),
                ("model", Models[0], now.Models[0].Card.Name),
            ])
        {
            if (then != today) yield return $"  Another {what}, then {then}, now {today}: the change is not the program's alone.";
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
}
