using System.CommandLine;
using Swan.MLNet.ModelFiles;
using Swan.Training;
using Swan.Training.DataLoading;
using Swan.Training.Losses;
using Swan.Training.Network;
using static Swan.Cli.Options.TrainingFlag;

namespace Swan.Cli.Options;

/// <summary>The flags of <c>swan train</c> under the headings of its help, in the order in which they apply.</summary>
internal static class TrainingFlags
{
    private static readonly SwanTrainerOptions Defaults = new();

    public static IReadOnlyList<(string Heading, TrainingFlag[] Flags)> Groups { get; } =
    [
        ("Start",
        [
            File("--init", "Trained model or run to start from, instead of pretrained weights. It determines the network's shape and "
                + "vocabulary.", "file.swan|folder",
                (o, v) => o with { Init = v }),
        ]),
        ("Image tower",
        [
            Choice("--backbone", "Backbone of the image tower. 'small_convnet' trains from scratch.",
                SwanBackbones.Names, (o, v) => o with { Network = o.Network with { Backbone = v } }),
            File("--backbone-weights", "Pretrained weights of the backbone.", "file.safetensors",
                (o, v) => o with { BackboneWeights = v }),
            Switch("--fine-tune", "Train the backbone too, as without --config; 'false' freezes its pretrained weights.",
                (o, v) => o with { FreezeBackbone = !v }),
            Choice<SwanVariant>("--variant", "Reading of the paper. 'reference' is the one of published checkpoints.",
                (o, v) => o with { Network = o.Network with { Variant = v } }),
            Number<int>("--image-size", "Side of the network's input in pixels, a multiple of 32.",
                (o, v) => o with { Network = o.Network with { ImageSize = v } }),
            Number<int>("--embedding-size", "Values in an embedding.",
                (o, v) => o with { Network = o.Network with { EmbeddingSize = v } }),
        ]),
        ("Text tower",
        [
            Choice<SwanTextTower>("--text-tower", "Text encoder. 'gru' trains from scratch, 'minilm' is a pretrained sentence encoder.",
                (o, v) => o with { Network = o.Network with { TextTower = v } }),
            File("--text-weights", "Pretrained weights of 'minilm'.", "file.safetensors", (o, v) => o with { TextWeights = v }),
            File("--word-vectors", "Initial word vectors of 'gru', in GloVe's text format.", "file.txt",
                (o, v) => o with { WordVectors = v }),
            File("--vocabulary", "Vocabulary: the authors' JSON for 'gru', vocab.txt for 'minilm'. Default for 'gru': the words of the "
                + "training captions.", "file",
                (o, v) => o with { Vocabulary = v }),
        ]),
        ("Data",
        [
            Number<double>("--validation-share", "Share of the training images used for validation if the folder has no validation set.",
                (o, v) => o with { ValidationShare = v }),
            Split("--validate-by", "How to take that share: at random, per scene, or in groups that the regular expression "
                + "finds in image names, so that tiles of one picture stay together.",
                (o, v) => o with { ValidateBy = v }),
            Switch("--train-on-validation", "Train on the validation images too and keep the last epoch. For a final model only.",
                (o, v) => o with { TrainOnValidation = v }),
            Choice<PairsPerEpoch>("--pairs", "Pairs of an epoch: every caption once, or every image once.",
                (o, v) => o with { Pairs = v }),
            Choice<AugmentationKind>("--augmentation", "Random changes to training images. 'nadir' also rotates them.",
                (o, v) => o with { Augmentation = v }),
        ]),
        ("Loss",
        [
            Choice<LossKind>("--loss", "Training loss.", (o, v) => o with { Loss = v }),
            Number<double>("--soft-targets", "Share of each InfoNCE target that is distributed over the batch by similarity.",
                (o, v) => o with { SoftTargets = v }),
            Files("--teacher", "Trained model to distill: its similarities make the soft targets. Repeatable.", "file.swan",
                (o, v) => o with { Teachers = v }),
            Number<double>("--scene-weight", "Weight of a scene classification loss. 0 switches it off.",
                (o, v) => o with { SceneWeight = v }),
        ]),
        ("Optimization",
        [
            Choice<OptimizerKind>("--optimizer", "Optimizer.", (o, v) => o with { Optimizer = v }),
            Number<int>("--batch", "Pairs of image and caption per step.", (o, v) => o with { BatchSize = v }),
            Number<double>("--learning-rate", "Learning rate.", (o, v) => o with { LearningRate = v }),
            Number<double>("--backbone-learning-rate", "Learning rate of the backbone. Implies --fine-tune.",
                (o, v) => o with { BackboneLearningRate = v, FreezeBackbone = false }),
            // Before what needs a text tower that learns: only what the configuration says of it is set aside, not what is typed.
            Switch("--freeze-text", "Keep the pretrained text weights and train only the layers above them.",
                (o, v) => v ? o with { FreezeText = true, TextLearningRate = null, Precision = WithoutText(o.Precision) }
                    : o with { FreezeText = false }),
            Number<double>("--text-learning-rate", "Learning rate of the pretrained text weights.",
                (o, v) => o with { TextLearningRate = v }),
            Choice<TrainingPrecision>("--precision",
                "Precision of training steps. 'bfloat16_text' affects the text tower only.",
                (o, v) => o with { Precision = v }),
            Choice<ScheduleKind>("--schedule", "Learning rate schedule. 'paper' multiplies by 0.7 every 20 epochs.",
                (o, v) => o with { Schedule = v }),
            Number<double>("--warm-up", "Epochs of linear warm-up.", (o, v) => o with { WarmUpEpochs = v }),
            Number<double>("--weight-decay", "Weight decay of 'adamw'.", (o, v) => o with { WeightDecay = v }),
            Number<double>("--gradient-clip", "Maximum gradient norm. 0 switches clipping off.",
                (o, v) => o with { GradientClip = v }),
            Number<double>("--ema", "Decay of the moving average of the weights, such as 0.999. 0 switches it off.",
                (o, v) => o with { EmaDecay = v }),
        ]),
        ("Length",
        [
            Number<int>("--epochs", "Maximum number of epochs.", (o, v) => o with { Epochs = v }),
            Number<double>("--minutes", "Maximum training time in minutes. Default: no limit.", (o, v) => o with { Minutes = v }),
            Number("--patience", "Validations without a higher mR after which training stops. 0 switches early stopping off.",
                Defaults.Patience, (o, v) => o with { Patience = v }),
        ]),
        ("Machine",
        [
            Number("--seed", "Seed of weights, order, captions, augmentation and the validation split.", Defaults.Seed,
                (o, v) => o with { Seed = v }),
            Number("--threads", "Threads of libtorch and of the loader. 0 means one per core.", Defaults.Threads,
                (o, v) => o with { Threads = v }),
            TrainingFlag.Device((o, v) => o with { Device = v }),
        ]),
    ];

    private static TrainingPrecision WithoutText(TrainingPrecision precision) =>
        precision == TrainingPrecision.Bfloat16Text ? TrainingPrecision.Float32 : precision;

    /// <summary>The options with every flag that was given on the command line.</summary>
    public static SwanTrainerOptions Apply(ParseResult parsed, SwanTrainerOptions options) =>
        Groups.SelectMany(group => group.Flags)
            .Where(flag => parsed.GetResult(flag.Option) is { Implicit: false })
            .Aggregate(options, (changed, flag) => flag.Apply(parsed, changed));
}
