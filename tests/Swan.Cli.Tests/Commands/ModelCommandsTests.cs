using System.Text.Json.Nodes;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.Training;

namespace Swan.Cli.Tests.Commands;

/// <summary>
/// <c>swan export</c>, <c>normalize</c>, <c>evaluate</c> and <c>search</c> after a tiny run, each in a process of its own.
/// </summary>
public sealed class ModelCommandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_is_exported_evaluates_as_its_trainer_did_and_finds_images()
    {
        string data = TinyData.Write(_folder.File("data")), run = _folder.File("run"), model = _folder.File("tiny.swan");
        string images = Path.Combine(data, "images"), validation = Path.Combine(data, "val.jsonl");
        TrainingResult trained = new SwanTrainer(TinyRun.Options).Train(
            Swan.MLNet.Datasets.JsonLinesReader.Read(Path.Combine(data, "train.jsonl"), images),
            Swan.MLNet.Datasets.JsonLinesReader.Read(validation, images), run,
            cancellationToken: TestContext.Current.CancellationToken);

        (int code, string output, string errors) = await SwanProcess.Run("export", "--run", run, "--out", model);
        Assert.True(code == 0, errors);
        Assert.Contains("swan-small_convnet-canonical", output, StringComparison.Ordinal);

        string compact = _folder.File("compact.swan");
        (code, output, errors) = await SwanProcess.Run("export", "--run", run, "--out", compact, "--decode", "scaled", "--data", data,
            "--max-recall-loss", "100");
        Assert.True(code == 0, errors);
        Assert.Contains("mR", output, StringComparison.Ordinal);
        Assert.Matches(@"mR \S+ on the run's validation set \(6 images, 18 captions\), decoded in full\.", output);
        // The images are smaller than what the encoder takes.
        Assert.Matches(@"mR \S+ on val\.jsonl \(6 images, 18 captions\), decoded scaled \(no image in a smaller scale\)\.", output);
        Assert.Contains("swan: no image of val.jsonl is large enough to be decoded at a smaller scale", errors, StringComparison.Ordinal);
        (code, output, errors) = await SwanProcess.Run("export", "--run", run, "--out", compact, "--weights", "int8", "--decode", "scaled");
        Assert.True(code == 0, errors);
        Assert.Contains("Weights in int8", output, StringComparison.Ordinal);
        Assert.Equal(
            (ImageDecode.Full, ImageDecode.Scaled),
            (SwanModelFile.Read(model).Card.Image.Decode, SwanModelFile.Read(compact).Card.Image.Decode));
        Assert.InRange(new FileInfo(compact).Length, 1, new FileInfo(model).Length / 2);

        (code, output, errors) = await SwanProcess.Run("evaluate", "--model", model, "--data", validation, "--images", images, "--json");
        Assert.True(code == 0, errors);
        JsonNode metrics = JsonNode.Parse(output)!; // all of standard output
        Assert.Equal(6, metrics["images"]!.GetValue<int>());
        Assert.Equal(18, metrics["captions"]!.GetValue<int>());
        foreach (string key in (string[])["r1", "r5", "r10", "medianRank", "meanRank"])
            Assert.True(metrics["i2t"]![key]!.GetValue<double>() >= 0 && metrics["t2i"]![key]!.GetValue<double>() >= 0);
        foreach (string key in (string[])["i2t@1", "i2t@5", "i2t@10", "t2i@1", "t2i@5", "t2i@10"])
            Assert.InRange(metrics["sceneRecall"]![key]!.GetValue<double>(), 0, 1);
        // One rank of 24 may flip between TorchSharp and ONNX Runtime.
        Assert.Equal(trained.Best!.MeanRecall, metrics["meanRecall"]!.GetValue<double>(), tolerance: 100.0 / 24);
        Assert.Contains("mR ", errors, StringComparison.Ordinal);
        Assert.InRange(metrics["meanRecall"]!.GetValue<double>(), metrics["meanRecallInterval"]![0]!.GetValue<double>(),
            metrics["meanRecallInterval"]![1]!.GetValue<double>());

        string normalized = _folder.File("normalized.swan"), training = Path.Combine(data, "train.jsonl");
        (code, output, errors) = await SwanProcess.Run("normalize", "--model", compact, "--data", training, "--images", images, "--out",
            normalized, "--bank", "8", "--json");
        Assert.True(code == 0, errors);
        Assert.Contains("up to 8 of 12 images of train.jsonl", errors, StringComparison.Ordinal);
        JsonNode summary = JsonNode.Parse(output)!; // all of standard output
        Assert.Equal((normalized, 8), ((string?)summary["file"], summary["querybank"]!["images"]!.GetValue<int>()));
        (code, output, errors) = await SwanProcess.Run(
            "evaluate", "--model", normalized, "--data", validation, "--images", images, "--json");
        Assert.True(code == 0, errors);
        Assert.Contains("by scene name over 6 images with a scene", errors, StringComparison.Ordinal);
        Assert.InRange(JsonNode.Parse(output)!["zeroShot"]!["accuracy"]!.GetValue<double>(), 0, 1);
        string oddScenes = _folder.File("odd.jsonl");
        File.WriteAllLines(oddScenes, File.ReadLines(validation).Select((line, i) =>
        {
            JsonNode image = JsonNode.Parse(line)!;
            image["scene"] = i % 2 == 0 ? "Beach" : "beach";
            return image.ToJsonString();
        }));
        // no words tell these scenes apart
        (code, output, errors) = await SwanProcess.Run("evaluate", "--model", model, "--data", oddScenes, "--images", images);
        Assert.True(code == 0, errors);
        Assert.DoesNotContain("zero-shot", output, StringComparison.Ordinal);
        Assert.Contains("The scene names can't be used as classes: Classes has 'Beach' and 'beach'", output, StringComparison.Ordinal);
        // of these the model knows no word
        File.WriteAllText(oddScenes, File.ReadAllText(oddScenes).Replace("Beach", "zzz", StringComparison.Ordinal)
            .Replace("\"beach\"", "\"yyy\"", StringComparison.Ordinal));
        (code, output, errors) = await SwanProcess.Run("evaluate", "--model", model, "--data", oddScenes, "--images", images);
        Assert.True(code == 0, errors);
        Assert.DoesNotContain("zero-shot", output, StringComparison.Ordinal);
        Assert.Contains("The scene names can't be used as classes. 2 of 2 texts, text 0 ('", output, StringComparison.Ordinal);
        byte[] before = File.ReadAllBytes(compact);
        (code, _, errors) = await SwanProcess.Run(
            "normalize", "--model", normalized, "--data", training, "--images", images, "--out", compact);
        Assert.Equal(1, code);
        Assert.Contains("is already normalized", errors, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(compact));

        // A query that means every scene is right with every image.
        string queries = _folder.File("queries.jsonl");
        string[] scenes = [.. File.ReadLines(validation).Select(l => JsonNode.Parse(l)!["scene"]!.GetValue<string>()).Distinct()];
        File.WriteAllText(queries, new JsonObject
        {
            ["query"] = "a river",
            ["scenes"] = new JsonArray([.. scenes.Select(s => JsonValue.Create(s))]),
        }.ToJsonString() + "\n");
        (code, output, errors) = await SwanProcess.Run("evaluate", "--model", model, "--data", validation, "--images", images, "--json",
            "--queries", queries, "--rotations", "4");
        Assert.True(code == 0, errors);
        Assert.Equal(1, JsonNode.Parse(output)!["queries"]!["precisionAt10"]!.GetValue<double>(), tolerance: 1e-12);
        File.WriteAllText(queries, """
            {"query": "a river", "scenes": ["atlantis"]}
            {"query": 3}
            """);
        (code, _, errors) = await SwanProcess.Run(
            "evaluate", "--model", model, "--data", validation, "--images", images, "--queries", queries);
        Assert.Equal(1, code);
        Assert.Contains("atlantis", errors, StringComparison.Ordinal);
        Assert.Contains("queries.jsonl(2)", errors, StringComparison.Ordinal);
        File.WriteAllText(queries, new JsonObject { ["query"] = "?!", ["scenes"] = new JsonArray(scenes[0]) }.ToJsonString());
        (code, _, errors) = await SwanProcess.Run(
            "evaluate", "--model", model, "--data", validation, "--images", images, "--queries", queries);
        Assert.Equal(1, code);
        Assert.Contains("'?!' has no word", errors, StringComparison.Ordinal);

        File.WriteAllBytes(Path.Combine(images, "broken.jpg"), [0xFF, 0xD8, 1, 2, 3]);
        (code, output, errors) = await SwanProcess.Run("search", "--model", model, "--images", images, "--query", "a small beach", "--top",
            "3", "--json");
        Assert.True(code == 0, errors);
        JsonNode found = JsonNode.Parse(output)!;
        Assert.Equal(3, found["hits"]!.AsArray().Count);
        Assert.Equal(1, found["unreadable"]!.GetValue<int>());
        Assert.All(found["hits"]!.AsArray(), hit => Assert.True(File.Exists(hit!["image"]!.GetValue<string>())));
        Assert.Contains("broken.jpg", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("longer than", errors, StringComparison.Ordinal);

        (code, _, errors) = await SwanProcess.Run(
            "search", "--model", model, "--images", images, string.Join(' ', Enumerable.Repeat("a small beach", 40)));
        Assert.Equal(0, code);
        Assert.Contains("The query is longer than 64 tokens. The rest is ignored.", errors, StringComparison.Ordinal);

        (code, _, errors) = await SwanProcess.Run("search", "--model", model, "--images", images, "--query", "?!");
        Assert.Equal(1, code);
        Assert.Contains("has no word", errors, StringComparison.Ordinal);

        string bad = Directory.CreateDirectory(_folder.File("bad")).FullName;
        File.WriteAllBytes(Path.Combine(bad, "broken.jpg"), [0xFF, 0xD8, 1, 2, 3]);
        (code, output, errors) = await SwanProcess.Run("search", "--model", model, "--images", bad, "a small beach");
        Assert.Equal((3, ""), (code, output));
        Assert.Contains("None of 1 row", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_without_a_validation_set_has_no_recall_to_lose()
    {
        string data = TinyData.Write(_folder.File("data"), validation: 0), run = _folder.File("run"), model = _folder.File("x.swan");
        new SwanTrainer(TinyRun.Options with { Epochs = 1, TrainOnValidation = true }).Train(
            Swan.MLNet.Datasets.JsonLinesReader.Read(Path.Combine(data, "train.jsonl"), Path.Combine(data, "images")), null, run,
            cancellationToken: TestContext.Current.CancellationToken);
        string[] export = ["export", "--run", run, "--data", data, "--out", model];
        const string unknown = "--data is given, but the run has no validation set in '";

        await Refused(2, "--max-recall-loss is given, but the run has no", [.. export, "--weights", "int8", "--max-recall-loss", "0.1"]);
        await Refused(2, unknown, [.. export, "--weights", "float16"]);
        await Refused(2, unknown, [.. export, "--decode", "scaled"]);
        await Refused(2, "but the validation set (ValidationSet, --data) is missing or empty", [.. export, "--compute", "int8"]);
        Assert.False(File.Exists(model));
    }

    [Theory]
    [InlineData("is not the folder of a training run", "export", "--run", "/nowhere", "--out", "x.swan")]
    [InlineData("There are no images in", "search", "--model", "/nowhere/x.swan", "--images", ".", "river")]
    [InlineData("There is no folder", "search", "--images", "/nowhere", "river")]
    [InlineData("/nowhere.jsonl", "evaluate", "--model", "/nowhere/x.swan", "--data", "/nowhere.jsonl", "--images", ".")]
    [InlineData("/dev/null/out can't be used as the destination of a job", "embed", "--images", "/tmp", "--out", "/dev/null/out")]
    [InlineData("https://storage.googleapis.com", "embed", "--images", "gs://bucket/x", "--out", "/tmp/never-made")]
    public async Task A_missing_input_gets_a_reason_on_standard_error_and_1(string reason, params string[] arguments) =>
        await Refused(1, reason, arguments);

    [Theory]
    [InlineData("which is a folder; expected a file such as", "normalize", "--out", "x/")]
    [InlineData("'/dev/null' is a file; expected a folder", "normalize", "--out", "/dev/null/x.swan")]
    [InlineData("'/dev/null' is a file; expected a folder", "export", "--run", "/nowhere", "--out", "/dev/null/x/y.swan")]
    [InlineData("'/dev/null' is a file; expected a folder", "train", "--data", "/nowhere", "--out", "/dev/null")]
    [InlineData("which is a folder; expected a file such as", "export", "--run", "/nowhere", "--out", ".")]
    [InlineData("--bank is 1; expected 2 to 65536; --temperature is 0; expected 0.01 to 1", "normalize", "--out", "x.swan", "--bank", "1",
        "--temperature", "0")]
    [InlineData("--max-vocabulary is given without --data", "export", "--run", "/nowhere", "--out", "x.swan", "--max-vocabulary", "9000")]
    [InlineData("--compute int8 is given without --data", "export", "--run", "/nowhere", "--out", "x.swan", "--compute", "int8")]
    [InlineData("--data is given without --max-vocabulary, --compute int8 or --weights", "export", "--run", "/nowhere", "--out", "x.swan",
        "--data", "/nowhere")]
    [InlineData("--max-recall-loss is given without --data", "export", "--run", "/nowhere", "--out", "x.swan", "--max-recall-loss", "1")]
    [InlineData("--max-recall-loss is 101; expected 0 to 100", "export", "--run", "/nowhere", "--out", "x.swan", "--data", "/nowhere",
        "--weights", "int8", "--max-recall-loss", "101")]
    [InlineData("--pad-to is -1; expected 0 or more", "export", "--run", "/nowhere", "--out", "x.swan", "--pad-to", "-1")]
    [InlineData("--top is 0; expected 1 or more", "search", "--images", "/nowhere", "river", "--top", "0")]
    [InlineData("There is no query", "search", "--images", "/nowhere")]
    [InlineData("The query is given twice", "search", "--images", "/nowhere", "river", "--query", "lake")]
    [InlineData("'--tpo' is not an option", "search", "--images", "/nowhere", "--tpo")]
    [InlineData("'parked' is one argument too many", "search", "--images", "/nowhere", "planes", "parked")]
    [InlineData("'gpu' is not a device", "search", "--images", "/nowhere", "river", "--device", "gpu")]
    [InlineData("Must be one of", "evaluate", "--data", "/nowhere.jsonl", "--images", ".", "--rotations", "3")]
    public async Task A_wrong_command_line_gets_a_reason_on_standard_error_and_2(string reason, params string[] arguments)
    {
        string[] required = arguments[0] == "normalize" ? ["--model", "x.swan", "--data", "x.jsonl", "--images", "x"] : [];
        await Refused(2, reason, [.. arguments, .. required]);
    }

    private static async Task Refused(int expected, string reason, string[] arguments)
    {
        (int code, string output, string errors) = await SwanProcess.Run(arguments);
        Assert.Equal(expected, code);
        Assert.Equal("", output);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter", errors, StringComparison.Ordinal);
    }
}
