using System.Text.Json;
using System.Text.Json.Nodes;
using Swan.MLNet.Datasets;

namespace Swan.Cli.Tests.Commands;

/// <summary><c>swan evaluate</c> with the included model, on every layout that <c>swan train</c> reads.</summary>
public sealed class EvaluateCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public EvaluateCommandTests() => _data = TinyData.Write(_folder.File("data"), train: 3, validation: 6);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_layout_gives_the_same_metrics()
    {
        IReadOnlyList<CaptionedImage> images = CaptionedImageSet.Read(Path.Combine(_data, "val.jsonl")).Images;
        string json = Path.Combine(_data, "dataset_tiny.json"), captions = Path.Combine(_data, "val_caps.txt");
        await File.WriteAllTextAsync(json, JsonSerializer.Serialize(new
        {
            images = images.Select(i => new { filename = i.FileName, split = "val", sentences = i.Captions.Select(c => new { raw = c }) }),
        }), TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(captions, images.SelectMany(i => i.Captions), TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(Path.Combine(_data, "val_filename.txt"), images.SelectMany(i => i.Captions.Select(_ => i.FileName)),
            TestContext.Current.CancellationToken);

        string expected = await MetricsOf(_data);

        Assert.Equal(expected, await MetricsOf(Path.Combine(_data, "val.jsonl")));
        Assert.Equal(expected, await MetricsOf(json));
        Assert.Equal(expected, await MetricsOf(captions));
    }

    [Fact]
    public async Task Missing_images_are_left_out_and_counted_if_so_asked()
    {
        File.Delete(CaptionedImageSet.Read(_data).Images[0].ImagePath);
        (int code, _, string errors) = await SwanProcess.Run("evaluate", "--data", _data);
        Assert.Equal(1, code);
        Assert.Contains("1 problem:", errors, StringComparison.Ordinal);

        (code, string output, errors) = await SwanProcess.Run("evaluate", "--data", _data, "--json", "--skip-missing");

        Assert.True(code == 0, errors);
        JsonNode metrics = JsonNode.Parse(output)!;
        Assert.Equal((5, 1), (metrics["images"]!.GetValue<int>(), metrics["missingImages"]!.GetValue<int>()));
        Assert.Contains("swan: 1 image of val.jsonl is not there and left out. 5 images remain.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_images_that_cannot_be_read_are_named_without_options_that_it_lacks()
    {
        string[] broken = [.. CaptionedImageSet.Read(_data).Images.Take(2).Select(i => i.ImagePath)];
        foreach (string path in broken) await File.WriteAllTextAsync(path, "no image", TestContext.Current.CancellationToken);
        (int code, _, string errors) = await SwanProcess.Run("evaluate", "--data", _data);
        Assert.Equal(1, code);
        Assert.Contains("2 problems:", errors, StringComparison.Ordinal);
        Assert.All(broken, path => Assert.Contains(Path.GetFileName(path), errors, StringComparison.Ordinal));
        Assert.DoesNotContain("OnError", errors, StringComparison.Ordinal);
    }

    private static async Task<string> MetricsOf(string data)
    {
        (int code, string output, string errors) = await SwanProcess.Run("evaluate", "--data", data, "--json");
        Assert.True(code == 0, errors);
        return JsonNode.Parse(output)!["t2i"]!.ToJsonString();
    }
}
