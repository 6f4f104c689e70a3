using System.CommandLine;
using Swan.Training;
using Swan.Training.Network;
using static Swan.Cli.Options.TrainingFlag;

namespace Swan.Cli.Options;

/// <summary>The flags of <c>swan train</c> under the headings of its help, in the order in which they apply.</summary>
internal static class TrainingFlags
{
    private static readonly SwanTrainerOptions Defaults = new();

    public static IReadOnlyList<(string Heading, TrainingFlag[] Flags)> Groups { get; } =
    [
        ("Image tower",
        [
            Choice("--backbone", "Backbone of the image tower. 'small_convnet' trains from scratch.",
                Defaults.Network.Backbone, SwanBackbones.Names, (o, v) => o with { Network = o.Network with { Backbone = v } }),
            File("--backbone-weights", "Pretrained weights of the backbone.", "file.safetensors", (o, v) => o with { BackboneWeights = v }),
            Switch("--fine-tune", "Train the backbone too. By default its weights are frozen.", (o, v) => o with { FreezeBackbone = !v }),
            Choice("--variant", "Reading of the paper. 'reference' is the one of published checkpoints.",
                Defaults.Network.Variant, (o, v) => o with { Network = o.Network with { Variant = v } }),
            Number("--image-size", "Side of the network's input in pixels, a multiple of 32.",
                Defaults.Network.ImageSize, (o, v) => o with { Network = o.Network with { ImageSize = v } }),
            Number("--embedding-size", "Values in an embedding.",
                Defaults.Network.EmbeddingSize, (o, v) => o with { Network = o.Network with { EmbeddingSize = v } }),
        ]),
        ("Text tower",
        [
            Choice("--text-tower", "Text encoder. 'gru' trains from scratch, 'minilm' is a pretrained sentence encoder.",
                Defaults.Network.TextTower, (o, v) => o with { Network = o.Network with { TextTower = v } }),
            File("--text-weights", "Pretrained weights of 'minilm'.", "file.safetensors", (o, v) => o with { TextWeights = v }),
            File("--word-vectors", "Initial word vectors of 'gru', in GloVe's text format.", "file.txt",
                (o, v) => o with { WordVectors = v }),
            File("--vocabulary", "Vocabulary: the authors' JSON for 'gru', vocab.txt for 'minilm'. Default for 'gru': the words of the "
                + "training captions.", "file",
                (o, v) => o with { Vocabulary = v }),
        ]),
        ("Data",
        [
            Number("--validation-share", "Share of the training images used for validation if the folder has no validation set.",
                Defaults.ValidationShare, (o, v) => o with { ValidationShare = v }),
            Switch("--train-on-validation", "Train on the validation images too and keep the last epoch. For a final model only.",
                (o, v) => o with { TrainOnValidation = v }),
            Choice("--pairs", "What an epoch covers: every caption once, or every image once.", Defaults.Pairs,
                (o, v) => o with { Pairs = v }),
            Choice("--augmentation", "Random changes to training images. 'nadir' also rotates them.",
                Defaults.Augmentation, (o, v) => o with { Augmentation = v }),
        ]),
        ("Loss",
        [
            Choice("--loss", "Training loss.", Defaults.Loss, (o, v) => o with { Loss = v }),
            Number("--soft-targets", "Share of each InfoNCE target that is distributed over the batch by similarity.",
                Defaults.SoftTargets, (o, v) => o with { SoftTargets = v }),
            Files("--teacher", "Trained model to distill: its similarities make the soft targets. Repeatable.", "file.swan",
                (o, v) => o with { Teachers = v }),
            Number("--scene-weight", "Weight of a scene classification loss. 0 switches it off.",
                Defaults.SceneWeight, (o, v) => o with { SceneWeight = v }),
        ]),
        ("Optimization",
        [
            Choice("--optimizer", "Optimizer.", Defaults.Optimizer, (o, v) => o with { Optimizer = v }),
            Number("--batch", "Pairs of image and caption per step.", Defaults.BatchSize, (o, v) => o with { BatchSize = v }),
            Number("--learning-rate", "Learning rate.", Defaults.LearningRate, (o, v) => o with { LearningRate = v }),
            Limit("--backbone-learning-rate", "Learning rate of the backbone. Implies --fine-tune.",
                (o, v) => o with { BackboneLearningRate = v, FreezeBackbone = false }),
            Limit("--text-learning-rate", "Learning rate of the pretrained text weights.", (o, v) => o with { TextLearningRate = v }),
            Choice("--precision", "Numbers that training steps compute with. 'bfloat16_text' affects the text tower only.",
                Defaults.Precision, (o, v) => o with { Precision = v }),
            Switch("--freeze-text", "Keep the pretrained text weights and train only the layers above them.",
                (o, v) => v ? o with { FreezeText = true, TextLearningRate = null, Precision = WithoutText(o.Precision) }
                    : o with { FreezeText = false }),
            Choice("--schedule", "Learning rate schedule. 'paper' multiplies by 0.7 every 20 epochs.",
                Defaults.Schedule, (o, v) => o with { Schedule = v }),
            Number("--warm-up", "Epochs of linear warm-up.", Defaults.WarmUpEpochs, (o, v) => o with { WarmUpEpochs = v }),
            Number("--weight-decay", "Weight decay of 'adamw'.", Defaults.WeightDecay, (o, v) => o with { WeightDecay = v }),
            Number("--gradient-clip", "Maximum gradient norm. 0 switches clipping off.", Defaults.GradientClip,
                (o, v) => o with { GradientClip = v }),
            Number("--ema", "Decay of the moving average of the weights, such as 0.999. 0 switches it off.",
                Defaults.EmaDecay, (o, v) => o with { EmaDecay = v }),
        ]),
        ("Length",
        [
            Number("--epochs", "Maximum number of epochs.", Defaults.Epochs, (o, v) => o with { Epochs = v }),
            Limit("--minutes", "Maximum training time in minutes. Default: no limit.", (o, v) => o with { Minutes = v }),
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
