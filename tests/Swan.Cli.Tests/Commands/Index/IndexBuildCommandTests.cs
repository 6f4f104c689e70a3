using System.Text.Json.Nodes;

namespace Swan.Cli.Tests.Commands;

public sealed class IndexBuildCommandTests : IDisposable
{
    private readonly TinyGallery _gallery = new();

    public void Dispose() => _gallery.Dispose();

    [Fact]
    public async Task A_built_index_answers_as_a_search_of_the_folder_does()
    {
        await File.WriteAllTextAsync(Path.Combine(_gallery.Images, "broken.png"), "no image");
        JsonNode built = await _gallery.Build();
        Assert.Equal((3, 3, 1), ((int)built["rows"]!, (int)built["added"]!, (int)built["unreadable"]!));

        JsonNode searched = await TinyGallery.Json("search", "--images", _gallery.Images, "--model", _gallery.Model, "green river");
        JsonNode asked = await TinyGallery.Json("index", "search", _gallery.Index, "--model", _gallery.Model, "green river");
        (string, float)[] expected = [.. searched["hits"]!.AsArray().Select(hit =>
            (Path.GetRelativePath(_gallery.Images, (string)hit!["image"]!), (float)hit["score"]!))];
        Assert.Equal(expected, asked["hits"]!.AsArray().Select(hit => ((string)hit!["image"]!, (float)hit["score"]!)));
        Assert.Equal(((string)searched["query"]!, (int)searched["images"]!), ((string)asked["query"]!, (int)asked["images"]!));
    }

    [Theory]
    [InlineData("float32")]
    [InlineData("int8")]
    public async Task Both_scans_have_the_file_systems_columns(string scan)
    {
        await _gallery.Build("--scan", scan, "--prefix", "2025/");
        JsonNode info = await TinyGallery.Json("index", "info", _gallery.Index);
        Assert.Equal((scan, 3, 6), ((string)info["scan"]!, (int)info["rows"]!, (int)info["embeddingSize"]!));
        Assert.Equal("tiny", (string)info["model"]!["name"]!);
        JsonNode row = await TinyGallery.Json("index", "info", _gallery.Index, "--key", "2025/north/c.png");
        var file = new FileInfo(Path.Combine(_gallery.Images, "north", "c.png"));
        Assert.Equal(("2025/north", file.Length), ((string)row["values"]!["folder"]!, (long)(double)row["values"]!["file_size"]!));
        Assert.Equal(["2025/north/c.png"], await _gallery.Found("river", "--where", "folder = '2025/north'"));
    }

    [Fact]
    public async Task A_build_that_embeds_nothing_leaves_no_index_behind()
    {
        foreach (string name in (string[])["a.png", "b.png", "north/c.png"])
            await File.WriteAllTextAsync(Path.Combine(_gallery.Images, name), "no image");
        await TinyGallery.Fails(3, "index", "build", "--images", _gallery.Images, "--model", _gallery.Model, "--out", _gallery.Index);
        Assert.False(Directory.Exists(_gallery.Index));
    }

    [Fact]
    public async Task A_build_that_fails_leaves_its_folder_as_it_was()
    {
        await File.WriteAllTextAsync(_gallery.File("values.csv"), "image,clouds\na.png,\"0.5\n");
        string[] build =
            ["index", "build", "--images", _gallery.Images, "--model", _gallery.Model, "--columns", _gallery.File("values.csv")];
        string there = _gallery.File("there"), nested = _gallery.File("new/inner");
        Directory.CreateDirectory(there);
        await File.WriteAllTextAsync(Path.Combine(there, "notes.txt"), "mine");
        await TinyGallery.Fails(1, [.. build, "--out", there]);
        Assert.Equal([Path.Combine(there, "notes.txt")], Directory.EnumerateFileSystemEntries(there));
        await TinyGallery.Fails(1, [.. build, "--out", nested]);
        Assert.False(Directory.Exists(_gallery.File("new")));
    }

    [Fact]
    public async Task An_index_that_is_there_is_not_built_again()
    {
        await _gallery.Build();
        string errors = await TinyGallery.Fails(
            1, "index", "build", "--images", _gallery.Images, "--model", _gallery.Model, "--out", _gallery.Index);
        Assert.Contains("already has an index. Add to it with 'swan index add'", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".parquet")]
    [InlineData(".npy")]
    [InlineData(".swanindex")]
    public async Task An_export_builds_an_index_that_answers_the_same(string ending)
    {
        await _gallery.Build();
        string[] found = await _gallery.Found("ships");
        string file = _gallery.File($"export{ending}"), copy = _gallery.File("copy");
        JsonNode exported = await TinyGallery.Json("index", "export", _gallery.Index, "--out", file);
        Assert.Equal((3, new FileInfo(file).Length), ((int)exported["rows"]!, (long)exported["bytes"]!));

        string[] model = ending == ".npy" ? ["--model", _gallery.Model] : [];
        JsonNode built = await TinyGallery.Json(["index", "build", "--from", file, "--out", copy, .. model]);
        Assert.Equal(3, (int)built["added"]!);
        JsonNode asked = await TinyGallery.Json("index", "search", copy, "--model", _gallery.Model, "ships");
        Assert.Equal(found, asked["hits"]!.AsArray().Select(hit => (string)hit!["image"]!));
        JsonNode info = await TinyGallery.Json("index", "info", copy);
        Assert.Equal("tiny", (string)info["model"]!["name"]!);
        if (ending != ".parquet") return;
        // The values came along, so nothing is embedded again.
        JsonNode again = await TinyGallery.Json("index", "add", copy, "--images", _gallery.Images, "--model", _gallery.Model);
        Assert.Equal((3, 0), ((int)again["unchanged"]!, (int)again["replaced"]!));
    }

    [Fact]
    public async Task Rows_of_an_unknown_model_are_taken_with_a_warning()
    {
        await _gallery.Build();
        string file = _gallery.File("export.npy");
        await TinyGallery.Json("index", "export", _gallery.Index, "--out", file);
        (int code, _, string errors) = await SwanProcess.Run("index", "build", "--from", file, "--out", _gallery.File("copy"));
        Assert.Equal(0, code);
        Assert.Contains("doesn't say which model made its rows", errors, StringComparison.Ordinal);
        File.Delete(_gallery.File("export.keys.txt"));
        errors = await TinyGallery.Fails(1, "index", "build", "--from", file, "--out", _gallery.File("other"));
        Assert.Contains("export.keys.txt' with the keys of the rows", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_gallery.File("other")));
    }

    [Theory]
    [InlineData("Give --images or --from", "--out", "x")]
    [InlineData("not both", "--out", "x", "--images", "x", "--from", "y.npy")]
    [InlineData("expected .swanindex, .npy, .parquet", "--out", "x", "--from", "y.txt")]
    [InlineData("'int4'", "--out", "x", "--images", "x", "--scan", "int4")]
    [InlineData("--type is 'region=words'", "--out", "x", "--images", "x", "--columns", "y.csv", "--type", "region=words")]
    [InlineData("--key-column requires --columns", "--out", "x", "--images", "x", "--key-column", "id")]
    [InlineData("--type requires --columns, --from or --embeddings", "--out", "x", "--images", "x", "--type", "region=text")]
    public async Task Wrong_options_are_said_before_any_work(string expected, params string[] options)
    {
        string errors = await TinyGallery.Fails(2, ["index", "build", .. options]);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.EndsWith("See: swan index build --help\n", errors, StringComparison.Ordinal);
    }
}
