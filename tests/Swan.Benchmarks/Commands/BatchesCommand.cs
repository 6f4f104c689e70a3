using System.CommandLine;
using Swan.Benchmarks.Contenders;

namespace Swan.Benchmarks.Commands;

/// <summary>What an image costs by how many are encoded in one run: why our encoder takes few at a time on a CPU.</summary>
internal static class BatchesCommand
{
    private static readonly int[] Sizes = [1, 4, 8, 16, 32];

    public static Command Create()
    {
        var command = new Command("batches",
            "Bare ONNX Runtime by images per run: processor time an image and peak memory, each a process of its own.")
        {
            SharedOptions.Model, SharedOptions.Images, SharedOptions.Rows, SharedOptions.Json,
        };
        command.SetAction(parsed => Execute(
            parsed.GetRequiredValue(SharedOptions.Model), parsed.GetRequiredValue(SharedOptions.Images),
            parsed.GetValue(SharedOptions.Rows), parsed.GetValue(SharedOptions.Json)));
        return command;
    }

    private static void Execute(string model, string images, int rows, string? json)
    {
        var runs =
            Sizes.Select(size => (Size: size, Found: MeasureCommand.Start(ContenderKind.Bare, model, images, rows, rows, size))).ToArray();
        Report.Table(
            ["images per run", "processor ms/image", "images/s", "peak memory"],
            runs.Select(r => new[]
            {
                $"{r.Size}", $"{r.Found.ProcessorMillisecondsPerRow:F2}", $"{r.Found.Rate:F1}", Report.Megabytes(r.Found.PeakBytes),
            }));
        Report.Write(json, "batches", new
        {
            rows,
            runs = runs.Select(r => new { images = r.Size, r.Found.ProcessorMillisecondsPerRow, r.Found.Rate, r.Found.PeakBytes }),
        });
    }
}
