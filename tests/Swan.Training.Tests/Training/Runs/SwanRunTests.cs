using System.Text.Json.Nodes;
using SkiaSharp;
using Swan.MLNet;
using Swan.MLNet.Datasets;

namespace Swan.Training.Tests.Training;

public sealed class SwanRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly (CaptionedImageSet Train, CaptionedImageSet Validation) _data;

    public SwanRunTests() => _data = TinyData.Open(_folder.File("data"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_leaves_configuration_versions_data_words_metrics_and_curves()
    {
        TrainingResult result = TinyRun.Train(TinyRun.Options with { Epochs = 2, Loss = LossKind.InfoNce }, _data, _folder.File("run"));
        string folder = result.Run.Folder;

        JsonObject config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!.AsObject();
        Assert.Equal(2, config["epochs"]!.GetValue<int>());
        // resolved, not the default
        Assert.Equal(result.Run.Tokenizer.VocabularySize, config["network"]!["vocabularyRows"]!.GetValue<int>());

        JsonObject versions = Assert.Single(JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "versions.json")))!.AsArray())!.AsObject();
        Assert.All((string[])["swan", "torchSharp", "libtorch", "mlNet", "dotnet", "system", "processors", "device"],
            key => Assert.False(string.IsNullOrEmpty((string?)versions[key])));
        Assert.Equal("cpu, as requested", (string?)versions["device"]);

        JsonNode data = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "data.json")))!;
        Assert.Equal((12, 18), (data["train"]!["images"]!.GetValue<int>(), data["validation"]!["captions"]!.GetValue<int>()));

        JsonObject[] metrics = [.. File.ReadAllLines(Path.Combine(folder, "metrics.jsonl")).Select(l => JsonNode.Parse(l)!.AsObject())];
        Assert.Equal(2, metrics.Length);
        Assert.Equal([3, 6], metrics.Select(m => m["step"]!.GetValue<int>()));
        foreach (JsonObject epoch in metrics)
        {
            Assert.InRange(epoch["loss"]!.GetValue<double>(), 0.1, 10);
            Assert.InRange(epoch["gradientNorm"]!.GetValue<double>(), 1e-6, 1e6);
            Assert.InRange(epoch["temperature"]!.GetValue<double>(), 0.06, 0.08);
            Assert.InRange(epoch["imagesPerSecond"]!.GetValue<double>(), 1e-3, 1e6);
            Assert.Equal(1e-3, epoch["learningRate"]!.GetValue<double>());
            JsonNode validation = epoch["validation"]!;
            double[] recalls = [.. ((string[])["imageToText", "textToImage"])
                .SelectMany(d => ((string[])["recallAt1", "recallAt5", "recallAt10"]).Select(k => validation[d]![k]!.GetValue<double>()))];
            Assert.Equal(recalls.Average(), validation["meanRecall"]!.GetValue<double>(), tolerance: 1e-9);
            Assert.InRange(validation["sceneRecall"]!["imageToTextAt1"]!.GetValue<double>(), 0, 1);
        }

        using SKBitmap curves = SKBitmap.Decode(Path.Combine(folder, "curves.png"));
        Assert.Equal((1000, 560), (curves.Width, curves.Height));
        Assert.Contains(new SKColor(70, 130, 180), curves.Pixels); // the loss's steel blue
        Assert.Contains(new SKColor(255, 69, 0), curves.Pixels);   // mR's orange red
    }

    [Fact]
    public void The_reference_variant_keeps_the_published_word_table()
    {
        TrainingResult result = TinyRun.TrainSteps(1,
            TinyRun.Options with { Network = TinyRun.Options.Network with { Variant = MLNet.ModelFiles.SwanVariant.Reference } }, _data,
            _folder.File("run"));
        Assert.Equal(8590, result.Run.Options.Network.VocabularyRows);
    }

    [Fact]
    public void A_given_vocabulary_is_used()
    {
        File.WriteAllText(_folder.File("vocabulary.json"),
            """{"word2idx":{"forest":1,"river":2,"<unk>":3},"idx2word":{"1":"forest","2":"river","3":"<unk>"},"idx":3}""");
        TrainingResult result = TinyRun.TrainSteps(
            1, TinyRun.Options with { Vocabulary = _folder.File("vocabulary.json") }, _data, _folder.File("run"));
        Assert.Equal(4, result.Run.Options.Network.VocabularyRows);
        Assert.Equal([3, 1], SwanRun.Open(result.Run.Folder).Tokenizer.Tokenize("a forest").Ids);
    }

    [Fact]
    public void What_a_run_learned_from_is_found_again_without_what_it_held_back_and_other_data_are_refused()
    {
        string folder = _folder.File("unsplit"), other = _folder.File("other");
        (CaptionedImageSet all, _) = CaptionedImageSet.Open(TinyData.Write(folder, train: 15, validation: 0));
        using var stop = new CancellationTokenSource();
        SwanRun run = new SwanTrainer(TinyRun.Options).Train(
            all, null, _folder.File("run"), progress: new TinyRun.Callback(p => { if (p.Phase == TrainingPhase.Training)
                stop.Cancel(); }), cancellationToken: stop.Token).Run;

        CaptionedImageSet learned = run.OpenTrainingSet(folder);

        Assert.Equal(12, learned.Images.Count);
        Assert.Equal(36, learned.Captions.Count);
        var e = Assert.Throws<SwanMismatchException>(() => run.OpenTrainingSet(TinyData.Write(other, train: 16, validation: 0)));
        Assert.Contains("has other data than the run learned from", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_no_run_or_is_damaged_is_refused_with_a_reason()
    {
        Assert.Contains("is not the folder of a training run",
            Assert.Throws<SwanFormatException>(() => SwanRun.Open(_folder.FullName)).Message, StringComparison.Ordinal);

        TrainingResult result = TinyRun.TrainSteps(1, TinyRun.Options, _data, _folder.File("run"));
        string best = result.Run.BestWeights;
        File.Delete(best);
        Assert.Contains("has no best.safetensors",
            Assert.Throws<SwanTrainingException>(() => SwanRun.Open(result.Run.Folder).LoadBest()).Message, StringComparison.Ordinal);

        TinyRun.TrainSteps(
            1, TinyRun.Options with { Network = TinyRun.Options.Network with { EmbeddingSize = 32 } }, _data, _folder.File("wider"));
        File.Copy(Path.Combine(_folder.File("wider"), "best.safetensors"), best);
        Assert.Contains("is missing or has another shape",
            Assert.Throws<SwanFormatException>(() => SwanRun.Open(result.Run.Folder).LoadBest()).Message, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(result.Run.Folder, "config.json"), """{ "network": { "backbone": "resnet34" } }""");
        var e = Assert.Throws<SwanFormatException>(() => SwanRun.Open(result.Run.Folder));
        Assert.Contains("config.json' describes a network that this version can't build: Backbone is 'resnet34'; expected one of resnet50",
            e.Message, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(result.Run.Folder, "config.json"), """{ "epochz": 1 }""");
        Assert.Contains(
            "epochz", Assert.Throws<SwanFormatException>(() => SwanRun.Open(result.Run.Folder)).Message, StringComparison.Ordinal);
    }
}
