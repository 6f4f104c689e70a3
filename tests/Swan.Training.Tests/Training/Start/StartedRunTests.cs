using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.Training.Export;
using Swan.Training.Network;
using Swan.Training.Reports;

namespace Swan.Training.Tests.Training.Start;

/// <summary>Runs that start from a finished model or run.</summary>
public sealed class StartedRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly (CaptionedImageSet Train, CaptionedImageSet Validation) _data, _own;
    private readonly string _run, _model;

    public StartedRunTests()
    {
        _data = TinyData.Open(_folder.File("data"), train: 18);
        foreach ((int seed, CaptionedImage image) in _data.Train.Images.Concat(_data.Validation.Images).Index())
            Sketches.Write(image.ImagePath, seed);
        _own = (_data.Train.Select(Enumerable.Range(12, 6), "own"), _data.Validation);
        (_run, _model) = (_folder.File("first"), _folder.File("first.swan"));
        CaptionedImageSet known = _data.Train.Select(Enumerable.Range(0, 12), "known");
        SwanExporter.Export(TinyRun.Train(TinyRun.Options with { Epochs = 1 }, (known, _data.Validation), _run).Run, _model);
    }

    public void Dispose() => _folder.Dispose();

    // Too little to change a weight, and nothing of the shape.
    private static SwanTrainerOptions Standing(string init) => TinyRun.Options with
    {
        Network = new(), Init = init, BatchNormMode = BatchNormMode.Eval, LearningRate = 1e-20, Epochs = 1,
    };

    [Theory]
    [InlineData(false), InlineData(true)]
    public void A_run_that_learns_nothing_embeds_as_what_it_started_from(bool fromRun)
    {
        SwanRun run = TinyRun.Train(Standing(fromRun ? _run : _model), _own, _folder.File("run")).Run;

        Assert.Equal(16, run.Options.Network.EmbeddingSize);
        Assert.Equal(SwanRun.Open(_run).Options.Network, run.Options.Network);
        string exported = _folder.File("second.swan");
        SwanExporter.Export(run, exported);
        using SwanModel first = SwanModel.Open(_model), second = SwanModel.Open(exported);
        foreach (CaptionedImage image in _own.Train.Images)
        {
            Same(first.EmbedImage(image.ImagePath), second.EmbedImage(image.ImagePath));
            Same(first.EmbedCaption(image.Captions[0]), second.EmbedCaption(image.Captions[0]));
        }

        static void Same(float[] expected, float[] found) =>
            Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-5f));
    }

    [Fact]
    public void A_run_goes_on_learning_and_its_model_says_where_it_started()
    {
        SwanRun run = TinyRun.Train(Standing(_model) with { LearningRate = 1e-3 }, _own, _folder.File("run")).Run;
        string exported = _folder.File("second.swan");
        ModelCard card = SwanExporter.Export(run, exported);

        Assert.Matches(@"^first\.swan \([0-9a-f]{8}\)$", card.Training["init"]);
        Assert.Equal(_model, run.Options.Init);
        RunData data = RunData.Read(run);
        Assert.Equal("first.swan", data.Pretrained!["init"].Name);
        Assert.Equal(64, data.Pretrained["init"].Sha256.Length);
        Assert.NotEqual(
            File.ReadAllBytes(Path.Combine(_run, "best.safetensors")), File.ReadAllBytes(Path.Combine(run.Folder, "best.safetensors")));
        Assert.Equal("swan train --data DIR --out RUN --config recipe.json --init first.swan", TrainingRecipe.Command(run.Options));
        Assert.DoesNotContain("init", TrainingRecipe.Json(run.Options), StringComparison.Ordinal);
        Assert.Contains($"Training started from the model `{card.Training["init"]}`", TrainingSection.Data(new()
        {
            ModelFile = "second.swan", Bytes = 1, Model = card, Parameters = null!, Options = run.Options, Epochs = run.ReadMetrics(),
            Data = data, Starts = run.ReadVersions(), Sets = [], Speed = null!, Device = "cpu", Notes = CardNotes.None,
        }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void What_the_first_model_has_learned_counts_as_learned_by_the_second(bool fromRun)
    {
        SwanRun run = TinyRun.Train(Standing(fromRun ? _run : _model), _own, _folder.File("run")).Run;
        string exported = _folder.File("second.swan");
        SwanExporter.Export(run, exported);

        ImageIdentitySet learned = SwanModelFile.Read(exported).LearnedImages!;
        Assert.Equal((18, true), (learned.Count, learned.IsComplete));
        Assert.Equal(18, learned.IntersectWith(_data.Train.Images.Select(i => ImageIdentity.Read(i.ImagePath)),
            TestContext.Current.CancellationToken).Identical);
    }

    [Fact]
    public void A_model_that_has_learned_the_validation_images_is_no_start()
    {
        (CaptionedImageSet, CaptionedImageSet) known = (_own.Train, _data.Train.Select(Enumerable.Range(0, 6), "v"));

        string message = Assert.Throws<SwanMismatchException>(
            () => TinyRun.Train(Standing(_model), known, _folder.File("run"))).Message;

        Assert.Contains($"the model '{_model}', which this run starts from, has learned from 6 of the 6 validation images", message,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("run")));
    }

    [Fact]
    public void A_damaged_start_is_named_and_leaves_no_run_behind()
    {
        string cut = _folder.File("cut.swan"), run = _folder.File("damaged");
        File.WriteAllBytes(cut, File.ReadAllBytes(_model)[..^2000]);
        Directory.CreateDirectory(run);
        foreach (string file in Directory.EnumerateFiles(_run)) File.Copy(file, Path.Combine(run, Path.GetFileName(file)));
        string weights = Path.Combine(run, "best.safetensors");
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..^2000]);

        foreach ((string init, string named) in ((string, string)[])[(cut, "cut.swan"), (run, weights)])
        {
            string message = Assert.Throws<SwanFormatException>(
                () => TinyRun.Train(Standing(init), _own, _folder.File("run"))).Message;
            Assert.Contains($"'{named}'", message, StringComparison.Ordinal);
            Assert.False(Directory.Exists(_folder.File("run")));
        }
    }

    [Fact]
    public void A_resumed_run_compares_its_start_and_needs_it_only_without_a_checkpoint()
    {
        string run = _folder.File("run"), moved = _folder.File("moved.swan");
        SwanTrainerOptions options = Standing(_model) with { LearningRate = 1e-3, Epochs = 2 };
        TinyRun.Train(options, _own, _folder.File("whole"));
        TinyRun.TrainSteps(1, options, _own, run);

        // Another file under the same name.
        File.Move(_model, moved);
        SwanExporter.Export(TinyRun.Train(Standing(_run) with { LearningRate = 1e-3 }, _own, _folder.File("other")).Run, _model);
        string message = Assert.Throws<SwanMismatchException>(() => TinyRun.Train(options, _own, run, resume: true)).Message;
        Assert.Matches(@"its init was first\.swan \([0-9a-f]{8}\), and is now first\.swan \([0-9a-f]{8}\)", message);

        File.Delete(_model);
        TinyRun.Train(options, _own, run, resume: true);
        TinyRun.AssertEqual(_folder.File("whole"), run);
        string exported = _folder.File("resumed.swan");
        SwanExporter.Export(SwanRun.Open(run), exported);
        Assert.Equal(18, SwanModelFile.Read(exported).LearnedImages!.Count);
    }

    [Fact]
    public void A_run_without_a_checkpoint_needs_the_model_that_it_starts_from()
    {
        string run = _folder.File("run");
        TinyRun.TrainSteps(1, Standing(_model), _own, run);
        Directory.Delete(Path.Combine(run, "last"), recursive: true);
        File.Delete(_model);

        string message = Assert.Throws<SwanOptionsException>(() => TinyRun.Train(Standing(_model), _own, run, resume: true)).Message;

        Assert.Contains($"Init: there is no model file or run's folder '{_model}'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Batch_norms_of_the_modules_keep_their_statistics()
    {
        SwanRun run = TinyRun.Train(Standing(_run) with { LearningRate = 1e-3 }, _own, _folder.File("run")).Run;

        using SwanNetwork before = SwanRun.Open(_run).LoadBest(), after = run.LoadBest();
        Assert.All(before.state_dict().Where(t => t.Key.EndsWith("running_mean", StringComparison.Ordinal)),
            t => Assert.True(t.Value.equal(after.state_dict()[t.Key]).all().item<bool>(), t.Key));
    }
}
