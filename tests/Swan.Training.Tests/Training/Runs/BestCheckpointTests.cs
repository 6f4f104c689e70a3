using System.Text.Json.Nodes;
using Swan.MLNet.Datasets;
using Swan.MLNet.Evaluation;
using Swan.MLNet.Imaging;
using Swan.MLNet.Text;
using Swan.Training.Network;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Training;

public sealed class BestCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly (CaptionedImageSet Train, CaptionedImageSet Validation) _data;

    public BestCheckpointTests() => _data = TinyData.Open(_folder.File("data"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(0.8)]
    public void Patience_ends_the_run_and_the_best_epochs_network_is_kept(double emaDecay)
    {
        // mR can't rise sixty times in a row, so that the run must end early, two epochs after its best.
        SwanTrainerOptions options = TinyRun.Options with { Epochs = 60, Patience = 2, EmaDecay = emaDecay };
        var networks = new List<byte[]>();
        string run = _folder.File("run");
        TrainingResult result = TinyRun.Train(options, _data, run, progress: p =>
        {
            if (p.Phase == TrainingPhase.EpochDone)
                networks.Add(File.ReadAllBytes(Path.Combine(run, "last", emaDecay > 0 ? "average.safetensors" : "network.safetensors")));
        });

        Assert.Equal(StopReason.EarlyStopping, result.End);
        Assert.InRange(result.Epochs.Count, 3, 59);
        Assert.Equal(result.Epochs.Count - 3, result.BestEpoch);
        Assert.Equal(result.Epochs.Max(e => e.Validation!.MeanRecall), result.Best!.MeanRecall);
        double best = -1;
        foreach (EpochReport epoch in result.Epochs)
        {
            Assert.Equal(epoch.Validation!.MeanRecall > best, epoch.Best);
            best = Math.Max(best, epoch.Validation.MeanRecall);
        }

        Assert.Equal(networks[result.BestEpoch], File.ReadAllBytes(result.Run.BestWeights));
    }

    [Fact]
    public void The_best_network_measures_what_its_epoch_reported()
    {
        TrainingResult result = TinyRun.Train(TinyRun.Options, _data, _folder.File("run"));

        SwanRun run = SwanRun.Open(_folder.File("run"));
        using var scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        using SwanNetwork network = run.LoadBest();
        Assert.False(network.training);
        float[] images = [.. _data.Validation.Images.SelectMany(i => EmbedImage(network, run.Preprocessing, i.ImagePath))];
        float[] captions = [.. _data.Validation.Captions.SelectMany(c => EmbedCaption(network, run.Tokenizer, c))];
        RetrievalMetrics measured = RetrievalEvaluator.Evaluate(
            images, captions, network.Options.EmbeddingSize, [.. _data.Validation.CaptionImage], _data.Validation.Scenes);

        Assert.Equal(result.Best, measured);
        Assert.Equal(result.Epochs, run.ReadMetrics());
    }

    [Fact]
    public void Validation_comes_after_every_so_many_epochs_and_after_the_last()
    {
        TrainingResult result = TinyRun.Train(TinyRun.Options with { Epochs = 5, ValidateEvery = 3 }, _data, _folder.File("run"));
        Assert.Equal([false, false, true, false, true], result.Epochs.Select(e => e.Validation is not null));
    }

    [Fact]
    public void A_time_limit_ends_the_run_with_the_unfinished_epoch_validated_and_more_time_goes_on_with_the_next()
    {
        string run = _folder.File("run");
        TrainingResult result = TinyRun.Train(TinyRun.Options with { Minutes = 1e-6 }, _data, run);
        Assert.Equal(StopReason.TimeLimit, result.End);
        EpochReport epoch = Assert.Single(result.Epochs);
        Assert.Equal((1, false, true), (epoch.Step, epoch.Complete, epoch.Best));
        Assert.Equal(0, result.BestEpoch);

        result = TinyRun.Train(TinyRun.Options with { Minutes = 1e-6 }, _data, run, resume: true);
        Assert.Equal((StopReason.TimeLimit, 1), (result.End, result.Epochs.Count));

        result = TinyRun.Train(TinyRun.Options, _data, run, resume: true);
        Assert.Equal((StopReason.MaxEpochs, 3), (result.End, result.Epochs.Count));
        Assert.Equal([false, true, true], result.Epochs.Select(e => e.Complete));
    }

    [Fact]
    public void A_time_limit_that_is_reached_between_two_epochs_ends_the_run_validated()
    {
        TimeSpan limit = TimeSpan.FromHours(1);
        var time = new ManualTime();
        TrainingResult result = TinyRun.Train(
            TinyRun.Options with { Epochs = 500, ValidateEvery = 500, Minutes = limit.TotalMinutes }, _data, _folder.File("run"),
            progress: p =>
            {
                // The epoch was closed without a validation when this is told.
                if (p.Report is not null) time.Advance(limit);
            }, time: time);
        Assert.Equal([true, false], result.Epochs.Select(e => e.Complete));
        Assert.Equal(StopReason.TimeLimit, result.End);
        Assert.NotNull(result.Epochs[^1].Validation);
        Assert.NotNull(result.Best);
    }

    [Fact]
    public void A_run_canceled_before_its_first_validation_keeps_what_it_has_learned()
    {
        TrainingResult result = TinyRun.TrainSteps(1, TinyRun.Options, _data, _folder.File("run"));
        Assert.Equal((StopReason.Cancelled, -1), (result.End, result.BestEpoch));
        Assert.Null(result.Best);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(_folder.File("run"), "last", "network.safetensors")), File.ReadAllBytes(result.Run.BestWeights));
        using SwanNetwork network = result.Run.LoadBest();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.8)]
    public void Where_everything_is_learned_nothing_is_measured_and_the_last_network_is_kept(double emaDecay)
    {
        SwanTrainerOptions options = TinyRun.Options with { TrainOnValidation = true, EmaDecay = emaDecay };
        string run = _folder.File("run");
        TinyRun.TrainSteps(2, options, _data, run);
        byte[] early = File.ReadAllBytes(Path.Combine(run, "best.safetensors")); // all there is

        var kept = new List<byte[]>();
        TrainingResult result = TinyRun.Train(options, _data, run, resume: true, p =>
        {
            if (p.Phase == TrainingPhase.EpochDone) kept.Add(File.ReadAllBytes(Path.Combine(run, "best.safetensors")));
        });

        Assert.Equal((StopReason.MaxEpochs, -1, null), (result.End, result.BestEpoch, result.Best));
        // 12 + 6 images in fours
        Assert.All(result.Epochs, e => Assert.Equal((4 * (e.Epoch + 1), null, false), (e.Step, e.Validation, e.Best)));
        Assert.Equal(4, kept.Prepend(early).Select(Convert.ToHexString).Distinct().Count());
        Assert.Equal(kept[^1], File.ReadAllBytes(result.Run.BestWeights));
        Assert.Equal(File.ReadAllBytes(Path.Combine(run, "last", emaDecay > 0 ? "average.safetensors" : "network.safetensors")), kept[^1]);
        using SwanNetwork network = result.Run.LoadBest();
        Assert.Equal([.. _data.Train.Captions, .. _data.Validation.Captions], result.Run.OpenTrainingSet(_folder.File("data")).Captions);
    }

    [Fact]
    public void Without_a_validation_set_everything_is_learned_when_that_is_asked_for()
    {
        TrainingResult result = new SwanTrainer(TinyRun.Options with { Epochs = 1, TrainOnValidation = true })
            .Train(_data.Train, null, _folder.File("run"), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(3, Assert.Single(result.Epochs).Step);
        Assert.Null(JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.File("run"), "data.json")))!["validation"]);
    }

    [Fact]
    public void Without_a_validation_set_a_share_of_the_training_images_validates()
    {
        var all = new CaptionedImageSet([.. _data.Train.Images, .. _data.Validation.Images], "all");
        SwanTrainerOptions options = TinyRun.Options with { Epochs = 1, ValidationShare = 1.0 / 3 };
        TrainingResult result =
            new SwanTrainer(options).Train(all, null, _folder.File("run"), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(6, result.Best!.Images);
        Assert.Contains("\"images\": 12", File.ReadAllText(Path.Combine(_folder.File("run"), "data.json")), StringComparison.Ordinal);

        result = new SwanTrainer(options with { ValidateBy = SplitRule.Random, ValidationShare = 0.5 })
            .Train(all, null, _folder.File("random"), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(9, result.Best!.Images);
    }

    [Fact]
    public void Sets_that_nothing_can_be_learned_or_measured_from_are_refused_together()
    {
        CaptionedImage image = _data.Train.Images[0];
        var one = new CaptionedImageSet([image with { Captions = ["a forest"] }], "one");
        var mute = new CaptionedImageSet([image with { Captions = [] }], "mute");
        var e = Assert.Throws<SwanDataException>(() => TinyRun.Train(TinyRun.Options, (one, mute), _folder.File("run")));
        Assert.Equal(2, e.Faults.Count);
        Assert.Contains("1 captions: too few", e.Faults[0].Problem, StringComparison.Ordinal);
        Assert.Contains("'forest_0.png' has no captions", e.Faults[1].Problem, StringComparison.Ordinal);

        e = Assert.Throws<SwanDataException>(
            () => TinyRun.Train(TinyRun.Options, (_data.Train, new CaptionedImageSet([], "empty")), _folder.File("run")));
        Assert.Contains("has no images", e.Faults[0].Problem, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder.File("run")));
    }

    private static float[] EmbedImage(SwanNetwork network, ImagePreprocessing preprocessing, string path)
    {
        int size = preprocessing.Size;
        var bytes = new byte[size * size * 3];
        ImagePreprocessor.Prepare(ImageDecoder.Decode(path), preprocessing, bytes);
        Tensor pixels = tensor(bytes).view(1, size, size, 3).to(ScalarType.Float32) / 255;
        pixels = (pixels - tensor(preprocessing.Mean.ToArray())) / tensor(preprocessing.Std.ToArray());
        return [.. SwanNetwork.Unit(network.EncodeImages(pixels.permute(0, 3, 1, 2).contiguous())).data<float>()];
    }

    private static float[] EmbedCaption(SwanNetwork network, ICaptionTokenizer tokenizer, string caption)
    {
        long[] ids = [.. tokenizer.Tokenize(caption).Ids.Select(i => (long)i)];
        return [.. network.EncodeCaptions(tensor(ids).view(1, ids.Length), tensor(new long[] { ids.Length })).data<float>()];
    }
}
