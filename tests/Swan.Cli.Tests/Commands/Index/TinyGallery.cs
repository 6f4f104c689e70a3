using System.Text.Json.Nodes;

namespace Swan.Cli.Tests.Commands;

/// <summary>A folder with three small images and room for an index of them, embedded by a tiny model.</summary>
internal sealed class TinyGallery : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TinyGallery()
    {
        Model = TinyModel.Write(_folder.FullName);
        Directory.CreateDirectory(Path.Combine(Images, "north"));
        TinyImages.Write(Images, "a.png", seed: 1);
        TinyImages.Write(Images, "b.png", seed: 2);
        TinyImages.Write(Images, "north/c.png", seed: 3);
    }

    public string Images => _folder.File("images");

    public string Index => _folder.File("index");

    public string Model { get; }

    public string File(string name) => _folder.File(name);

    /// <summary>Builds the index, with more options.</summary>
    public Task<JsonNode> Build(params string[] more) =>
        Json(["index", "build", "--images", Images, "--model", Model, "--device", "cpu", "--out", Index, .. more]);

    /// <summary>Adds the images again.</summary>
    public Task<JsonNode> Add(params string[] more) =>
        Json(["index", "add", Index, "--images", Images, "--model", Model, "--device", "cpu", .. more]);

    /// <summary>The keys that a search finds, best first.</summary>
    public async Task<string[]> Found(params string[] search)
    {
        JsonNode found = await Json(["index", "search", Index, "--model", Model, "--device", "cpu", .. search]);
        return [.. found["hits"]!.AsArray().Select(hit => (string)hit!["image"]!)];
    }

    /// <summary>Runs a command with --json that works.</summary>
    public static async Task<JsonNode> Json(params string[] arguments)
    {
        (int code, string output, string errors) = await SwanProcess.Run([.. arguments, "--json"]);
        Assert.True(code == 0, errors);
        return JsonNode.Parse(output)!;
    }

    /// <summary>Runs a command that fails.</summary>
    /// <returns>What it says.</returns>
    public static async Task<string> Fails(int expected, params string[] arguments)
    {
        (int code, string output, string errors) = await SwanProcess.Run(arguments);
        Assert.Equal((expected, ""), (code, output));
        return errors;
    }

    public void Dispose() => _folder.Dispose();
}
