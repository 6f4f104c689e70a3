using System.CommandLine;
using Swan.Benchmarks.Steps;
using Swan.Cli.Options;
using Swan.Training;
using Swan.Training.Native;
using TorchSharp;

namespace Swan.Benchmarks.Commands;

/// <summary>Training steps of a recipe in each precision, and the part of a step that no network has a share in.</summary>
internal static class StepCommand
{
    private static readonly Option<string> Recipe = new("--recipe")
    {
        Description = "The recipe (JSON). Weights are random, and images and captions are made up.", Required = true,
    };

    private static readonly NumberOption<int> Turns = SharedOptions.AtLeastOne(new NumberOption<int>("--turns")
    {
        Description = "Steps of each precision, in turns.", DefaultValueFactory = _ => 5,
    });

    private static readonly NumberOption<int> Batch = SharedOptions.AtLeastOne(new NumberOption<int>("--batch")
    {
        Description = "Images of a step. The three networks' memory grows with it.", DefaultValueFactory = _ => 32,
    });

    private static readonly NumberOption<int> Rows = SharedOptions.AtLeastOne(new NumberOption<int>("--vocabulary-rows")
    {
        Description = "Rows of the word table.", DefaultValueFactory = _ => 30522,
    });

    public static Command Create()
    {
        var command = new Command("step", "Images/s of training steps in each precision, and time of the optimizer alone.")
        {
            Recipe, Turns, Batch, Rows, SharedOptions.Json,
        };
        command.SetAction(parsed => Execute(
            parsed.GetValue(Recipe)!, parsed.GetValue(Turns), parsed.GetValue(Batch), parsed.GetValue(Rows),
            parsed.GetValue(SharedOptions.Json)));
        return command;
    }

    private static void Execute(string recipe, int turns, int batch, int rows, string? json)
    {
        TorchLibrary.Prepare();
        SwanTrainerOptions options = SwanTrainerOptionsJson.Load(recipe);
        options = options with { BatchSize = batch, Network = options.Network with { VocabularyRows = rows } };
        // As in training: memory that steps free is used again.
        NativeAllocator.OnMainHeap(() =>
        {
            torch.Device device = TorchDevice.Resolve(options.Device).Device;
            (string Name, double Rate, double Ratio)[] steps = Steps(options, turns, device);
            Report.Table(["precision", "images/s", "of the recipe's"],
                steps.Select(s => new[] { s.Name, $"{s.Rate:F1}", $"{s.Ratio:F2}" }));
            (double together, double apart) = Updates(options, turns, device);
            Report.Table(["zero, clip, step, average", "ms"], [["long tensors", $"{together:F0}"], ["tensor by tensor", $"{apart:F0}"]]);
            Report.Write(json, "step", new
            {
                recipe, turns, batch, device = $"{device}", steps = steps.Select(s => new { s.Name, s.Rate, s.Ratio }), together, apart,
            });
            return 0;
        });
    }

    private static (string Name, double Rate, double Ratio)[] Steps(SwanTrainerOptions options, int turns, torch.Device device)
    {
        TrainingPrecision[] precisions = [options.Precision, .. Enum.GetValues<TrainingPrecision>().Where(p => p != options.Precision)];
        MeasuredStep[] contenders = [.. precisions.Select(p => new MeasuredStep(options with { Precision = p }, device))];
        foreach (MeasuredStep contender in contenders) contender.Take(); // makes what later steps use again
        var seconds = contenders.Select(_ => new List<double>()).ToArray();
        for (int turn = 0; turn < turns; turn++)
        {
            for (int i = 0; i < contenders.Length; i++) seconds[i].Add(contenders[i].Take());
        }
        foreach (MeasuredStep contender in contenders) contender.Dispose();
        double[] medians = [.. seconds.Select(Report.Median)];
        return [.. precisions.Select((p, i) => ($"{p}", options.BatchSize / medians[i], medians[0] / medians[i]))];
    }

    private static (double Together, double Apart) Updates(SwanTrainerOptions options, int turns, torch.Device device)
    {
        using var together = new MeasuredStep(options, device);
        using var apart = new TensorByTensor(options, device);
        var times = Enumerable.Range(0, turns + 1).Select(_ => (Together: together.Update(), Apart: apart.Update())).Skip(1).ToArray();
        return (Report.Median(times.Select(t => t.Together)), Report.Median(times.Select(t => t.Apart)));
    }
}
