using System.Text.Json.Serialization;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.Training.DataLoading;
using Swan.Training.Losses;
using Swan.Training.Network;

namespace Swan.Training;

/// <summary>All options of a training run.</summary>
/// <remarks>
/// Immutable; round-trips through JSON (<c>config.json</c> of the run folder). Defaults are the paper's, except that the network's variant
/// is canonical. Source: docs/spec/network.md, section 4.
/// </remarks>
public sealed record SwanTrainerOptions : ILossOptions
{
    /// <summary>The network's shape (default: the paper's, canonical variant).</summary>
    /// <remarks>
    /// The word table of the canonical variant gets exactly the vocabulary's rows, whatever <see cref="SwanNetworkOptions.VocabularyRows"/>
    /// says.
    /// </remarks>
    public SwanNetworkOptions Network { get; init; } = new();

    /// <summary>
    /// A finished model's <c>.swan</c> file, or a run's folder, to start from instead of pretrained weights (default none).
    /// </summary>
    /// <remarks>
    /// A run's best weights are used. The model provides its vocabulary, its <see cref="MaxWords"/> and, if <see cref="Network"/> has its
    /// default value, the network's shape; another shape is refused. A file's weights are read back from its graphs, even if they are
    /// stored as int8 or computed with integers. Its querybank and calibration are dropped. <see cref="BackboneWeights"/>,
    /// <see cref="TextWeights"/>, <see cref="WordVectors"/> and <see cref="Vocabulary"/> are refused beside it. Batch norms are part of a
    /// file's other weights. So with <see cref="BatchNormMode.Eval"/>, which a file needs, no part of the network updates its statistics.
    /// The images that the model has learned from also count as learned by the run.
    /// </remarks>
    public string? Init { get; init; }

    /// <summary>
    /// Safetensors file with a pretrained text tower's weights, for <see cref="SwanTextTower.MiniLm"/> (default none: it starts at random).
    /// </summary>
    public string? TextWeights { get; init; }

    /// <summary>Safetensors file with pretrained backbone weights (default none: the backbone starts at random).</summary>
    public string? BackboneWeights { get; init; }

    /// <summary>Whether the backbone's weights are frozen (default true).</summary>
    public bool FreezeBackbone { get; init; } = true;

    /// <summary>Whether the backbone's weights up to its stem features (stride 4) are frozen while the rest learns.</summary>
    /// <remarks>
    /// They detect edges and colors, which need no training if pretrained, and cost a quarter of a training step. Their batch-norm
    /// statistics follow <see cref="BatchNormMode"/>. Default false.
    /// </remarks>
    public bool FreezeStem { get; init; }

    /// <summary>Default <see cref="BatchNormMode.Train"/>.</summary>
    public BatchNormMode BatchNormMode { get; init; } = BatchNormMode.Train;

    /// <summary>Maximum number of epochs (default 50).</summary>
    public int Epochs { get; init; } = 50;

    /// <summary>Maximum minutes of training and validation; the last epoch may stay unfinished (default none).</summary>
    public double? Minutes { get; init; }

    /// <summary>Pairs of image and caption in a step; with <see cref="CaptionsPerImage"/> above 1, images (default 100).</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>The pairs that make up an epoch (default <see cref="PairsPerEpoch.AllCaptions"/>).</summary>
    public PairsPerEpoch Pairs { get; init; } = PairsPerEpoch.AllCaptions;

    /// <summary>Number of captions that an image is trained with in one step, at least 1 (default 1).</summary>
    /// <remarks>
    /// Each is a right answer for the image. The image tower runs once for all of them. An image with fewer different captions repeats
    /// them. Above 1 it needs <see cref="PairsPerEpoch.OneCaptionPerImage"/> and <see cref="RepeatedCaptionsArePositive"/>.
    /// </remarks>
    public int CaptionsPerImage { get; init; } = 1;

