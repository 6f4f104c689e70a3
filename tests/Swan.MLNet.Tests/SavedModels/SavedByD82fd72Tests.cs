using System.Text.Json;
using System.Text.Json.Nodes;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.SavedModels;

/// <summary>What commit d82fd72 saved still opens and answers as that commit did.</summary>
public sealed class SavedByD82fd72Tests : IDisposable
{
    private static readonly string Saved = Path.Combine(AppContext.BaseDirectory, "SavedModels", "d82fd72");
    private static readonly JsonNode Answers = JsonNode.Parse(File.ReadAllText(Path.Combine(Saved, "answers.json")))!;
    private static readonly string[] Captions = ["planes parked beside terminal", "green river", "a zzz stadium"];
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _images;

    public SavedByD82fd72Tests() => _images = [.. Enumerable.Range(0, 4).Select(i => TinyImages.Write(_folder.FullName, $"{i}.png", i))];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tiny.swan")]
    [InlineData("constant.swan")]
    [InlineData("network.swan")]
    public void A_model_opens_and_embeds_images_and_captions_as_before(string name)
    {
        JsonNode expected = Answers[name]!;

        using SwanModel model = SwanModel.Open(Path.Combine(Saved, name));

        Assert.Equal(expected["Fingerprint"]!.GetValue<string>(), model.Card.Identity!.Fingerprint);
        for (int i = 0; i < _images.Length; i++) Same(expected["Images"]![i]!, model.EmbedImage(_images[i]));
        Assert.All(expected["Captions"]!.AsObject(), caption => Same(caption.Value!, model.EmbedCaption(caption.Key)));
    }

    [Fact]
    public void An_index_opens_and_finds_the_same_rows()
    {
        using SwanModel model = SwanModel.Open(Path.Combine(Saved, "tiny.swan"));

        SwanIndex index = SwanIndex.Load(Path.Combine(Saved, "gallery.swanindex"));

        Assert.All(Answers["gallery.swanindex"]!.AsObject(), query =>
        {
            SwanHit[] found = index.SearchCaption(model, query.Key, 4);
            JsonArray expected = query.Value!.AsArray();
            Assert.Equal(expected.Select(hit => hit!["Key"]!.GetValue<string>()), found.Select(hit => hit.Key));
            for (int i = 0; i < found.Length; i++) Assert.Equal(expected[i]!["Score"]!.GetValue<float>(), found[i].Score, 1e-5f);
        });
    }

    [Theory]
    [InlineData("paths.zip")]
    [InlineData("captions.zip")]
    [InlineData("search.zip")]
    [InlineData("zero-shot.zip")]
    [InlineData("chain.zip")]
    public void A_pipeline_loads_in_a_process_without_Swan_and_answers_as_before(string name)
    {
        string[] rows = name switch
        {
            "captions.zip" or "search.zip" => Captions,
            "paths.zip" => [.. _images, "none.png"],
            _ => _images,
        };
        JsonArray expected = Answers[name]!.AsArray();

        JsonNode report = LoadOnlyProcess.Run(Path.Combine(Saved, name), "Text", rows);

        Assert.False(report["LoadedBefore"]!.GetValue<bool>());
        JsonArray found = report["Rows"]!.AsArray();
        Assert.Equal(expected.Count, found.Count);
        for (int row = 0; row < expected.Count; row++)
            Assert.All(expected[row]!.AsObject(), column => SameNode(column.Value!, found[row]![column.Key]!));
    }

    private static void Same(JsonNode expected, float[] found)
    {
        Assert.Equal(expected.AsArray().Count, found.Length);
        for (int i = 0; i < found.Length; i++) Assert.Equal(expected[i]!.GetValue<float>(), found[i], 1e-5f);
    }

    private static void SameNode(JsonNode expected, JsonNode found)
    {
        if (expected is JsonArray values)
        {
            Assert.Equal(values.Count, found.AsArray().Count);
            for (int i = 0; i < values.Count; i++) SameNode(values[i]!, found[i]!);
        }
        else if (expected.GetValueKind() == JsonValueKind.Number) Assert.Equal(expected.GetValue<float>(), found.GetValue<float>(), 1e-5f);
        else Assert.Equal(expected.GetValue<string>(), found.GetValue<string>());
    }
}
