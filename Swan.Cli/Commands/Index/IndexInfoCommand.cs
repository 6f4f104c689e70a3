using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Swan.Cli.Display;
using Swan.Cli.Indexing;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet.Metadata;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.Cli.Commands;

/// <summary><c>swan index info</c>: what an index holds, without reading its rows; with a key, what it holds of one.</summary>
internal static class IndexInfoCommand
{
    private static readonly Argument<string> Index = IndexOptions.Index();
    private static readonly Option<string?> Key =
        new("--key") { Description = "Show the values of this key's row instead.", HelpName = "key" };
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create() =>
        new DocumentedCommand("info", "Shows the contents of an index: rows, model, columns, files.", "swan index info gallery")
            .With(Index).With("Input", Key).With("Output", Json).Runs(Execute);

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        using SwanLiveIndex live = LivingIndex.Open(parsed.GetRequiredValue(Index));
        using SwanIndexSnapshot index = live.Snapshot();
        JsonObject answer = parsed.GetValue(Key) is { } key ? OfRow(index, key) : OfIndex(live.Folder, index);
        if (parsed.GetValue(Json)) JsonOutput.Write(answer);
        else if (parsed.GetValue(Key) is not null) ShowRow(answer);
        else foreach ((string name, string text) in Lines(live.Folder, index)) Console.WriteLine($"{name,-12}{text}");
        return ExitCode.Done;
    }

    private static JsonObject OfRow(SwanIndexSnapshot index, string key) => index.TryGet(key, out SwanRow? row)
        ? new JsonObject { ["image"] = row.Key, ["values"] = HitsJson.Values(row.Values) }
        : throw new CommandException($"No row of the index has the key '{key}'. Keys are case-sensitive.");

    private static void ShowRow(JsonObject row)
    {
        Console.WriteLine($"{row["image"]}");
        foreach ((string column, JsonNode? value) in row["values"]!.AsObject())
            Console.WriteLine($"  {column}: {value?.ToString() ?? "missing"}");
    }

    private static IEnumerable<(string Name, string Text)> Lines(string folder, SwanIndexSnapshot index)
    {
        IndexFiles files = IndexFiles.Of(index);
        yield return ("index", folder);
        yield return ("rows", Text($"{index.Count:N0} of {index.EmbeddingSize} values"));
        yield return ("model", index.Model?.ToString() ?? "unknown");
        yield return ("range", index.GivenRange?.ToString() ?? "unknown");
        yield return ("scan", files.Scan);
        yield return ("columns", index.Columns.Count == 0 ? "none" : string.Join(", ", index.Columns));
        long stale = files.Stored - index.Count;
        yield return ("files", files.Text
            + (stale > 0 ? $", with {Counted.Of(stale, "row")} that {Counted.Verb(stale)} removed or replaced" : ""));
        yield return ("generation", Text($"{index.Generation}, of {index.Written:yyyy-MM-dd HH:mm:ss} UTC"));
    }

    private static JsonObject OfIndex(string folder, SwanIndexSnapshot index)
    {
        IndexFiles files = IndexFiles.Of(index);
        return new JsonObject
        {
            ["index"] = folder,
            ["rows"] = index.Count,
            ["embeddingSize"] = index.EmbeddingSize,
            ["model"] = index.Model is { } model ? new JsonObject { ["name"] = model.Name, ["fingerprint"] = model.Fingerprint } : null,
            ["range"] = index.GivenRange?.Text,
            ["bands"] = index.GivenRange?.Samples?.BandsText,
            ["noData"] = index.GivenRange?.Samples?.NoDataText,
            ["scan"] = files.Scan,
            ["columns"] = new JsonArray([.. index.Columns.Select(Column)]),
            ["files"] = files.Segments,
            ["bytes"] = files.Bytes,
            ["storedRows"] = files.Stored,
            ["generation"] = index.Generation,
            ["written"] = index.Written,
        };
    }

    private static JsonNode Column(SwanColumn column) =>
        new JsonObject { ["name"] = column.Name, ["type"] = column.Type.ToString().ToLowerInvariant() };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
