using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.Training.DataLoading;
using Swan.Training.Losses;
using Swan.Training.Network;
using Swan.Training.Weights;

namespace Swan.Training;

/// <summary>Options for a data set and the given files, with reasons: the choice of <c>swan train</c> without a configuration.</summary>
/// <remarks>
/// With pretrained weights of both towers, the plan is <c>recipes/rsicd-compact-5-epochs-three-captions.json</c>. Without any, it is a
/// small convolutional network and a GRU, which learn from scratch. Epochs, batches and validation depend on the number of images,
/// captions and scenes. From a finished model (<see cref="SwanTrainerOptions.Init"/>), it is that recipe with the model's network, a tenth
/// of the learning rates and at most ten epochs. Immutable: safe for concurrent use.
/// </remarks>
public sealed class TrainingPlan
{
    /// <summary>The group of a tile: its name before the first underscore.</summary>
    internal static readonly SplitRule Tiles = SplitRule.Group("(?:^|/)([^_/]+)_[^/]*$");

    /// <summary>What every plan's embeddings are like, whatever the data: size and variant.</summary>
    internal static readonly SwanNetworkOptions ShapeOfEmbedding = new() { EmbeddingSize = 256 };

    private const string Pretrained = "efficientnet_lite0", Scratch = "small_convnet";

    // Five epochs of RSICD's 7,739 images, which the recipe was chosen with. From scratch there is three times as much to learn; where a
    // step costs little, its long version gains another point or two.
    private const int PretrainedViews = 38_700, ScratchFactor = 3;
    private const double GpuFactor = 2.8;
    private const int MinEpochs = 3, MaxEpochs = 60, MinBatch = 16, MaxBatch = 128, MinSteps = 10, ValidationImages = 1000;

    // Among fewer captions a word that is seen once is often all that tells an image from others.
    private const int FewCaptions = 1000;

    // A finished model has less to learn, and much to forget: docs/results/fine-tuning.md.
    private const double FineTuningRate = 0.1;
    private const int MaxFineTuningEpochs = 10;

    private readonly RunSplit? _split;

    private TrainingPlan(SwanTrainerOptions options, IReadOnlyList<string> lines, RunSplit? split) =>
        (Options, Lines, _split) = (options, lines, split);

    /// <summary>The options.</summary>
    public SwanTrainerOptions Options { get; }

    /// <summary>The choices and their reasons, one per line, for a person.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>A trainer that does what was planned, and does not divide the images again.</summary>
    internal SwanTrainer CreateTrainer() => new(Options) { Divided = _split };

    /// <summary>Chooses options.</summary>
    /// <param name="train">The training images and captions.</param>
    /// <param name="validation">The validation set, if there is one.</param>
    /// <param name="onGpu">Whether training runs on a GPU, where more epochs cost little.</param>
    /// <param name="decided">
    /// Sets the caller's own options, such as files of weights, and returns the rest unchanged. They override the plan's choices, which
    /// are adapted to them. It is called several times. Null sets nothing.
    /// </param>
    /// <exception cref="SwanFormatException">
    /// The given file of backbone weights is not a safetensors file, or the model to start from is not a model.
    /// </exception>
    /// <exception cref="IOException">That file can't be read.</exception>
    public static TrainingPlan Choose(
        CaptionedImageSet train, CaptionedImageSet? validation, bool onGpu = false,
        Func<SwanTrainerOptions, SwanTrainerOptions>? decided = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        decided ??= options => options;
        PlanFacts facts = PlanFacts.Of(train, validation);
        SwanTrainerOptions given = decided(new());
        // One that is not there is named when the run starts.
        InitialModel? initial = given.Init is { } init && File.Exists(InitialModel.WeightsOf(init)) ? InitialModel.Open(init) : null;
        SwanTrainerOptions chosen = Suited(facts, given, initial, onGpu);
        SwanTrainerOptions fitted = Fitted(chosen, decided(chosen)), options = decided(fitted);
        // Scenes that are held back whole leave too few to tell apart. Their weight divides nothing, so the split stays the same.
        RunSplit? split = facts.Scenes > 0 ? Divided(train, validation, options) : null;
        if (split?.Learned.Scenes.OfType<string>().Distinct(StringComparer.Ordinal).Take(2).Count() < 2)
            options = decided(fitted with { SceneWeight = 0 });
        return new(options, PlanText.Of(facts, options, onGpu), split);
    }

