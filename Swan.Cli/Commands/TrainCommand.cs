using System.CommandLine;
using Spectre.Console;
using Swan.Cli.Display;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.Training;
using Swan.Training.Network;

namespace Swan.Cli.Commands;

/// <summary><c>swan train</c>.</summary>
internal static class TrainCommand
{
    private static readonly Option<string> DataFolder = new("--data") { Description = "Folder with train.jsonl (and val.jsonl), dataset_rsicd.json, or train_caps.txt; images in 'images'.", Required = true };
    private static readonly Option<string> Run = new("--out") { Description = "Folder that receives the run: configuration, metrics, curves, the best weights.", Required = true };
    private static readonly Option<FileInfo?> Config = new("--config") { Description = "JSON of training options, such as another run's config.json: it has every option there is. Flags override it." };
    private static readonly Option<bool> Resume = new("--resume") { Description = "Go on where the run in --out stopped. Its config.json is used unless --config is given." };

    private static readonly SwanTrainerOptions Defaults = new();

    // Each flag changes one option; a flag that isn't given leaves the config file's value.
    private static readonly Flag[] Flags =
    [
        Choice("--backbone", "The network below the image tower; 'small_convnet' is made to learn from scratch.", Defaults.Network.Backbone,
            SwanBackbones.Names, (o, v) => o with { Network = o.Network with { Backbone = v } }),
        File("--backbone-weights", "Safetensors file with pretrained weights of the backbone.", (o, v) => o with { BackboneWeights = v }),
        Switch("--fine-tune", "Let the backbone learn too; without it, its weights stay as they are.", (o, v) => o with { FreezeBackbone = !v }),
        Choice("--variant", "Which reading of the paper: 'canonical' learns all of it, 'reference' is what published checkpoints are.", Defaults.Network.Variant, (o, v) => o with { Network = o.Network with { Variant = v } }),
        Number("--image-size", "Side of the network's input in pixels, a multiple of 32.", Defaults.Network.ImageSize, (o, v) => o with { Network = o.Network with { ImageSize = v } }),
        Number("--embedding-size", "Numbers in an embedding.", Defaults.Network.EmbeddingSize, (o, v) => o with { Network = o.Network with { EmbeddingSize = v } }),
        Choice("--text-tower", "What reads captions: 'gru' learns the training captions' words, 'minilm' is a pretrained sentence encoder.", Defaults.Network.TextTower, (o, v) => o with { Network = o.Network with { TextTower = v } }),
        File("--text-weights", "Safetensors file with pretrained weights of 'minilm'.", (o, v) => o with { TextWeights = v }),
        File("--word-vectors", "Text file of word vectors (GloVe's format) that the words start from.", (o, v) => o with { WordVectors = v }),
        File("--vocabulary", "Vocabulary in the authors' JSON, instead of one from the training captions; for 'minilm' its vocab.txt.", (o, v) => o with { Vocabulary = v }),
        Number("--validation-share", "Share of the training images that validates where the folder has no validation set.", Defaults.ValidationShare, (o, v) => o with { ValidationShare = v }),
        Switch("--train-on-validation", "Learn from the validation images, too, and keep the last epoch: for a last run by a recipe that has been chosen.", (o, v) => o with { TrainOnValidation = v }),

        Number("--epochs", "At most so many epochs.", Defaults.Epochs, (o, v) => o with { Epochs = v }),
        new(new Option<double>("--minutes") { Description = "At most so many minutes. Default: no limit." }, (p, o, name) => o with { Minutes = p.GetValue<double>(name) }),
        Number("--patience", "Stop when mR hasn't risen for so many validations; 0 for never.", Defaults.Patience, (o, v) => o with { Patience = v }),
        Number("--batch", "Pairs of image and caption in a step.", Defaults.BatchSize, (o, v) => o with { BatchSize = v }),
        Choice("--pairs", "What an epoch shows: every caption once, or every image once.", Defaults.Pairs, (o, v) => o with { Pairs = v }),
        Choice("--augmentation", "How training images are changed at random; 'nadir' knows that no direction is up.", Defaults.Augmentation, (o, v) => o with { Augmentation = v }),
        Choice("--loss", "What is minimised.", Defaults.Loss, (o, v) => o with { Loss = v }),
        Number("--soft-targets", "Share of InfoNCE's targets that goes to pairs of the batch by how much they resemble each other.", Defaults.SoftTargets, (o, v) => o with { SoftTargets = v }),
        new(new Option<string[]>("--teacher") { Description = "Finished model whose judgement of the training pairs makes the soft targets; give the option once for each of several.", HelpName = "file" }, (p, o, name) => o with { Teachers = p.GetValue<string[]>(name) }),
        Choice("--optimizer", "How.", Defaults.Optimizer, (o, v) => o with { Optimizer = v }),
        Number("--learning-rate", "The learning rate.", Defaults.LearningRate, (o, v) => o with { LearningRate = v }),
        new(new Option<double>("--backbone-learning-rate") { Description = "The backbone's own learning rate; implies --fine-tune." }, (p, o, name) => o with { BackboneLearningRate = p.GetValue<double>(name), FreezeBackbone = false }),
        new(new Option<double>("--text-learning-rate") { Description = "The pretrained text tower's own learning rate." }, (p, o, name) => o with { TextLearningRate = p.GetValue<double>(name) }),
        Switch("--freeze-text", "Leave the pretrained text tower as it is and learn only what stands on it; how it would learn is passed over.", (o, v) => v ? o with { FreezeText = true, TextLearningRate = null, TextInBfloat16 = false } : o with { FreezeText = false }),
        Number("--scene-weight", "Weight of a scene classifier's loss beside the retrieval loss; 0 for none.", Defaults.SceneWeight, (o, v) => o with { SceneWeight = v }),
        Choice("--schedule", "How the learning rate falls: 'paper' is ×0.7 every 20 epochs.", Defaults.Schedule, (o, v) => o with { Schedule = v }),
        Number("--warm-up", "Epochs over which the learning rate rises first.", Defaults.WarmUpEpochs, (o, v) => o with { WarmUpEpochs = v }),
        Number("--weight-decay", "Decay of the weights; adamw only.", Defaults.WeightDecay, (o, v) => o with { WeightDecay = v }),
        Number("--gradient-clip", "Limit of the gradients' norm; 0 for none.", Defaults.GradientClip, (o, v) => o with { GradientClip = v }),
        Number("--ema", "Decay of the weights' moving average that is validated and kept, such as 0.999; 0 for none.", Defaults.EmaDecay, (o, v) => o with { EmaDecay = v }),

        Number("--seed", "Decides weights, order, captions, augmentation and the validation split.", Defaults.Seed, (o, v) => o with { Seed = v }),
        Number("--threads", "Threads of libtorch and of the loader; 0 for one a core.", Defaults.Threads, (o, v) => o with { Threads = v }),
        new(new Option<string>("--device") { Description = "auto (a GPU if one works), cpu, cuda or cuda:N. Default: auto." }, (p, o, name) => o with { Device = SwanDevice.Parse(p.GetValue<string>(name)!) }),
    ];

