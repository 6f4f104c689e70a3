using System.Text.Json.Nodes;

namespace Swan.Cli.Tests.Commands;

/// <summary>An index keeps --bands and --nodata of its build.</summary>
public sealed class IndexBandsTests : IDisposable
{
    private readonly TinyGallery _gallery = new();

    public void Dispose() => _gallery.Dispose();

    [Fact]
    public async Task Images_of_other_bands_are_refused_and_the_indexs_are_the_default()
    {
        await _gallery.Build("--bands", "3,2,1", "--nodata", "0");
        JsonNode info = await TinyGallery.Json("index", "info", _gallery.Index);
        Assert.Equal(("model", "3,2,1", "0"), ((string?)info["range"], (string?)info["bands"], (string?)info["noData"]));

        TinyImages.Write(_gallery.Images, "d.png", seed: 4);
        string[] add = ["index", "add", _gallery.Index, "--images", _gallery.Images, "--model", _gallery.Model, "--device", "cpu"];
        string errors = await TinyGallery.Fails(1, [.. add, "--bands", "1,2,3"]);
        Assert.Contains("with the model's own range and bands 3,2,1 and no data 0", errors, StringComparison.Ordinal);
        Assert.Contains("with the model's own range and bands 1,2,3 and no data 0", errors, StringComparison.Ordinal);
        await TinyGallery.Fails(1, [.. add, "--nodata", "nan"]);
        Assert.Equal(1, (int)(await _gallery.Add())["added"]!);
    }
}
