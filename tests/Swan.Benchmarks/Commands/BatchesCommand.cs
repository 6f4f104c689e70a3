using System.CommandLine;
using Swan.Benchmarks.Contenders;

namespace Swan.Benchmarks.Commands;

/// <summary>What an image costs by how many are encoded in one run and how runs share the processors: why our encoder takes few at a time
/// on a CPU, and one thread a run.</summary>
internal static class BatchesCommand
{
    private static readonly int[] Sizes = [1, 2, 4, 8, 16, 32];

    public static Command Create()
    {
        var command = new Command("batches",
            "Bare ONNX Runtime by images per run, with one thread a run and with all threads in one run: each a process of its own.")
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
        var runs = Sizes.Select(size =>
        (
            Size: size,
            OneThread: MeasureCommand.Start(ContenderKind.Bare, model, images, rows, rows, size),
            OneRun: MeasureCommand.Start(ContenderKind.OneRun, model, images, rows, rows, size)
        )).ToArray();
        Report.Table(
            [
                "images per run", "one thread a run: processor ms/image", "images/s", "ms/run", "peak memory",
                "one run of all threads: processor ms/image", "images/s", "ms/run", "peak memory",
            ],
            runs.Select(r => (string[])
            [
                $"{r.Size}", .. Cells(r.OneThread, r.Size, Environment.ProcessorCount), .. Cells(r.OneRun, r.Size, 1),
            ]));
        Report.Write(json, "batches", new
        {
            rows,
            runs = runs.Select(r => new { images = r.Size, oneThread = Figures(r.OneThread), oneRun = Figures(r.OneRun) }),
        });
    }

    private static string[] Cells(Measurement found, int size, int atOnce) =>
    [
        $"{found.ProcessorMillisecondsPerRow:F2}", $"{found.Rate:F1}", $"{1000 * size * atOnce / found.Rate:F1}",
        Report.Megabytes(found.PeakBytes),
    ];

    private static object Figures(Measurement found) => new { found.ProcessorMillisecondsPerRow, found.Rate, found.PeakBytes };
}