    public static Command Create()
    {
        var command = new Command("train", "Trains SWAN on a folder of images and captions. Ctrl+C stops it cleanly; --resume goes on.") { DataFolder, Run, Config, Resume };
        foreach (Flag flag in Flags) command.Options.Add(flag.Option);
        // On a thread of its own: Ctrl+C is handled only once the action has given control back.
        command.SetAction((parsed, cancellation) => Task.Factory.StartNew(() => Execute(parsed, cancellation), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        return command;
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        string folder = parsed.GetRequiredValue(Run), data = parsed.GetRequiredValue(DataFolder);
        bool resume = parsed.GetValue(Resume);
        string? config = parsed.GetValue(Config)?.FullName ?? (resume ? Path.Combine(folder, SwanRun.ConfigFile) : null);
        if (resume && !System.IO.File.Exists(config)) throw new SwanTrainingException($"'{folder}' holds no training run that could be resumed. Leave --resume out to start one.");
        SwanTrainerOptions options = config is null ? Defaults : SwanTrainerOptionsJson.Load(config);
        foreach (Flag flag in Flags)
        {
            if (parsed.GetResult(flag.Option) is { Implicit: false }) options = flag.Apply(parsed, options, flag.Option.Name);
        }

        var trainer = new SwanTrainer(options);
        (CaptionedImageSet train, CaptionedImageSet? validation) = CaptionedImageSet.Open(data);
        using var display = new TrainingDisplay(AnsiConsole.Console);
        TrainingResult result = trainer.Train(train, validation, folder, resume, display, cancellation);
        display.Finish(result, $"swan train --data {Quoted(data)} --out {Quoted(folder)} --resume", $"swan export --run {Quoted(folder)} --out model.swan");
        return result.End == StopReason.Cancelled ? 130 : 0;
    }

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;

    private static Flag Number<T>(string name, string description, T given, Func<SwanTrainerOptions, T, SwanTrainerOptions> apply) where T : struct, IFormattable =>
        new(new Option<T>(name) { Description = $"{description} Default: {given.ToString(null, System.Globalization.CultureInfo.InvariantCulture)}." }, (parsed, options, flag) => apply(options, parsed.GetValue<T>(flag)));

    private static Flag File(string name, string description, Func<SwanTrainerOptions, string, SwanTrainerOptions> apply) =>
        new(new Option<string>(name) { Description = description, HelpName = "file" }, (parsed, options, flag) => apply(options, parsed.GetValue<string>(flag)!));

    private static Flag Switch(string name, string description, Func<SwanTrainerOptions, bool, SwanTrainerOptions> apply) =>
        new(new Option<bool>(name) { Description = description }, (parsed, options, flag) => apply(options, parsed.GetValue<bool>(flag)));

    // The names that JSON uses, so that a flag and a config file say the same.
    private static Flag Choice<T>(string name, string description, T given, Func<SwanTrainerOptions, T, SwanTrainerOptions> apply) where T : struct, Enum
    {
        var byName = Enum.GetValues<T>().ToDictionary(JsonEnumNames.For, v => v, StringComparer.Ordinal);
        return Choice(name, description, JsonEnumNames.For(given), byName.Keys, (options, value) => apply(options, byName[value]));
    }

    private static Flag Choice(
        string name, string description, string given, IEnumerable<string> names,
        Func<SwanTrainerOptions, string, SwanTrainerOptions> apply)
    {
        var option = new Option<string>(name) { Description = $"{description} Default: {given}." };
        option.AcceptOnlyFromAmong([.. names]);
        return new(option, (parsed, options, flag) => apply(options, parsed.GetValue<string>(flag)!));
    }

    private sealed record Flag(Option Option, Func<ParseResult, SwanTrainerOptions, string, SwanTrainerOptions> Apply);
}
