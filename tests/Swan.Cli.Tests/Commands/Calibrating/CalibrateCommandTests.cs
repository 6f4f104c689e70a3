using System.Text.Json;
using System.Text.Json.Nodes;
using SkiaSharp;
using Swan.MLNet.ModelFiles;

namespace Swan.Cli.Tests.Commands;

/// <summary><c>swan calibrate</c>, and <c>swan search</c> with what it writes, in processes of their own.</summary>
public sealed class CalibrateCommandTests : IDisposable
{
    private static readonly string[] Scenes = ["planes", "bridge", "harbor", "stadium"];
    private readonly TemporaryFolder _folder = new();
    private readonly string _model, _images;

    public CalibrateCommandTests()
    {
        (_model, _images) = (TinyModel.Write(_folder.FullName), _folder.File("images"));
        Directory.CreateDirectory(_images);
        Lines("val.jsonl", 0, 40);
        Lines("train.jsonl", 1000, 40);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_calibrated_model_searches_with_probabilities_and_says_nothing_found()
    {
        string calibrated = _folder.File("calibrated.swan"), diagram = _folder.File("diagram.png"), texts = _folder.File("texts.txt");
        File.WriteAllText(texts, "xqzzt blorp\n");
        (int code, string output, string errors) = await SwanProcess.Run("calibrate", "--model", _model, "--data",
            _folder.File("val.jsonl"), "--bank", _folder.File("train.jsonl"), "--out", calibrated, "--texts", texts, "--diagram", diagram,
            "--json");
        Assert.True(code == 0, errors);
        Assert.Contains("unknown which images this model has learned", errors, StringComparison.Ordinal);
        JsonNode json = JsonNode.Parse(output)!;
        Assert.Equal(["val.jsonl", "val.jsonl, bank without the scene", "texts.txt"],
            json["rows"]!.AsArray().Select(row => (string)row!["queries"]!));
        Assert.Equal(1, (double)json["rows"]![2]!["notKnown"]!);
        Assert.Null(json["rows"]![2]!["nothingWithRight"]);
        using (SKBitmap picture = SKBitmap.Decode(diagram)) Assert.Equal((640, 640), (picture.Width, picture.Height));
        Assert.Equal(SwanModelFile.Read(_model).Card.Identity, SwanModelFile.Read(calibrated).Card.Identity);

        (code, output, errors) = await Search(calibrated, "--min-probability", "0");
        Assert.True(code == 0, errors);
        Assert.Matches(@"^The 2 of 80 images .* \(any fits with \d+ %\):\n( *-?0\.\d{3} +\d+ %  .*\n){2}$", output);

        (code, output, errors) = await Search(calibrated, "--min-probability", "1");
        Assert.True(code == 0, errors);
        Assert.StartsWith("Nothing found for \"green planes\" in 80 images", output, StringComparison.Ordinal);

        (code, output, errors) = await Search(calibrated, "--min-probability", "1", "--json");
        Assert.True(code == 0, errors);
        json = JsonNode.Parse(output)!;
        Assert.True((bool)json["nothingFound"]!);
        Assert.Equal(("English", 2), ((string)json["queryKind"]!, json["hits"]!.AsArray().Count));
        Assert.InRange((double)json["hits"]![0]!["probability"]!, 0, (double)json["probabilityOfAny"]!);

        (code, output, errors) = await SwanProcess.Run("calibrate", "--model", _model, "--fitted-with", calibrated, "--bank",
            _folder.File("train.jsonl"), "--out", _folder.File("again.swan"));
        Assert.True(code == 0, errors);
        Assert.Equal(SwanModelFile.Read(calibrated).Calibration.ToArray(),
            SwanModelFile.Read(_folder.File("again.swan")).Calibration.ToArray());
    }

    [Fact]
    public async Task A_query_of_unknown_words_is_warned_of_on_standard_error()
    {
        SwanModelFile model = SwanModelFile.Read(_model);
        string calibrated = _folder.File("calibrated.swan");
        model.WithCalibration(TinyCalibration.Create(model).ToJson()).Save(calibrated);
        (int code, _, string errors) = await SwanProcess.Run(
            "search", "--images", _images, "--model", calibrated, "planes xqzzt blorp frumious");
        Assert.Equal(0, code);
        Assert.Contains("does not know most words of the query ('xqzzt', 'blorp', 'frumious')", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_for_a_model_without_a_calibration_is_refused()
    {
        (int code, _, string errors) = await Search(_model, "--min-probability", "0.5");
        Assert.Equal(2, code);
        Assert.Contains("has no calibration", errors, StringComparison.Ordinal);
        (code, string output, errors) = await Search(_model, "--min-probability", "0");
        Assert.True(code == 0, errors);
        Assert.DoesNotContain('%', output);
    }

    [Theory]
    [InlineData("Give either --data")]
    [InlineData("Give either --data", "--data", "val.jsonl", "--fitted-with", "tiny.swan")]
    [InlineData("fits nothing", "--fitted-with", "tiny.swan", "--diagram", "d.png")]
    [InlineData("--bank-images is 3", "--data", "val.jsonl", "--bank-images", "3")]
    public async Task Options_that_do_not_go_together_are_refused(string expected, params string[] options)
    {
        string[] full = [.. options.Select(o => o.Contains('.', StringComparison.Ordinal) ? _folder.File(o) : o)];
        (int code, _, string errors) = await SwanProcess.Run(
            ["calibrate", "--model", _model, "--bank", _folder.File("train.jsonl"), "--out", _folder.File("o.swan"), .. full]);
        Assert.NotEqual(0, code);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
    }

    private Task<(int, string, string)> Search(string model, params string[] options) =>
        SwanProcess.Run(["search", "--images", _images, "--model", model, "--top", "2", "green planes", .. options]);

    private void Lines(string name, int first, int count) => File.WriteAllLines(
        _folder.File(name), Enumerable.Range(first, count).Select(i =>
        {
            string scene = Scenes[i % Scenes.Length], image = $"{scene}_{i}.png";
            TinyData.WriteImage(Path.Combine(_images, image), i, new SKColor((byte)(60 * (i % Scenes.Length)), 90, 140));
            return JsonSerializer.Serialize(new { image, scene, captions = new[] { scene, $"green {scene}" } });
        }));
}