    /// <summary>Random changes of training images (default <see cref="AugmentationKind.Paper"/>).</summary>
    public AugmentationKind Augmentation { get; init; } = AugmentationKind.Paper;

    /// <summary>
    /// The smallest crop that <see cref="AugmentationKind.Nadir"/> takes, as a share of the image's area, from 0.1 to 1 (default 0.6).
    /// </summary>
    public double MinCrop { get; init; } = NadirAugmentation.DefaultMinArea;

    /// <summary>Default <see cref="LossKind.TripletSum"/>.</summary>
    public LossKind Loss { get; init; } = LossKind.TripletSum;

    /// <summary>The triplet losses' margin, above 0 and at most 2 (default 0.2).</summary>
    public double Margin { get; init; } = 0.2;

    /// <summary>The initial temperature of InfoNCE, which then learns it.</summary>
    /// <remarks>From 0.01 to 100; default 0.07.</remarks>
    public double Temperature { get; init; } = 0.07;

    /// <summary>Pairs of a batch that share an image or an identical caption are not negatives (default false, as in the paper).</summary>
    /// <remarks>InfoNCE counts them as positives.</remarks>
    public bool RepeatedCaptionsArePositive { get; init; }

    /// <summary>Fraction of each InfoNCE target, 0 (default) to 0.9, that is distributed over the batch by similarity.</summary>
    /// <remarks>
    /// The rest goes to the matching pair. The similarity is the network's own at that step, or that of the <see cref="Teachers"/>.
    /// </remarks>
    public double SoftTargets { get; init; }

    /// <summary><c>.swan</c> files of finished models whose mean cosines give the <see cref="SoftTargets"/> (default none).</summary>
    /// <remarks>
    /// This is knowledge distillation. Teachers embed every training image and caption before the first step. Their cosines are divided by
    /// this run's temperature, so train them with InfoNCE. Normalized teachers are refused. No teacher may have learned from images
    /// that this run is measured on.
    /// </remarks>
    public IReadOnlyList<string>? Teachers { get; init; }

    /// <summary>Weight of the scene classifier's cross-entropy, added to the retrieval loss; 0, the default, for none.</summary>
    public double SceneWeight { get; init; }

    /// <summary>Default <see cref="OptimizerKind.Adam"/>.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>Default 2e-4.</summary>
    public double LearningRate { get; init; } = 2e-4;

    /// <summary>The backbone's own learning rate, where it learns (default: <see cref="LearningRate"/>).</summary>
    public double? BackboneLearningRate { get; init; }

    /// <summary>A pretrained text tower's own learning rate (default: <see cref="LearningRate"/>).</summary>
    public double? TextLearningRate { get; init; }

    /// <summary>
    /// Precision of training steps: bfloat16 is faster if the processor or the GPU has instructions for it (default
    /// <see cref="TrainingPrecision.Float32"/>).
    /// </summary>
    public TrainingPrecision Precision { get; init; }

    /// <summary>What earlier versions called <see cref="TrainingPrecision.Bfloat16Text"/>: read, and never written.</summary>
    [JsonInclude]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal bool? TextInBfloat16
    {
        get => null;
        init => Precision = value is true && Precision == TrainingPrecision.Float32 ? TrainingPrecision.Bfloat16Text : Precision;
    }

    /// <summary>
    /// Whether to freeze a pretrained text tower except for its map to the embedding; SWAN's modules still learn (default false).
    /// </summary>
    public bool FreezeText { get; init; }

    /// <summary>Decay of weights with two or more dimensions (default 0).</summary>
    public double WeightDecay { get; init; }

    /// <summary>Default <see cref="ScheduleKind.Paper"/>.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Paper;

    /// <summary>Epochs over which the learning rates rise linearly first; fractions count (default 0).</summary>
    public double WarmUpEpochs { get; init; }

    /// <summary>
    /// Maximum L2 norm of the gradients over all parameters, above which they are scaled down; 0, the default, for no limit.
    /// </summary>
    public double GradientClip { get; init; }

