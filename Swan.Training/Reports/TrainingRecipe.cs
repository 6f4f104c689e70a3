using System.Text.Json;
using System.Text.Json.Nodes;

namespace Swan.Training.Reports;

/// <summary>
/// How to train such a model again: the command, and the options that differ from the defaults. Files lose their folders: a card travels.
/// </summary>
internal static class TrainingRecipe
{
    private static IEnumerable<(string Flag, string? File)> Files(SwanTrainerOptions o) =>
    [
        ("--init", o.Init), ("--backbone-weights", o.BackboneWeights), ("--text-weights", o.TextWeights), ("--vocabulary", o.Vocabulary),
        ("--word-vectors", o.WordVectors),
        .. (o.Teachers ?? []).Select(t => ("--teacher", t)),
    ];

    /// <summary>The command, with <c>recipe.json</c> for <see cref="Json"/>.</summary>
    public static string Command(SwanTrainerOptions options) =>
        "swan train --data DIR --out RUN --config recipe.json"
        + string.Concat(Files(options).Select(f => f.File is { } file ? $" {f.Flag} {Path.GetFileName(file)}" : ""));

    /// <summary>The options that differ from the defaults, but for the files that <see cref="Command"/> names.</summary>
    public static string Json(SwanTrainerOptions options)
    {
        options = options.WithFiles(_ => null);
        return Differing(Node(options), Node(new SwanTrainerOptions()))
            .ToJsonString(SwanTrainerOptionsJson.Format)
            .ReplaceLineEndings("\n");
    }

    private static JsonObject Node(SwanTrainerOptions options) =>
        JsonSerializer.SerializeToNode(options, SwanTrainerOptionsJson.Format)!.AsObject();

    private static JsonObject Differing(JsonObject given, JsonObject defaults)
    {
        var differing = new JsonObject();
        foreach ((string name, JsonNode? value) in given)
        {
            JsonNode? usual = defaults[name];
            if (JsonNode.DeepEquals(value, usual)) continue;
            differing[name] = value is JsonObject inner && usual is JsonObject usualInner
                ? Differing(inner, usualInner)
                : value?.DeepClone();
        }

        return differing;
    }
}
