using System.Text.Json.Nodes;
using Swan.Cli.Display;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;

namespace Swan.Cli.Indexing;

/// <summary>Answers of an index as JSON, under the names of <c>swan search</c>.</summary>
internal static class HitsJson
{
    public static JsonObject Of(SwanIndexSnapshot index, string query, SwanAnswer answer, double limit)
    {
        var json = new JsonObject
        {
            ["query"] = query,
            ["images"] = index.Count,
            ["generation"] = index.Generation,
            ["hits"] = new JsonArray([.. answer.Hits.Select(hit => WithValues(index, hit))]),
        };
        AnswerDisplay.AddJudgment(json, answer, limit);
        return json;
    }

    private static JsonObject WithValues(SwanIndexSnapshot index, SwanAnswerHit hit)
    {
        JsonObject json = AnswerDisplay.ToJson(hit);
        json["values"] = index.TryGet(hit.Key, out SwanRow? row) ? Values(row.Values) : new JsonObject();
        return json;
    }

    /// <summary>A row's values by column; null where one is missing.</summary>
    public static JsonObject Values(IReadOnlyDictionary<string, object?> values) =>
        new(values.Select(value => KeyValuePair.Create(value.Key, Value(value.Value))));

    private static JsonNode? Value(object? value) => value switch
    {
        string text => text,
        double number => number,
        bool boolean => boolean,
        DateTimeOffset date => date.UtcDateTime,
        SwanPoint point => new JsonArray(point.X, point.Y),
        SwanBox box => new JsonArray(box.West, box.South, box.East, box.North),
        _ => null,
    };
}
