using System.Text.Json.Nodes;
using Swan.MLNet.Imaging;

namespace Swan.Cli.Tests.Commands;

/// <summary><c>swan inspect</c> in a process of its own.</summary>
public sealed class InspectCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _scene;

    public InspectCommandTests()
    {
        _scene = _folder.File("scene.tif");
        File.WriteAllBytes(_scene, new WrittenTiff(64, 48, 5, 16, (x, y, band) => x < 8 ? 0 : 200 + 20 * x + 10 * y + 100 * band)
        {
            Photometric = 1,
            NoData = "0",
            Colors = new Dictionary<int, string> { [0] = "Blue", [1] = "Green", [2] = "Red" },
        }.Write());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_taken_and_why_is_printed()
    {
        (int code, string output, string errors) = await SwanProcess.Run("inspect", _scene);

        Assert.True(code == 0, errors);
        Assert.Matches(@"format +TIFF, 64×48 pixels, 16-bit UInt16\n", output);
        Assert.Matches(@"bands +3, 2, 1 of 5 \(marked by the file\)\n", output);
        Assert.Matches(@"range +\d+ is black, \d+ is white \(percentile [\d.]+ [\d.]+, the model's rule\)\n", output);
        Assert.Matches(@"no data +0\n", output);
        Assert.Matches(@"valid +87\.5 % of the samples\n", output);
    }

    [Fact]
    public async Task Json_has_the_same_and_the_preview_is_what_the_model_sees()
    {
        string preview = _folder.File("preview.png");
        (int code, string output, string errors) = await SwanProcess.Run(
            "inspect", _scene, "--range", "values 0 2000.5", "--bands", "5,4,3", "--json", "--out", preview);

        Assert.True(code == 0, errors);
        JsonNode json = JsonNode.Parse(output)!;
        Assert.Equal(("caller", 0.0, 2000.5), ((string?)json["rangeFrom"], (double?)json["low"], (double?)json["high"]));
        Assert.Equal("[5,4,3]", json["bandsTaken"]!.ToJsonString());
        Assert.Equal((0.875, "0", "UInt16"), ((double?)json["validShare"], (string?)json["noData"], (string?)json["sampleType"]));
        RgbImage seen = ImageDecoder.Decode(preview);
        Assert.Equal(((int)json["modelSize"]!, (int)json["modelSize"]!), (seen.Width, seen.Height));
        Assert.Equal([0, 0, 0], seen.Pixels[..3]);
    }

    [Fact]
    public async Task An_image_that_cannot_be_used_ends_with_its_reason()
    {
        (int code, _, string errors) = await SwanProcess.Run("inspect", _scene, "--min-valid", "0.9");

        Assert.Equal(1, code);
        Assert.Contains("only 87.5 % of its samples have data; at least 90 % is expected", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_takes_the_range()
    {
        (int code, string output, string errors) = await SwanProcess.Run(
            "search", "--images", _folder.FullName, "--range", "values 0 3000", "--json", "green fields");

        Assert.True(code == 0, errors);
        Assert.Single(JsonNode.Parse(output)!["hits"]!.AsArray());
    }
}
