using System.Text.Json.Nodes;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.Training;
using Swan.Training.Export;

namespace Swan.Cli.Tests.Commands;

/// <summary>What commands say and refuse when a model is measured on images that it has learned from, whatever these are called.</summary>
public sealed class LearnedImagesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data, _images, _run, _model;

    public LearnedImagesTests()
    {
        _data = TinyData.Write(_folder.File("data"));
        (_images, _run, _model) = (Path.Combine(_data, "images"), _folder.File("run"), _folder.File("tiny.swan"));
        foreach ((int seed, string image) in Directory.EnumerateFiles(_images).Order(StringComparer.Ordinal).Index())
            Sketches.Write(image, seed);
        SwanTrainerOptions options = TinyRun.Options with { Epochs = 1 };
        SwanExporter.Export(
            new SwanTrainer(options).Train(Set("train"), Set("val"), _run, cancellationToken: TestContext.Current.CancellationToken).Run,
            _model);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("renamed", 12, 0)]
    [InlineData("jpeg 40", 0, 12)]
    [InlineData("half size", 0, 12)]
    public async Task Evaluating_on_copies_of_the_training_images_is_warned_of(string kind, int identical, int lookAlike)
    {
        (string data, string images) = Copies("train", kind);

        (int code, string output, string errors) = await SwanProcess.Run("evaluate", "--model", _model, "--data", data, "--images", images);
        Assert.True(code == 0, errors);
        Assert.Contains(
            $"Warning: this model has learned from 12 of these 12 images ({identical} byte for byte, {lookAlike} look the same)", output,
            StringComparison.Ordinal);

        (code, output, errors) = await SwanProcess.Run("evaluate", "--model", _model, "--data", data, "--images", images, "--json");
        Assert.True(code == 0, errors);
        JsonNode learned = JsonNode.Parse(output)!["learnedImages"]!;
        Assert.Equal((12, identical, lookAlike, true), ((int)learned["images"]!, (int)learned["identical"]!, (int)learned["lookAlike"]!,
            (bool)learned["isComplete"]!));
        Assert.Contains("Warning: this model has learned from 12", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Held_back_images_count_zero_and_an_earlier_model_says_unknown()
    {
        (int code, string output, string errors) = await Evaluate(_model, "--json");
        Assert.True(code == 0, errors);
        Assert.Equal(0, (int)JsonNode.Parse(output)!["learnedImages"]!["identical"]!);
        Assert.Contains("This model has learned from 0 of these 6 images", errors, StringComparison.Ordinal);

        string earlier = _folder.File("earlier.swan");
        SwanModelFile.Read(_model).WithLearnedImages(null).Save(earlier);
        (code, output, errors) = await Evaluate(earlier, "--json");
        Assert.True(code == 0, errors);
        Assert.Null(JsonNode.Parse(output)!["learnedImages"]!["identical"]);
        Assert.Contains("It is unknown which images this model has learned from", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("same")]
    [InlineData("renamed")]
    [InlineData("jpeg 40")]
    [InlineData("half size")]
    public async Task A_bank_of_most_measured_images_is_counted_by_evaluate_and_refused_by_card(string kind)
    {
        (string data, string images) = Copies("val", kind);
        File.WriteAllLines(data + "l", File.ReadLines(data).Skip(1)); // five of six: another set by its lines
        string normalized = _folder.File("normalized.swan");
        (int code, string output, string errors) = await SwanProcess.Run(
            "normalize", "--model", _model, "--data", data + "l", "--images", images, "--out", normalized, "--json");
        Assert.True(code == 0, errors);
        Assert.Equal(0, (int)JsonNode.Parse(output)!["learnedImages"]!["identical"]!);
        Assert.Contains("This model has learned from 0 of these 5 images", errors, StringComparison.Ordinal);

        (code, output, errors) = await Evaluate(normalized);
        Assert.True(code == 0, errors);
        Assert.Contains("Warning: this model has learned from 5 of these 6 images", output, StringComparison.Ordinal);

        (code, _, errors) = await Card(normalized, Path.Combine(_data, "val.jsonl"), _images);
        Assert.Equal(1, code);
        Assert.Contains($"'{normalized}' knows 5 of the 6 images of 'val.jsonl'", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("card.md")));
    }

    [Theory]
    [InlineData("renamed", "12 byte for byte, 0 look the same")]
    [InlineData("jpeg 40", "0 byte for byte, 12 look the same")]
    public async Task A_card_on_training_images_under_other_lines_says_so(string kind, string counts)
    {
        (string data, string images) = Copies("train", kind, captions: 2);

        (int code, string output, string errors) = await Card(_model, data, images);

        Assert.True(code == 0, errors);
        Assert.Contains($"Warning: this model has learned from 12 of these 12 images ({counts})", output, StringComparison.Ordinal);
        string card = File.ReadAllText(_folder.File("card.md"));
        Assert.Contains(": the model was trained on it, so these figures say nothing about other images.\n", card,
            StringComparison.Ordinal);
        Assert.DoesNotContain("not a set of the run", card, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_counts_what_was_trained_on_and_what_the_epoch_was_chosen_on()
    {
        string mixed = _folder.File("mixed.jsonl"), fresh = _folder.File("fresh.jsonl");
        File.WriteAllLines(mixed, [.. Lines("train").Take(2), .. Lines("val").Take(3)]);
        Sketches.Write(Path.Combine(_images, "new.png"), seed: 500);
        File.WriteAllText(fresh, """{"image": "new.png", "scene": "river", "captions": ["a new river"]}""");

        (int code, _, string errors) = await Card(_model, mixed, _images, "--also", fresh);

        Assert.True(code == 0, errors);
        string card = File.ReadAllText(_folder.File("card.md"));
        Assert.Contains("- `mixed.jsonl`: the model was trained on 2 of its 5 images (2 byte for byte, 0 look the same), so these figures "
            + "are too high; the best epoch was chosen on 3 of its 5 images (3 byte for byte, 0 look the same).", card,
            StringComparison.Ordinal);
        Assert.Contains("- `fresh.jsonl`: not a set of the run; the model was trained on none of its images; 0 of its 1 images are also in "
            + "`mixed.jsonl`.",
            card, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_of_an_earlier_run_claims_nothing_about_images_that_it_cannot_know()
    {
        foreach (string file in Directory.EnumerateFiles(_run, "*.bin")) File.Delete(file);
        SwanModelFile.Read(_model).WithLearnedImages(null).Save(_model);
        (string data, string images) = Copies("train", "renamed", captions: 2);
        (int code, _, string errors) = await Card(_model, Path.Combine(_data, "val.jsonl"), _images);
        Assert.True(code == 0, errors);
        Assert.Contains(
            "- `val.jsonl`: the best epoch was chosen on it", File.ReadAllText(_folder.File("card.md")), StringComparison.Ordinal);

        (code, _, errors) = await Card(_model, data, images);

        Assert.True(code == 0, errors);
        Assert.Contains("not a set of the run by its lines; the model file does not list its training images, so some of these may be "
            + "among them", File.ReadAllText(_folder.File("card.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Training_on_the_validation_images_under_other_names_is_refused()
    {
        (string data, string images) = Copies("train", "jpeg 40");
        string folder = Directory.CreateDirectory(_folder.File("leak")).FullName;
        Directory.Move(images, Path.Combine(folder, "images"));
        foreach (string image in Directory.EnumerateFiles(_images))
            File.Copy(image, Path.Combine(folder, "images", Path.GetFileName(image)));
        File.Copy(Path.Combine(_data, "train.jsonl"), Path.Combine(folder, "train.jsonl"));
        File.Copy(data, Path.Combine(folder, "val.jsonl"));

        (int code, _, string errors) = await SwanProcess.Run(
            "train", "--data", folder, "--out", _folder.File("refused"), "--config", Path.Combine(_run, "config.json"));

        Assert.Equal(1, code);
        Assert.Contains("12 of the 12 validation images are also training images (0 byte for byte, 12 look the same)", errors,
            StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder.File("refused")));
    }

    private CaptionedImageSet Set(string name) => JsonLinesReader.Read(Path.Combine(_data, name + ".jsonl"), _images);

    private IEnumerable<string> Lines(string name) => File.ReadLines(Path.Combine(_data, name + ".jsonl"));

    private Task<(int Code, string Output, string Errors)> Evaluate(string model, params string[] more) => SwanProcess.Run(
        ["evaluate", "--model", model, "--data", Path.Combine(_data, "val.jsonl"), "--images", _images, .. more]);

    private Task<(int Code, string Output, string Errors)> Card(string model, string data, string images, params string[] more) =>
        SwanProcess.Run(
            ["card", "--model", model, "--run", _run, "--data", data, "--images", images, "--out", _folder.File("card.md"), .. more]);

    private (string Data, string Images) Copies(string set, string kind, int captions = 3)
    {
        string data = _folder.File("copies.jsonl"), images = Directory.CreateDirectory(_folder.File("copies")).FullName;
        File.WriteAllLines(data, Set(set).Images.Select((image, i) =>
        {
            string name = kind switch { "same" => image.FileName, "jpeg 40" => $"copy-{i}.jpg", _ => $"copy-{i}.png" };
            string copy = Path.Combine(images, name);
            if (kind == "jpeg 40") SavedAgain.AsJpeg(image.ImagePath, copy);
            else if (kind == "half size") SavedAgain.AtHalfSize(image.ImagePath, copy);
            else File.Copy(image.ImagePath, copy);
            return new JsonObject
            {
                ["image"] = name, ["scene"] = image.Scene,
                ["captions"] = new JsonArray([.. image.Captions.Take(captions).Select(c => JsonValue.Create(c))]),
            }.ToJsonString();
        }));
        return (data, images);
    }
}
