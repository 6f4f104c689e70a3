using System.Text.Json.Nodes;

namespace Swan.Cli.Tests.Commands;

public sealed class SearchLinksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_link_to_a_parent_folder_does_not_multiply_the_images()
    {
        string images = _folder.File("images"), below = Directory.CreateDirectory(Path.Combine(images, "a")).FullName;
        TinyImages.Write(images, "one.png", seed: 1);
        TinyImages.Write(below, "two.png", seed: 2);
        Directory.CreateSymbolicLink(Path.Combine(below, "self"), images);
        Directory.CreateSymbolicLink(Path.Combine(images, "self"), images);
        (int code, string output, string errors) =
            await SwanProcess.Run("search", "--model", TinyModel.Write(_folder.FullName), "--images", images, "--query", "river", "--json");
        Assert.True(code == 0, errors);
        JsonNode found = JsonNode.Parse(output)!;
        Assert.Equal(2, found["images"]!.GetValue<int>());
        Assert.Equal(
            [Path.Combine(images, "a", "two.png"), Path.Combine(images, "one.png")],
            found["hits"]!.AsArray().Select(h => h!["image"]!.GetValue<string>()).Order(StringComparer.Ordinal));
    }
}