    private static SwanTrainerOptions Suited(PlanFacts facts, SwanTrainerOptions given, InitialModel? initial, bool onGpu)
    {
        bool knows = initial is not null, image = knows || given.BackboneWeights is not null,
            text = initial?.Network.TextTower == SwanTextTower.MiniLm || given.TextWeights is not null;
        double views = PretrainedViews * (knows || image && text ? 1 : ScratchFactor) * (onGpu ? GpuFactor : 1);
        int epochs = (int)Math.Clamp(
            Math.Round(views / Math.Max(1, facts.Images)), MinEpochs, knows ? MaxFineTuningEpochs : MaxEpochs);
        double rate = knows ? FineTuningRate : 1;
        return new()
        {
            Network = initial?.Network ?? new()
            {
                Backbone = image ? FittingBackbone(given.BackboneWeights!) : Scratch,
                ImageSize = image ? 160 : 128,
                EmbeddingSize = ShapeOfEmbedding.EmbeddingSize,
                SalientChannels = 16,
                TextTower = text ? SwanTextTower.MiniLm : SwanTextTower.Gru,
                Residual = image && text,
            },
            FreezeBackbone = false,
            FreezeStem = image,
            BatchNormMode = image ? BatchNormMode.Eval : BatchNormMode.Train,
            BackboneLearningRate = image ? 4e-4 * rate : null,
            TextLearningRate = text ? 6e-5 * rate : null,
            Precision = text ? TrainingPrecision.Bfloat16Text : TrainingPrecision.Float32,
            BatchSize = BatchOf(facts.Images),
            Pairs = PairsPerEpoch.OneCaptionPerImage,
            CaptionsPerImage = Math.Min(3, facts.CaptionsPerImage),
            Augmentation = AugmentationKind.Nadir,
            MinCrop = 0.5,
            Loss = LossKind.InfoNce,
            // An untrained network cannot tell what resembles what.
            SoftTargets = knows || image && text ? 0.2 : 0,
            RepeatedCaptionsArePositive = true,
            SceneWeight = facts.Scenes > 0 ? 0.2 : 0,
            Optimizer = OptimizerKind.AdamW,
            LearningRate = 1e-3 * rate,
            WeightDecay = 0.05,
            Schedule = ScheduleKind.Cosine,
            WarmUpEpochs = 0.5,
            GradientClip = 1,
            EmaDecay = 0.99,
            Epochs = epochs,
            ValidateEvery = Math.Max(1, epochs / 10),
            KeepStopWords = true,
            MaxWords = initial?.Tokenizer.MaxLength ?? new SwanTrainerOptions().MaxWords,
            MinWordCount = facts.Captions < FewCaptions ? 1 : 2,
            ValidationShare = facts.Images > 5 * ValidationImages
                ? Math.Max(SwanTrainerOptionsValidation.MinValidationShare, Math.Round((double)ValidationImages / facts.Images, 4))
                : 0.2,
            ValidateBy = facts.TileExample is null ? SplitRule.Scene : Tiles,
        };
    }

    /// <summary>Drops choices that the caller's options replace or contradict.</summary>
    private static SwanTrainerOptions Fitted(SwanTrainerOptions chosen, SwanTrainerOptions decided)
    {
        // A warm-up that was decided on is part of the run.
        int epochs = decided.Epochs == chosen.Epochs ? Math.Max(chosen.Epochs, (int)Math.Ceiling(decided.WarmUpEpochs)) : decided.Epochs;
        return chosen with
        {
            Network = chosen.Network with
            {
                Residual = chosen.Network.Residual && decided.Network.Variant == SwanVariant.Canonical,
            },
            FreezeStem = chosen.FreezeStem && !decided.FreezeBackbone,
            BackboneLearningRate = decided.FreezeBackbone ? null : chosen.BackboneLearningRate,
            TextLearningRate = decided.Network.TextTower == SwanTextTower.Gru ? null : chosen.TextLearningRate,
            Precision = decided.Network.TextTower == SwanTextTower.Gru ? TrainingPrecision.Float32 : chosen.Precision,
            CaptionsPerImage = decided.Pairs == PairsPerEpoch.OneCaptionPerImage ? chosen.CaptionsPerImage : 1,
            MinCrop = decided.Augmentation == AugmentationKind.Nadir ? chosen.MinCrop : NadirAugmentation.DefaultMinArea,
            SoftTargets = decided.Loss == LossKind.InfoNce ? (decided.Teachers is null ? chosen.SoftTargets : 0.5) : 0,
            WeightDecay = decided.Optimizer == OptimizerKind.AdamW ? chosen.WeightDecay : 0,
            Epochs = epochs,
            WarmUpEpochs = Math.Min(chosen.WarmUpEpochs, epochs),
            ValidateEvery = Math.Max(1, epochs / 10),
        };
    }

    // Null where nothing is divided, and where it can't be, which the run says when it starts.
    private static RunSplit? Divided(CaptionedImageSet train, CaptionedImageSet? validation, SwanTrainerOptions options)
    {
        if (validation is not null || options.TrainOnValidation || options.ValidationShare is not (> 0 and < 1)) return null;
        try
        {
            return RunSplit.Create(train, validation, options);
        }
        catch (SwanDataException)
        {
            return null;
        }
    }

    // A step of few images has few wrong answers; an epoch of few steps learns little.
    private static int BatchOf(int images)
    {
        int batch = MaxBatch;
        while (batch > MinBatch && images / batch < MinSteps) batch /= 2;
        return batch;
    }

    // A file that is not there, or that fits none, is named when the run starts.
    private static string FittingBackbone(string weights) =>
        File.Exists(weights) ? BackboneWeights.BackboneOf(weights) ?? Pretrained : Pretrained;
}
