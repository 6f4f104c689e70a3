using System.Text.Json.Nodes;

namespace Swan.Cli.Tests.Commands;

public sealed class BenchCommandTests : IDisposable
{
    private static readonly string[] s_little =
        ["bench", "--count", "3", "--captions", "4", "--gallery", "50", "--turns", "2", "--device", "cpu"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_kind_of_work_is_measured_in_every_turn()
    {
        JsonNode report = await Measured();
        Assert.False(string.IsNullOrWhiteSpace(report["processor"]!.GetValue<string>()));
        Assert.Equal(Environment.ProcessorCount, report["processors"]!.GetValue<int>());
        Assert.Equal("3 drawn JPEGs of 224×224", report["input"]!.GetValue<string>());
        JsonArray figures = Assert.Single(report["models"]!.AsArray())!["figures"]!.AsArray();
        Assert.Equal(
            ["images", "decoding", "encoder", "captions", "repeatedCaptions", "open"], figures.Select(f => f!["key"]!.GetValue<string>()));
        Assert.Equal(["query", "queries"], report["search"]!.AsArray().Select(f => f!["key"]!.GetValue<string>()));
        Assert.All(figures.Concat(report["search"]!.AsArray()), figure =>
        {
            Assert.Equal(2, figure!["wallSeconds"]!.AsArray().Count);
            Assert.All(figure["wallSeconds"]!.AsArray(), seconds => Assert.True(seconds!.GetValue<double>() > 0));
            Assert.Equal(2, figure["processorSeconds"]!.AsArray().Count);
        });
    }

    [Fact]
    public async Task An_earlier_run_is_compared_and_other_inputs_are_said()
    {
        JsonNode before = await Measured();
        before["input"] = "other images";
        (before["gallery"], before["versions"]!["onnxRuntime"]) = (7, "0.1");
        JsonNode model = before["models"]![0]!;
        foreach (string field in (string[])["fingerprint", "compute", "decode", "device"]) model[field] = $"other {field}";
        (model["imageSize"], model["embeddingSize"]) = (8, 9);
        JsonArray figures = model["figures"]!.AsArray();
        figures[0]!["wallMilliseconds"] = 1e9;
        figures[3]!["count"] = 11;
        figures.RemoveAt(1);
        string earlier = _folder.File("before.json");
        await File.WriteAllTextAsync(earlier, before.ToJsonString());

        (int code, string output, string errors) = await SwanProcess.Run([.. s_little, "--compare", earlier]);
        Assert.True(code == 0, errors);
        string changes = output[output.IndexOf("Against '", StringComparison.Ordinal)..];
        string[] others =
        [
            "ONNX Runtime, then 0.1,", "set of images, then other images, now 3 drawn JPEGs", "gallery, then 7, now 50:",
            "arithmetic, then other compute, now int8:", "image size, then 8,", "decoding, then other decode, now scaled:",
            "embedding size, then 9,", "device, then other device,", "count of captions, then 11, now 4:",
        ];
        Assert.All(others, other => Assert.Contains($"  Different {other}", changes, StringComparison.Ordinal));
        Assert.Matches(@"Different model, then (.+) other fingerprint, now \1 [0-9a-f]{64}:", changes);
        Assert.Equal(others.Length + 1, changes.Split("Different ").Length - 1);
        Assert.Matches(@"(?m)^  images, from files to embeddings +1000000000\.00 +\S+ +0\.00 ", changes);
        // What the earlier run doesn't have is not compared.
        Assert.DoesNotContain("decoding and resizing", changes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_models_take_turns_and_their_ratio_is_shown()
    {
        string model = _folder.File("model.swan");
        Swan.MLNet.ModelFiles.SwanModelFile.Default.Save(model);
        (int code, string output, string errors) = await SwanProcess.Run([.. s_little, "--model", model, "--against", model]);
        Assert.True(code == 0, errors);
        Assert.Matches(@"ratio of speeds in the same turns:\n  images, from files to embeddings +\d+\.\d\d\n", output);
        Assert.Equal(["swan: ready", "swan: turn 1 of 2", "swan: turn 2 of 2"], errors.Trim().Split('\n'));
    }

    [Fact]
    public async Task Images_that_can_not_be_read_are_left_out_and_counted()
    {
        File.WriteAllBytes(_folder.File("bad.jpg"), [1, 2, 3]);
        (int code, string output, string errors) = await SwanProcess.Run([.. s_little, "--images", _folder.FullName]);
        Assert.Equal(1, code);
        Assert.Equal("", output);
        Assert.Contains($"None of the 1 image taken from '{_folder.FullName}' can be read", errors, StringComparison.Ordinal);

        File.WriteAllBytes(_folder.File("good.png"), EncodedImages.Png(20, 20));
        (code, output, errors) = await SwanProcess.Run([.. s_little, "--images", _folder.FullName, "--json"]);
        Assert.True(code == 0, errors);
        Assert.Contains("swan: 1 image can't be read and is left out", errors, StringComparison.Ordinal);
        Assert.StartsWith("1 image of '", JsonNode.Parse(output)!["input"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"models":[],"search":[]}""")]
    [InlineData("""{"processor":1,"models":[{"figures":[]}],"search":[]}""")]
    public async Task A_file_that_is_no_earlier_run_is_refused_at_once(string text)
    {
        string earlier = _folder.File("before.json");
        await File.WriteAllTextAsync(earlier, text);
        (int code, string output, string errors) = await SwanProcess.Run([.. s_little, "--compare", earlier]);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains($"'{earlier}' is not what 'swan bench --json' prints", errors, StringComparison.Ordinal);
    }

    private static async Task<JsonNode> Measured()
    {
        (int code, string output, string errors) = await SwanProcess.Run([.. s_little, "--json"]);
        Assert.True(code == 0, errors);
        return JsonNode.Parse(output)!;
    }
}
