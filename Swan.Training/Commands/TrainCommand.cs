using System.CommandLine;
using Spectre.Console;
using Swan.MLNet.Data;
using Swan.MLNet.Models;
using Swan.Training.Data;
using Swan.Training.Network;

namespace Swan.Training.Commands;

/// <summary><c>swan train</c>.</summary>
internal static class TrainCommand
{
    private static readonly Option<string> DataFolder = new("--data") { Description = "Folder with train.jsonl (and val.jsonl), dataset_rsicd.json, or train_caps.txt; images in 'images'.", Required = true };
    private static readonly Option<string> Run = new("--out") { Description = "Folder that receives the run.", Required = true };
    private static readonly Option<FileInfo?> Config = new("--config") { Description = "JSON of training options, such as another run's config.json. Flags override it." };
    private static readonly Option<bool> Resume = new("--resume") { Description = "Go on where the run in --out stopped. Its config.json is used unless --config is given." };
    private static readonly Option<double> ValidationShare = new("--validation-share") { Description = "Share of the training images, by scene, that validates where the folder has no validation set.", DefaultValueFactory = _ => 0.2 };

    // Each flag changes one option; a flag that isn't given leaves the config file's value.
    private static readonly (Option Option, Func<ParseResult, SwanTrainerOptions, SwanTrainerOptions> Apply)[] Flags =
    [
        Flag<string>("--backbone", "resnet50, resnet18, efficientnet_lite0, or compact (small, made to learn from scratch).", (o, v) => o with { Network = o.Network with { Backbone = Named<SwanBackbone>(v) } }),
        Flag<string>("--backbone-weights", "Safetensors file with pretrained backbone weights (torchvision's or our names).", (o, v) => o with { BackboneWeights = v }),
        Flag<string>("--variant", "canonical or reference.", (o, v) => o with { Network = o.Network with { Variant = Named<SwanVariant>(v) } }),
        Flag<int>("--image-size", "Side of the network's input in pixels, a multiple of 32.", (o, v) => o with { Network = o.Network with { ImageSize = v } }),
        Flag<int>("--embedding-size", "Width of both embeddings.", (o, v) => o with { Network = o.Network with { EmbeddingSize = v } }),
        Flag<int>("--epochs", "At most so many epochs.", (o, v) => o with { Epochs = v }),
        Flag<double>("--minutes", "At most so many minutes.", (o, v) => o with { Minutes = v }),
        Flag<int>("--batch", "Pairs of image and caption in a step.", (o, v) => o with { BatchSize = v }),
        Flag<string>("--loss", "triplet_sum, triplet_hardest or info_nce.", (o, v) => o with { Loss = Named<LossKind>(v) }),
        Flag<string>("--optimizer", "adam or adamw.", (o, v) => o with { Optimizer = Named<OptimizerKind>(v) }),
        Flag<double>("--learning-rate", "The learning rate.", (o, v) => o with { LearningRate = v }),
        Flag<double>("--backbone-learning-rate", "The backbone's own learning rate; implies --fine-tune.", (o, v) => o with { BackboneLearningRate = v, FreezeBackbone = false }),
        Flag<bool>("--fine-tune", "Let the backbone learn too.", (o, v) => o with { FreezeBackbone = !v }),
        Flag<double>("--gradient-clip", "Limit of the gradients' norm.", (o, v) => o with { GradientClip = v }),
        Flag<string>("--augmentation", "none, paper or nadir.", (o, v) => o with { Augmentation = Named<AugmentationKind>(v) }),
        Flag<int>("--patience", "Stop when mR hasn't risen for so many validations.", (o, v) => o with { Patience = v }),
        Flag<int>("--seed", "Decides weights, order, captions and augmentation.", (o, v) => o with { Seed = v }),
        Flag<int>("--threads", "Threads of libtorch and of the loader; 0 for one a core.", (o, v) => o with { Threads = v }),
        Flag<string>("--device", "auto, cpu or cuda:N.", (o, v) => o with { Device = v }),
    ];

    public static Command Create()
    {
        var command = new Command("train", "Trains SWAN on a folder of images and captions.") { DataFolder, Run, Config, Resume, ValidationShare };
        foreach ((Option option, _) in Flags) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => Task.FromResult(Execute(parsed, cancellation)));
        return command;
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        string folder = parsed.GetRequiredValue(Run);
        bool resume = parsed.GetValue(Resume);
        string? config = parsed.GetValue(Config)?.FullName ?? (resume ? Path.Combine(folder, SwanRun.ConfigFile) : null);
        SwanTrainerOptions options = config is null ? new() : SwanTrainerOptionsJson.Load(config);
        foreach ((Option option, var apply) in Flags)
        {
            if (parsed.GetResult(option) is { Implicit: false }) options = apply(parsed, options);
        }

        (CaptionedImageSet train, CaptionedImageSet? validation) = CaptionedImageSet.Open(parsed.GetRequiredValue(DataFolder));
        if (validation is null) (train, validation) = Splits.Stratified(train, parsed.GetValue(ValidationShare), options.Seed);

        using var display = new TrainingDisplay(AnsiConsole.Console);
        TrainingResult result = new SwanTrainer(options).Train(train, validation, folder, resume, display, cancellation);
        display.Finish();
        AnsiConsole.MarkupLineInterpolated(result.End switch
        {
            TrainingEnd.Cancelled => (FormattableString)$"[yellow]Stopped.[/] Go on with: swan train --data {parsed.GetRequiredValue(DataFolder)} --out {folder} --resume",
            TrainingEnd.Time => $"The time is over.",
            TrainingEnd.Patience => $"mR has stopped rising.",
            _ => $"All epochs are done.",
        });
        if (result.Best is { } best)
        {
            AnsiConsole.MarkupLineInterpolated($"Best: epoch {result.BestEpoch + 1}, [bold]mR {best.MeanRecall:F2}[/] on {validation.Images.Count} validation images. Weights, metrics and curves are in '{folder}'.");
            AnsiConsole.MarkupLineInterpolated($"Next: swan export --run {folder} --out model.swan");
        }

        return result.End == TrainingEnd.Cancelled ? 130 : 0;
    }

    private static (Option, Func<ParseResult, SwanTrainerOptions, SwanTrainerOptions>) Flag<T>(string name, string description, Func<SwanTrainerOptions, T, SwanTrainerOptions> apply)
    {
        var option = new Option<T>(name) { Description = description };
        return (option, (parsed, options) => apply(options, parsed.GetValue(option)!));
    }

    // The names that JSON uses, so that a flag and a config file say the same.
    private static T Named<T>(string text) where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>())
        {
            if (string.Equals(SwanNames.Of(value), text, StringComparison.OrdinalIgnoreCase)) return value;
        }

        throw new FormatException($"'{text}' is none of {string.Join(", ", Enum.GetValues<T>().Select(SwanNames.Of))}.");
    }
}
