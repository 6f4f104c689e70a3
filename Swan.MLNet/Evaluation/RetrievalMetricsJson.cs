using System.Text.Json;
using System.Text.Json.Nodes;

namespace Swan.MLNet.Evaluation;

/// <summary>Metrics as the JSON that <c>swan evaluate</c> writes.</summary>
internal static class RetrievalMetricsJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>
    /// Keys: <c>images</c>, <c>captions</c>, <c>i2t</c> and <c>t2i</c> (each <c>r1</c>, <c>r5</c>, <c>r10</c>, <c>medianRank</c>,
    /// <c>meanRank</c>, <c>intervals</c>: low and high, 95 %, of <c>r1</c>, <c>r5</c> and <c>r10</c>; null where not computed),
    /// <c>meanRecall</c>, <c>meanRecallInterval</c> (low and high, 95 %; null where not computed), <c>sceneRecall</c> (<c>i2t@1</c> …
    /// <c>t2i@10</c>, in [0, 1]; null without scenes).
    /// </summary>
    public static JsonObject ToJson(this RetrievalMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return new JsonObject
        {
            ["images"] = metrics.Images,
            ["captions"] = metrics.Captions,
            ["i2t"] = Direction(metrics.ImageToText),
            ["t2i"] = Direction(metrics.TextToImage),
            ["meanRecall"] = metrics.MeanRecall,
            ["meanRecallInterval"] = Interval(metrics.Interval),
            ["sceneRecall"] = metrics.SceneRecall is not { } s ? null : new JsonObject
            {
                ["i2t@1"] = s.ImageToTextAt1,
                ["i2t@5"] = s.ImageToTextAt5,
                ["i2t@10"] = s.ImageToTextAt10,
                ["t2i@1"] = s.TextToImageAt1,
                ["t2i@5"] = s.TextToImageAt5,
                ["t2i@10"] = s.TextToImageAt10,
            },
        };
    }

    /// <summary>The indented text of <see cref="ToJson"/>.</summary>
    public static string ToJsonText(this RetrievalMetrics metrics) => metrics.ToJson().ToJsonString(Indented);

    private static JsonObject Direction(DirectionMetrics d) => new()
    {
        ["r1"] = d.RecallAt1,
        ["r5"] = d.RecallAt5,
        ["r10"] = d.RecallAt10,
        ["medianRank"] = d.MedianRank,
        ["meanRank"] = d.MeanRank,
        ["intervals"] = d.Intervals is not { } i
            ? null
            : new JsonObject { ["r1"] = Interval(i.At1), ["r5"] = Interval(i.At5), ["r10"] = Interval(i.At10) },
    };

    private static JsonArray? Interval(RecallInterval? interval) => interval is { } i ? new JsonArray(i.Low, i.High) : null;
}