    /// <summary>Decay of the weights' moving average that is validated and kept instead of the weights; 0, the default, for none.</summary>
    public double EmaDecay { get; init; }

    /// <summary>Number of validations without a higher mR after which training ends; 0, the default, for never.</summary>
    public int Patience { get; init; }

    /// <summary>
    /// Number of epochs between validations, if any (<see cref="TrainOnValidation"/>); the last epoch is always validated (default 1).
    /// </summary>
    public int ValidateEvery { get; init; } = 1;

    /// <summary>Minimum number of occurrences in the training captions for a word to enter the vocabulary (default 5).</summary>
    public int MinWordCount { get; init; } = 5;

    /// <summary>Whether to keep English stop words in the vocabulary (default false).</summary>
    public bool KeepStopWords { get; init; }

    /// <summary>Maximum number of words that a caption keeps (default 64).</summary>
    public int MaxWords { get; init; } = 64;

    /// <summary>A vocabulary in the authors' JSON to use instead of building one from the training captions (default none).</summary>
    public string? Vocabulary { get; init; }

    /// <summary>
    /// Text file of word vectors, such as GloVe's <c>glove.6B.300d.txt</c>, that initializes the word table; its width is
    /// <see cref="SwanNetworkOptions.WordDimension"/> (default none: at random).
    /// </summary>
    public string? WordVectors { get; init; }

    /// <summary>
    /// Share of the training images held back for validation if no validation set is given, in (0, 1); none with
    /// <see cref="TrainOnValidation"/> (default 0.2).
    /// </summary>
    public double ValidationShare { get; init; } = 0.2;

    /// <summary>Whether to train on the validation images and keep the last epoch's weights (default false).</summary>
    /// <remarks>For the last run of a chosen recipe, because no mR is measured.</remarks>
    public bool TrainOnValidation { get; init; }

    /// <summary>
    /// How the <see cref="ValidationShare"/> is drawn: at random, from every scene, or in whole groups of images such as the tiles of one
    /// picture (default <see cref="SplitRule.Scene"/>).
    /// </summary>
    public SplitRule ValidateBy { get; init; } = SplitRule.Scene;

    /// <summary>Seed of the initial weights, order, captions, augmentation, dropout and the validation split (default 0).</summary>
    public int Seed { get; init; }

    /// <summary>
    /// Device that trains; in JSON <c>"auto"</c>, <c>"cpu"</c> or <c>"cuda:N"</c> (default <see cref="SwanDevice.Auto"/>).
    /// </summary>
    public SwanDevice Device { get; init; } = SwanDevice.Auto;

    /// <summary>Threads of libtorch and of the loader; 0, the default, for one per core.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Maximum megabytes of decoded images in memory; more of them lie in a memory-mapped temporary file (default 4096).
    /// </summary>
    public int CacheMegabytes { get; init; } = 4096;

    /// <summary>Minutes between checkpoints within an epoch, besides the one after each epoch (default 10).</summary>
    public double CheckpointMinutes { get; init; } = 10;

    /// <summary>The same options with other names for the files that they name; a file whose name becomes null is left out.</summary>
    internal SwanTrainerOptions WithFiles(Func<string, string?> rename)
    {
        string? Renamed(string? file) => file is null ? null : rename(file);
        string[] teachers = [.. (Teachers ?? []).Select(rename).OfType<string>()];
        return this with
        {
            Init = Init is null ? null : rename(Path.TrimEndingDirectorySeparator(Init)),
            BackboneWeights = Renamed(BackboneWeights),
            TextWeights = Renamed(TextWeights),
            Vocabulary = Renamed(Vocabulary),
            WordVectors = Renamed(WordVectors),
            Teachers = teachers.Length == 0 ? null : teachers,
        };
    }

    /// <summary>Every option as name and text, for the model card.</summary>
    internal IReadOnlyDictionary<string, string> Describe() => SwanTrainerOptionsJson.Flatten(this);
}
