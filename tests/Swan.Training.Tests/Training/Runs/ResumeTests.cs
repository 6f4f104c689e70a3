using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.Training.DataLoading;
using Swan.Training.Native;
using Swan.Training.Network;

namespace Swan.Training.Tests.Training;

public sealed class ResumeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly (CaptionedImageSet Train, CaptionedImageSet Validation) _data;

    public ResumeTests() => _data = TinyData.Open(_folder.File("data"));

    private static readonly Dictionary<string, SwanTrainerOptions> Recipes = new()
    {
        ["the paper's"] = TinyRun.Options,
        ["everything that has a state"] = TinyRun.Options with
        {
            Loss = LossKind.InfoNce,
            Optimizer = OptimizerKind.AdamW,
            WeightDecay = 0.05,
            EmaDecay = 0.9,
            GradientClip = 0.5,
            Schedule = ScheduleKind.Cosine,
            WarmUpEpochs = 0.5,
            ValidateEvery = 2,
        },
        ["what makes steps faster, and soft targets"] = TinyRun.Options with
        {
            Loss = LossKind.InfoNce,
            SoftTargets = 0.3,
            FreezeBackbone = false,
            FreezeStem = true,
            Augmentation = AugmentationKind.Nadir,
            MinCrop = 0.4,
            Precision = TrainingPrecision.Bfloat16Text,
            Network = TinyRun.Options.Network with { TextTower = SwanTextTower.MiniLm, Residual = true, ResidualGate = 0.2 },
        },
        ["bfloat16"] = TinyRun.Options with { FreezeBackbone = false, Precision = TrainingPrecision.Bfloat16 },
        ["several captions an image"] = TinyRun.Options with
        {
            Loss = LossKind.InfoNce,
            SoftTargets = 0.3,
            CaptionsPerImage = 2,
            RepeatedCaptionsArePositive = true,
            SceneWeight = 0.2,
        },
        ["fine-tuning the reference variant"] = TinyRun.Options with
        {
            FreezeBackbone = false,
            BackboneLearningRate = 1e-4,
            Network = TinyRun.Options.Network with { Variant = SwanVariant.Reference, VocabularyRows = 40 },
        },
    };

    // A WordPiece vocabulary that spells every word.
    private static IEnumerable<string> Pieces =>
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. "abcdefghijklmnopqrstuvwxyz".SelectMany(c => new[] { $"{c}", $"##{c}" })];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("the paper's")]
    [InlineData("everything that has a state")]
    [InlineData("what makes steps faster, and soft targets")]
    [InlineData("bfloat16")]
    [InlineData("several captions an image")]
    [InlineData("fine-tuning the reference variant")]
    public void A_run_stopped_in_mid_epoch_and_resumed_equals_an_uninterrupted_one(string recipe)
    {
        SwanTrainerOptions options = Recipes[recipe];
        Assert.SkipUnless(options.Precision != TrainingPrecision.Bfloat16 || Autocast.IsThere, "This libtorch doesn't show its functions.");
        if (options.Network.TextTower == SwanTextTower.MiniLm)
        {
            options = options with { Vocabulary = _folder.File("vocab.txt") };
            File.WriteAllLines(options.Vocabulary, Pieces);
        }

        if (options.FreezeStem)
            options = options with { BackboneWeights = TinyRun.WriteBackbone(_folder.File("backbone.safetensors"), options.Network) };

        string whole = _folder.File("whole"), parts = _folder.File("parts");
        TrainingResult expected = TinyRun.Train(options, _data, whole);

        TrainingResult stopped = TinyRun.TrainSteps(TinyRun.StepsPerEpoch + 2, options, _data, parts);
        Assert.Equal(StopReason.Cancelled, stopped.End);
        TrainingResult resumed = TinyRun.Train(options, _data, parts, resume: true);

        Assert.Equal(StopReason.MaxEpochs, resumed.End);
        Assert.Equal((expected.BestEpoch, expected.Best), (resumed.BestEpoch, resumed.Best));
        Assert.Equal(options.Epochs, resumed.Epochs.Count);
        TinyRun.AssertEqual(whole, parts);
    }

    [Fact]
    public void A_run_stopped_after_every_step_equals_an_uninterrupted_one()
    {
        SwanTrainerOptions options = TinyRun.Options with { Epochs = 2 };
        string whole = _folder.File("whole"), parts = _folder.File("parts");
        TinyRun.Train(options, _data, whole);

        int starts = 1;
        for (TrainingResult result = TinyRun.TrainSteps(1, options, _data, parts); result.End == StopReason.Cancelled; starts++)
            result = TinyRun.TrainSteps(1, options, _data, parts, resume: true);

        Assert.Equal(2 * TinyRun.StepsPerEpoch + 1, starts); // the last start has only the last epoch to validate
        TinyRun.AssertEqual(whole, parts);
    }

    [Fact]
    public void A_run_stopped_while_it_validates_equals_an_uninterrupted_one()
    {
        SwanTrainerOptions options = TinyRun.Options with { Epochs = 2, EmaDecay = 0.9 };
        string whole = _folder.File("whole"), parts = _folder.File("parts");
        TinyRun.Train(options, _data, whole);

        using var stop = new CancellationTokenSource();
        TrainingResult stopped = TinyRun.Train(options, _data, parts, progress: p =>
        {
            if (p.Phase == TrainingPhase.Validating) stop.Cancel();
        }, stop: stop);
        Assert.Equal((StopReason.Cancelled, 0), (stopped.End, stopped.Epochs.Count));
        TinyRun.Train(options, _data, parts, resume: true);

        TinyRun.AssertEqual(whole, parts);
    }

    // What a process killed between two steps of replacing the checkpoint leaves behind.
    [Theory]
    [InlineData("last → last.old")]
    [InlineData("last → last.old", "best → last.new")]
    [InlineData("best → last.new")]
    [InlineData("best → last.old")]
    [InlineData("best → .metrics.jsonl.0f.tmp")]
    public void A_checkpoint_whose_replacement_was_interrupted_is_found(params string[] interruption)
    {
        SwanTrainerOptions options = TinyRun.Options with { Epochs = 2 };
        string whole = _folder.File("whole"), parts = _folder.File("parts");
        TinyRun.Train(options, _data, whole);
        TinyRun.TrainSteps(2, options, _data, parts);

        foreach (string[] step in interruption.Select(i => i.Split(" → ")))
        {
            string to = Path.Combine(parts, step[1]);
            if (step[0] == "last") Directory.Move(Path.Combine(parts, "last"), to);
            else if (step[1].EndsWith(".tmp", StringComparison.Ordinal)) File.WriteAllText(to, "{\"epo");
            // half of a checkpoint
            else
            {
                File.Copy(
                    Path.Combine(parts, "best.safetensors"), Path.Combine(Directory.CreateDirectory(to).FullName, "network.safetensors"));
            }
        }

        TinyRun.Train(options, _data, parts, resume: true);
        TinyRun.AssertEqual(whole, parts);
        Assert.Equal(
            [
                "best.safetensors", "config.json", "curves.png", "data.json", "last", "learned.bin", "metrics.jsonl", "validation.bin",
                "versions.json", "vocabulary.json",
            ],
            Directory.EnumerateFileSystemEntries(parts).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_run_killed_before_its_first_checkpoint_starts_again()
    {
        SwanTrainerOptions options = TinyRun.Options with { Epochs = 1 };
        string whole = _folder.File("whole"), parts = _folder.File("parts");
        TinyRun.Train(options, _data, whole);
        TinyRun.TrainSteps(1, options, _data, parts);
        Directory.Delete(Path.Combine(parts, "last"), recursive: true);
        File.Delete(Path.Combine(parts, "best.safetensors"));

        TinyRun.Train(options, _data, parts, resume: true);

        TinyRun.AssertEqual(whole, parts);
    }

    [Fact]
    public void More_epochs_can_be_added_and_are_recorded()
    {
        string run = _folder.File("run"), whole = _folder.File("whole");
        TinyRun.Train(TinyRun.Options, _data, whole);
        TinyRun.Train(TinyRun.Options with { Epochs = 1 }, _data, run);
        Assert.Equal(1, SwanRun.Open(run).Options.Epochs);

        TrainingResult more = TinyRun.Train(TinyRun.Options, _data, run, resume: true);

        Assert.Equal((StopReason.MaxEpochs, 3), (more.End, more.Epochs.Count));
        Assert.Equal(3, SwanRun.Open(run).Options.Epochs);
        Assert.Equal(2, System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Combine(run, "versions.json")))!.AsArray().Count);
        TinyRun.AssertEqual(whole, run);
    }

    [Fact]
    public void A_finished_run_is_not_trained_any_further()
    {
        string run = _folder.File("run");
        TrainingResult first = TinyRun.Train(TinyRun.Options with { Epochs = 1 }, _data, run);
        byte[] weights = File.ReadAllBytes(Path.Combine(run, "last", "network.safetensors"));

        TrainingResult again = TinyRun.Train(TinyRun.Options with { Epochs = 1 }, _data, run, resume: true,
            p => Assert.NotEqual(TrainingPhase.Training, p.Phase));

        Assert.Equal((first.End, first.BestEpoch, first.Best), (again.End, again.BestEpoch, again.Best));
        Assert.Equal(weights, File.ReadAllBytes(Path.Combine(run, "last", "network.safetensors")));
    }

    [Fact]
    public void A_run_goes_on_without_the_files_that_it_started_from()
    {
        string run = _folder.File("run"), weights = TinyRun.WriteBackbone(_folder.File("start.safetensors"), TinyRun.Options.Network),
            words = _folder.File("words.json");
        using (FileStream file = File.Create(words)) MLNet.Text.WordVocabulary.Build(_data.Train.Captions, 1).Save(file);
        SwanTrainerOptions options = TinyRun.Options with { BackboneWeights = weights, Vocabulary = words };
        TinyRun.Train(options, _data, _folder.File("whole"));
        TinyRun.TrainSteps(1, options, _data, run);
        File.Delete(weights);
        File.Delete(words);

        TinyRun.Train(options, _data, run, resume: true);

        TinyRun.AssertEqual(_folder.File("whole"), run);
        Assert.Contains("start.safetensors (", SwanRun.Open(run).Describe()["backboneWeights"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_a_checkpoint_needs_the_files_that_it_starts_from()
    {
        string run = _folder.File("run"), weights = TinyRun.WriteBackbone(_folder.File("start.safetensors"), TinyRun.Options.Network);
        SwanTrainerOptions options = TinyRun.Options with { BackboneWeights = weights };
        TinyRun.TrainSteps(1, options, _data, run);
        Directory.Delete(Path.Combine(run, "last"), recursive: true);
        File.Delete(weights);
        var e = Assert.Throws<MLNet.SwanOptionsException>(() => TinyRun.Train(options, _data, run, resume: true));
        Assert.Contains($"BackboneWeights: there is no file '{weights}'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_options_are_refused_and_named()
    {
        string run = _folder.File("run");
        TinyRun.TrainSteps(1, TinyRun.Options, _data, run);
        var e = Assert.Throws<SwanMismatchException>(() => TinyRun.Train(
            TinyRun.Options with { LearningRate = 0.5, Network = TinyRun.Options.Network with { EmbeddingSize = 32 } }, _data, run,
            resume: true));
        Assert.Contains("learningRate was 0.001, and is now 0.5", e.Message, StringComparison.Ordinal);
        Assert.Contains("network.embeddingSize was 16, and is now 32", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_data_are_refused_and_named()
    {
        string run = _folder.File("run");
        TinyRun.TrainSteps(1, TinyRun.Options, _data, run);
        var fewer = _data.Train.Select(Enumerable.Range(0, 11), "train.jsonl");
        var e = Assert.Throws<SwanMismatchException>(() => TinyRun.Train(TinyRun.Options, (fewer, _data.Validation), run, resume: true));
        Assert.Contains("the training set had 12 images and 36 captions, and now has 11 and 33", e.Message, StringComparison.Ordinal);

        var reordered = _data.Validation.Select(Enumerable.Range(0, 6).Reverse(), "val.jsonl");
        e = Assert.Throws<SwanMismatchException>(() => TinyRun.Train(TinyRun.Options, (_data.Train, reordered), run, resume: true));
        Assert.Contains("the validation set had 6 images and 18 captions, and now has 6 and 18, but others or in another order", e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_use_a_folder_with_a_run_and_a_folder_without_one_are_told_apart()
    {
        string run = _folder.File("run");
        var none = Assert.Throws<SwanTrainingException>(() => TinyRun.Train(TinyRun.Options, _data, run, resume: true));
        Assert.Contains("holds no training run", none.Message, StringComparison.Ordinal);

        IOException? inUse = null;
        TinyRun.Train(TinyRun.Options with { Epochs = 1 }, _data, run, progress: p =>
        {
            if (p is { Phase: TrainingPhase.Training, Step: 1 })
                inUse = Assert.ThrowsAny<IOException>(() => TinyRun.Train(TinyRun.Options with { Epochs = 1 }, _data, run, resume: true));
        });
        Assert.Contains("another process trains there", inUse!.Message, StringComparison.Ordinal);

        var there = Assert.Throws<IOException>(() => TinyRun.Train(TinyRun.Options, _data, run));
        Assert.Contains("already holds a training run", there.Message, StringComparison.Ordinal);
    }
}
