using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.Text;
using Swan.Training.DataLoading;
using Swan.Training.Losses;
using Swan.Training.Native;
using Swan.Training.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Training;

public sealed class TrainingStepTests
{
    private const string NoAutocast = "This libtorch doesn't show its functions.";

    private static readonly SwanTrainerOptions Options = TinyRun.Options with
    {
        Loss = LossKind.InfoNce,
        SoftTargets = 0.2,
        Optimizer = OptimizerKind.AdamW,
        WeightDecay = 0.01,
        EmaDecay = 0.9,
        GradientClip = 1,
        FreezeBackbone = false,
        LearningRate = 3e-3,
        Network = TinyRun.Options.Network with { Backbone = "efficientnet_lite0", VocabularyRows = 50 },
    };

    private static readonly SwanNetworkOptions MiniLm =
        Options.Network with { TextTower = SwanTextTower.MiniLm, Residual = true, ResidualGate = 0.2 };

    public static TheoryData<string, TrainingPrecision, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, TrainingPrecision, bool>();
            foreach (string device in TorchDevices.Names)
            {
                foreach (TrainingPrecision precision in Enum.GetValues<TrainingPrecision>())
                {
                    cases.Add(device, precision, true);
                    if (precision != TrainingPrecision.Bfloat16Text) cases.Add(device, precision, false);
                }
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_lower_the_loss_of_one_batch_and_keep_float32_weights(string device, TrainingPrecision precision, bool miniLm)
    {
        Assert.SkipUnless(precision != TrainingPrecision.Bfloat16 || Autocast.IsThere, NoAutocast);
        using var stage = new Stage(Options with { Precision = precision, Network = miniLm ? MiniLm : Options.Network }, device);
        for (int step = 1; step <= 8; step++) stage.Take(step);

        StepOutcome[] outcomes = [.. stage.Step.Outcomes()];

        Assert.Equal(Enumerable.Range(1, 8).Select(i => (long)i), outcomes.Select(o => o.Step));
        Assert.All(outcomes, o => Assert.True(o.IsFinite));
        Assert.True(outcomes[^1].Loss < 0.8 * outcomes[0].Loss, string.Join(", ", outcomes.Select(o => o.Loss)));
        Assert.True(stage.Step.IsFinite());
        Assert.All(stage.Network.LearningParameters(), p => Assert.Equal(
            (ScalarType.Float32, ScalarType.Float32), (p.Parameter.dtype, p.Parameter.grad!.dtype)));
    }

    [Theory]
    [MemberData(nameof(TorchDevices.All), MemberType = typeof(TorchDevices))]
    public void Outcomes_read_together_are_those_read_one_by_one_and_come_once(string device)
    {
        using Stage single = new(Options, device), stage = new(Options, device);
        var expected = new List<StepOutcome>();
        for (int step = 1; step <= 3; step++)
        {
            single.Take(step);
            expected.AddRange(single.Step.Outcomes());
            Assert.Empty(stage.Step.Outcomes(atLeast: 3));
            stage.Take(step);
        }
        Assert.Equal(3, expected.Count);
        Assert.All(expected.Zip(stage.Step.Outcomes(atLeast: 3)), o =>
        {
            Assert.Equal((o.First.Step, o.First.Batch), (o.Second.Step, o.Second.Batch));
            if (device != "cpu") return; // a GPU adds up in no fixed order
            Assert.Equal((o.First.Loss, o.First.GradientNorm), (o.Second.Loss, o.Second.GradientNorm));
        });
        Assert.Empty(stage.Step.Outcomes());
        stage.Take(4);
        Assert.Equal([4L], stage.Step.Outcomes().Select(o => o.Step));
    }

    [Theory]
    [MemberData(nameof(TorchDevices.All), MemberType = typeof(TorchDevices))]
    public void The_batch_that_broke_the_weights_is_named_also_when_read_late(string device)
    {
        using var stage = new Stage(Options, device);
        stage.Take(1);
        using (no_grad()) stage.Network.LearningParameters().First().Parameter.fill_(float.NaN);
        stage.Take(2);
        stage.Take(3);

        StepOutcome broken = stage.Step.Outcomes(atLeast: 3).First(o => !o.IsFinite);

        Assert.Equal((2L, 1), (broken.Step, broken.Batch));
        Assert.Equal([0, 1, 2, 3], broken.Images);
        Assert.False(stage.Step.IsFinite());
    }

    [Fact]
    public void Precision_bfloat16_changes_what_a_step_computes_but_little()
    {
        Assert.SkipUnless(Autocast.IsThere, NoAutocast);
        using Stage exact = new(Options, "cpu"), rounded = new(Options with { Precision = TrainingPrecision.Bfloat16 }, "cpu");
        exact.Take(1);
        rounded.Take(1);
        double expected = exact.Step.Outcomes().Single().Loss, actual = rounded.Step.Outcomes().Single().Loss;
        Assert.NotEqual(expected, actual);
        Assert.Equal(expected, actual, tolerance: 0.1 * expected);
    }

    [Theory]
    [MemberData(nameof(TorchDevices.All), MemberType = typeof(TorchDevices))]
    public void Images_that_the_device_augments_are_those_of_the_loader(string device)
    {
        using var folder = new TemporaryFolder();
        (CaptionedImageSet train, _) = TinyData.Open(folder.File("data"));
        TrainingAugmentation augmentation = TrainingAugmentation.Create(AugmentationKind.Nadir, Options.Network.ImageSize);
        TokenizedCaptions captions = TokenizedCaptions.Create(
            train.Captions, new WordCaptionTokenizer(WordVocabulary.Build(train.Captions, 1), 16));
        using PixelCache pixels = PixelCache.Build(train.Images, augmentation.WorkingSize);
        using var onDevice = new DeviceAugmentation(pixels, augmentation, torch.device(device));

        using var scope = NewDisposeScope();
        Tensor expected = Take(null), actual = Take(onDevice);

        // A level is about 1 / (255 × 0.229) after normalization. The loader rounds weights to 8 bits, which moves few pixels by one.
        double difference = (expected - actual).abs().mean().item<float>() * 255 * 0.229;
        Assert.True(difference < 0.2, $"{difference} levels");

        Tensor Take(DeviceAugmentation? augments)
        {
            using var stage = new Stage(Options, device, augments);
            var loader = new BatchLoader(train, pixels, captions, augmentation, new() { BatchSize = 4, OnDevice = augments is not null });
            using TrainingBatch batch = loader.Epoch(0).First();
            Tensor taken = stage.Step.Pixels(batch);
            stage.Step.Take(batch, factor: 1, step: 1);
            Assert.True(stage.Step.Outcomes().Single().IsFinite);
            return taken.cpu();
        }
    }

    private sealed class Stage : IDisposable
    {
        private const int Pairs = 4, Length = 6, Images = 12;
        private readonly SwanTrainerOptions _options;
        private readonly PixelNormalization _normalization;

        public Stage(SwanTrainerOptions options, string device, DeviceAugmentation? onDevice = null)
        {
            _options = options;
            Device on = torch.device(device);
            Network = SwanNetwork.Create(options.Network);
            TrainingStep.Prepare(Network, options, on);
            _normalization = new PixelNormalization(new ImagePreprocessing { Size = options.Network.ImageSize }, on);
            Step = new TrainingStep(
                options, Network, TrainingObjective.Create(options, scenes: 0), _normalization, new long[Images], on, onDevice);
        }

        public SwanNetwork Network { get; }

        public TrainingStep Step { get; }

        public void Take(int step)
        {
            using var batch = new TrainingBatch(0, step - 1, Pairs, _options.Network.ImageSize, Length);
            for (int i = 0; i < batch.PixelBuffer.Length; i++) batch.PixelBuffer[i] = (byte)(i * 7919 % 251 * (1 + i % 3));
            for (int pair = 0; pair < Pairs; pair++)
            {
                batch.PixelBuffer.AsSpan(pair * batch.PixelBuffer.Length / Pairs, 3000).Fill((byte)(60 * pair));
                for (int i = 0; i < Length; i++) batch.Ids[pair * Length + i] = 1 + (pair * 11 + i * 5) % 49;
                (batch.Lengths[pair], batch.Images[pair], batch.Captions[pair], batch.CaptionKeys[pair]) = (3 + pair % 4, pair, pair, pair);
            }
            Step.Take(batch, factor: 1, step);
        }

        public void Dispose()
        {
            Step.Dispose();
            _normalization.Dispose();
            Network.Dispose();
        }
    }
}
