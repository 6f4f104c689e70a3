using System.Text.Json.Nodes;
using Swan.MLNet.Search;

namespace Swan.Cli.Tests.Commands;

public sealed class IndexSearchCommandTests : IDisposable
{
    private readonly TinyGallery _gallery = new();

    public void Dispose() => _gallery.Dispose();

    [Fact]
    public async Task Pages_and_scores_cut_the_same_order()
    {
        await _gallery.Build();
        string[] all = await _gallery.Found("planes parked");
        Assert.Equal(3, all.Length);
        Assert.Equal(all[1..2], await _gallery.Found("planes parked", "--skip", "1", "--top", "1"));
        JsonNode scored = await TinyGallery.Json("index", "search", _gallery.Index, "--model", _gallery.Model, "planes parked");
        string least = ((double)scored["hits"]![1]!["score"]!).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(all[..2], await _gallery.Found("planes parked", "--min-score", least));
    }

    [Fact]
    public async Task A_row_is_a_query_alone_and_with_words()
    {
        await _gallery.Build();
        TinyImages.Write(_gallery.Images, "copy.png", seed: 1);
        await _gallery.Add();
        // Without a model: the row's own embedding asks.
        JsonNode like = await TinyGallery.Json("index", "search", _gallery.Index, "--like", "a.png");
        Assert.Equal(("copy.png", 3), ((string)like["hits"]![0]!["image"]!, like["hits"]!.AsArray().Count));
        JsonNode mixed = await TinyGallery.Json(
            "index", "search", _gallery.Index, "--model", _gallery.Model, "--like", "a.png", "river", "--without", "ships");
        Assert.Equal("like a.png, river, without ships", (string)mixed["query"]!);
        Assert.DoesNotContain("a.png", mixed["hits"]!.AsArray().Select(hit => (string)hit!["image"]!));
    }

    [Fact]
    public async Task People_get_lines_and_are_told_when_nothing_fits()
    {
        await _gallery.Build();
        (int code, string output, _) = await SwanProcess.Run(
            "index", "search", _gallery.Index, "--model", _gallery.Model, "river", "--top", "2");
        Assert.Equal(0, code);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("The 2 of 3 images", lines[0], StringComparison.Ordinal);
        Assert.All(lines[1..], line => Assert.Matches(@"^ +-?\d\.\d{3}  (a|b|north/c)\.png$", line));
        (code, output, _) = await SwanProcess.Run(
            "index", "search", _gallery.Index, "--model", _gallery.Model, "river", "--where", "folder = 'south'");
        Assert.Equal((0, true), (code, output.StartsWith("None of 3 images", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(2, "There is no query")]
    [InlineData(2, "foldr", "river", "--where", "foldr = 'south'")]
    [InlineData(2, "--top is 0", "river", "--top", "0")]
    [InlineData(2, "--min-probability is for words alone", "--like", "a.png", "--min-probability", "0.5")]
    [InlineData(1, "None of the 3 rows has the key 'z.png'", "--like", "z.png")]
    public async Task A_wrong_question_is_answered_with_what_is_wrong(int code, string expected, params string[] search)
    {
        await _gallery.Build();
        string errors = await TinyGallery.Fails(code, ["index", "search", _gallery.Index, .. search]);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_of_other_embeddings_is_refused()
    {
        await _gallery.Build();
        string errors = await TinyGallery.Fails(1, "index", "search", _gallery.Index, "river");
        Assert.Contains("holds embeddings of 'tiny'", errors, StringComparison.Ordinal);
        Assert.Contains("without --model, the model is", errors, StringComparison.Ordinal);
        // An index that doesn't say its model.
        SwanLiveIndex.Create(_gallery.File("longer"), new SwanIndexSettings(7)).Dispose();
        errors = await TinyGallery.Fails(1, "index", "search", _gallery.File("longer"), "river", "--model", _gallery.Model);
        Assert.Contains("holds embeddings of 7 values", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_an_index_is_named()
    {
        string errors = await TinyGallery.Fails(1, "index", "search", _gallery.Images, "river");
        Assert.Equal($"swan: There is no index in '{_gallery.Images}': it has no 'manifest.json'. Give a folder that 'swan index build' "
            + "made.\n", errors);
        string scenes = Directory.CreateDirectory(_gallery.File("scenes")).FullName;
        await File.WriteAllTextAsync(Path.Combine(scenes, "scenes.json"), "{}", TestContext.Current.CancellationToken);
        errors = await TinyGallery.Fails(1, "index", "info", scenes);
        Assert.Contains("is an index of scenes. Use 'swan scene search'", errors, StringComparison.Ordinal);
        errors = await TinyGallery.Fails(1, "index", "verify", _gallery.Model);
        Assert.Contains("is a file, but an index is a folder. Make an index", errors, StringComparison.Ordinal);
    }
}
