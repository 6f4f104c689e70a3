using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;
using Swan.Cli.Display;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.Training;
using Swan.Training.Native;
using Swan.Training.Network;
using TorchSharp;

namespace Swan.Cli.Commands;

/// <summary><c>swan train</c>: trains a model, or resumes a run.</summary>
internal static class TrainCommand
{
    private static readonly Option<string> Data = new("--data")
    {
        Description = "Data folder: train.jsonl (and val.jsonl), a dataset_*.json or train_caps.txt, with the images in 'images'.",
            HelpName = "folder",
        Required = true,
    };
    private static readonly Option<string> Run = new("--out")
    {
        Description = "Folder of the run: configuration, metrics, curves and weights.", HelpName = "folder", Required = true,
    };
    private static readonly Option<string?> Config = new("--config")
    {
        Description = "Training options in JSON, such as another run's config.json, or 'paper' for the paper's; flags override it. "
            + "Default: options that suit the data and the weights.",
        HelpName = "file.json|paper",
    };
    private const string Paper = "paper";
    private static readonly Option<bool> Resume =
        new("--resume") { Description = "Continue the run in --out, with its options unless --config is given." };
    private static readonly Option<bool> SkipMissing = SharedOptions.SkipMissing();
    private static readonly Option<bool> Json = SharedOptions.Json(
        "Print the result as JSON on standard output. Progress goes to standard error.");

    public static Command Create()
    {
        DocumentedCommand command = new DocumentedCommand(
            "train", "Trains SWAN on a folder of images and captions. Ctrl+C stops it cleanly; --resume continues.",
            "swan train --data data --out run --epochs 10").With("Run", Data, SkipMissing, Run, Config, Resume, Json);
        foreach ((string heading, TrainingFlag[] flags) in TrainingFlags.Groups) command.With(heading, [.. flags.Select(f => f.Option)]);
        return command.Runs(Execute);
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        string folder = parsed.GetRequiredValue(Run), data = parsed.GetRequiredValue(Data);
        ModelFile.CheckOutputFolder(folder);
        bool resume = parsed.GetValue(Resume), asJson = parsed.GetValue(Json);
        SwanTrainer? configured = Configured(parsed, folder, resume) is { } options ? new(options) : null;
        if (!resume && ((string[])[SwanRun.ConfigFile, SwanRun.BestFile, SwanRun.LastFolder])
            .Any(name => Path.Exists(Path.Combine(folder, name))))
            throw new CommandException($"'{folder}' already holds a training run. Resume it (--resume), or choose another folder.");
        TorchLibrary.Require();
        // What can't be right with any data is said before data are read.
        SwanTrainer before = configured ?? new(Plan(parsed, new([]), null).Options);
        if (!resume) before.CheckStart();
        bool skipMissing = parsed.GetValue(SkipMissing);
        (CaptionedImageSet train, CaptionedImageSet? validation) = CaptionedImageSet.Open(data, skipMissing);
        MissingImages.Say(train);
        if (validation is not null) MissingImages.Say(validation);
        UnusedSplits.Say(train);
        using var display = new TrainingDisplay(
            asJson ? AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) }) : AnsiConsole.Console);
        TrainingPlan? plan = configured is null ? Plan(parsed, train, validation) : null;
        foreach (string line in plan?.Lines ?? []) display.Say(line);
        SwanTrainer trainer = configured ?? plan!.CreateTrainer();
        TrainingResult result = trainer.Train(train, validation, folder, resume, display, cancellation);
        display.Finish(result, $"swan train --data {Quoted(data)} --out {Quoted(folder)}{(skipMissing ? " --skip-missing" : "")} --resume",
            $"swan export --run {Quoted(folder)} --out model.swan");
        if (asJson) JsonOutput.Write(ToJson(result));
        return result.End == StopReason.Cancelled ? ExitCode.Stopped : ExitCode.Done;
    }

    // Null where the options are to suit the data.
    private static SwanTrainerOptions? Configured(ParseResult parsed, string folder, bool resume)
    {
        string? config = parsed.GetValue(Config) ?? (resume ? Path.Combine(folder, SwanRun.ConfigFile) : null);
        if (resume && config != Paper && !File.Exists(config))
            throw new CommandException($"'{folder}' holds no training run that could be resumed. Leave --resume out to start one.");
        if (config is null) return null;
        SwanTrainerOptions options = TrainingFlags.Apply(parsed, Read(new()));
        // Again, on top of the shape of the model that it starts from: what nothing says of it is left to the model.
        return resume || options.Init is not { } init ? options : TrainingFlags.Apply(parsed, Read(InitialShape.Beneath(init)));

        SwanTrainerOptions Read(SwanTrainerOptions onto) => config == Paper ? onto : SwanTrainerOptionsJson.Load(config, onto);
    }

    private static TrainingPlan Plan(ParseResult parsed, CaptionedImageSet train, CaptionedImageSet? validation)
    {
        SwanDevice device = TrainingFlags.Apply(parsed, new()).Device;
        return TrainingPlan.Choose(train, validation, TorchDevice.Resolve(device).Device.type == DeviceType.CUDA,
            options => TrainingFlags.Apply(parsed, options));
    }

    private static JsonObject ToJson(TrainingResult result) => new()
    {
        ["run"] = result.Run.Folder,
        ["end"] = result.End switch
        {
            StopReason.Cancelled => "stopped",
            StopReason.TimeLimit => "time_limit",
            StopReason.EarlyStopping => "early_stopping",
            _ => "completed",
        },
        ["bestEpoch"] = result.Best is null ? null : result.BestEpoch + 1,
        ["meanRecall"] = result.Best?.MeanRecall,
        ["validationImages"] = result.Best?.Images,
    };

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
}
