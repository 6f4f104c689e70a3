using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Swan.Cli.Options;
using Swan.MLNet.Transforms;

namespace Swan.Benchmarks.Commands;

/// <summary>Where the time goes from a process's start to its first caption, and the memory of processes that search.</summary>
internal static class StartCommand
{
    private static readonly Option<string?> Model = new("--model") { Description = "The model file (.swan). Default: the one inside." };
    private static readonly NumberOption<int> Turns = SharedOptions.AtLeastOne(new NumberOption<int>("--turns")
    {
        Description = "Processes of each kind, in turns; figures are medians.", DefaultValueFactory = _ => 5,
    });

    public static Command Create()
    {
        var command = new Command("start",
            "Time from a process's start to its first caption, phase by phase, and memory of a process that searches by text, and of one "
            + "with both towers and a pool of prediction engines.")
        {
            Model, Turns, SharedOptions.Json,
        };
        command.SetAction(parsed => Execute(parsed.GetValue(Model), parsed.GetValue(Turns), parsed.GetValue(SharedOptions.Json)));
        return command;
    }

    private static void Execute(string? model, int turns, string? json)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("swan-benchmarks-");
        try
        {
            string pipeline = SavePipeline(model, Path.Combine(folder.FullName, "captions.zip"));
            StartKind[] kinds = Enum.GetValues<StartKind>();
            // One of each that isn't counted: files come from the disk.
            foreach (StartKind kind in kinds) Run(kind, model, pipeline);
            var runs = new List<(StartKind Kind, StartPhase[] Phases)>();
            for (int turn = 0; turn < turns; turn++)
            {
                foreach (StartKind kind in kinds) runs.Add((kind, Run(kind, model, pipeline)));
            }
            StartPhase[][] medians = [.. kinds.Select(kind => Medians([.. runs.Where(r => r.Kind == kind).Select(r => r.Phases)]))];
            foreach ((StartKind kind, StartPhase[] phases) in kinds.Zip(medians)) Print(kind, phases);
            Report.Write(json, "start", new
            {
                model = model ?? "default", turns, medians = kinds.Zip(medians).ToDictionary(m => $"{m.First}", m => m.Second),
            });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static StartPhase[] Run(StartKind kind, string? model, string pipeline) => ChildProcess.Run<StartPhase[]>(
        StartChild.Name, $"{kind}", Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture), model ?? "", pipeline);

    private static StartPhase[] Medians(StartPhase[][] runs)
    {
        return
        [
            .. runs[0].Select((phase, i) => new StartPhase(
                phase.Name, Of(i, p => p.Wall), Of(i, p => p.Processor), Of(i, p => p.Compiling), (long)Of(i, p => p.Resident),
                (long)Of(i, p => p.Peak), (long)Of(i, p => p.Own), (long)Of(i, p => p.Managed))),
        ];

        double Of(int phase, Func<StartPhase, double> figure) => Report.Median(runs.Select(run => figure(run[phase])));
    }

    private static void Print(StartKind kind, StartPhase[] phases)
    {
        Console.WriteLine($"\n{kind}");
        StartPhase total = phases[^1] with
        {
            Name = "all", Wall = phases.Sum(p => p.Wall), Processor = phases.Sum(p => p.Processor),
            Compiling = phases.Sum(p => p.Compiling),
        };
        Report.Table(
            ["phase", "ms", "processor ms", "compiling ms", "resident", "peak", "not of files", ".NET's heap"],
            phases.Append(total).Select(p => new[]
            {
                p.Name, $"{p.Wall:F0}", $"{p.Processor:F0}", $"{p.Compiling:F0}", Report.Megabytes(p.Resident), Report.Megabytes(p.Peak),
                Report.Megabytes(p.Own), Report.Megabytes(p.Managed),
            }));
    }

    private static string SavePipeline(string? model, string path)
    {
        var ml = new MLContext();
        IDataView none = ml.Data.LoadFromEnumerable(Array.Empty<StartRow>());
        var options = new SwanEmbeddingOptions { Input = SwanInput.Caption };
        var estimator = model is null
            ? ml.Transforms.SwanEmbedding(nameof(StartEmbedding.Embedding), nameof(StartRow.Text), options)
            : ml.Transforms.SwanEmbedding(nameof(StartEmbedding.Embedding), nameof(StartRow.Text), model, options);
        using SwanEmbeddingTransformer fitted = estimator.Fit(none);
        ml.Model.Save(fitted, none.Schema, path);
        return path;
    }
}
