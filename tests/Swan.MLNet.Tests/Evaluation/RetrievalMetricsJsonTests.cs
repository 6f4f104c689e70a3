using System.Text.Json.Nodes;
using Swan.MLNet.Evaluation;

namespace Swan.MLNet.Tests.Evaluation;

public sealed class RetrievalMetricsJsonTests
{
    private static readonly RetrievalMetrics Metrics = new(2, 10,
        new(1, 2, 3, 4, 5.5) { Intervals = new(new(0.5, 1.5), new(1.25, 2.5), new(2, 4)) }, new(6, 7, 8, 9, 10.5), 4.5,
        new(0.1, 0.2, 0.3, 0.4, 0.5, 0.6)) { Interval = new(4.25, 4.75) };

    [Fact]
    public void Every_figure_has_its_key()
    {
        JsonNode expected = JsonNode.Parse("""
            {
              "images": 2, "captions": 10,
              "i2t": { "r1": 1, "r5": 2, "r10": 3, "medianRank": 4, "meanRank": 5.5,
                       "intervals": { "r1": [0.5, 1.5], "r5": [1.25, 2.5], "r10": [2, 4] } },
              "t2i": { "r1": 6, "r5": 7, "r10": 8, "medianRank": 9, "meanRank": 10.5, "intervals": null },
              "meanRecall": 4.5, "meanRecallInterval": [4.25, 4.75],
              "sceneRecall": { "i2t@1": 0.1, "i2t@5": 0.2, "i2t@10": 0.3, "t2i@1": 0.4, "t2i@5": 0.5, "t2i@10": 0.6 }
            }
            """)!;
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(Metrics.ToJsonText())), Metrics.ToJsonText());
    }

    [Fact]
    public void Without_scenes_scene_recall_is_null_not_missing()
    {
        JsonObject json = (Metrics with { SceneRecall = null }).ToJson();
        Assert.True(json.ContainsKey("sceneRecall"));
        Assert.Null(json["sceneRecall"]);
    }
}
