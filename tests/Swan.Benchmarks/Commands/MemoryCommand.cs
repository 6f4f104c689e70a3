using System.CommandLine;
using Swan.Benchmarks.Contenders;

namespace Swan.Benchmarks.Commands;

/// <summary>Whether our pipeline's memory grows with the data: peak memory over N rows and over ten times as many.</summary>
internal static class MemoryCommand
{
    private const int Times = 10;

    public static Command Create()
    {
        var command = new Command("memory",
            $"Peak memory of our pipeline over N rows and over {Times}N rows of the same files, each a process of its own.")
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
        Measurement[] runs =
            [.. new[] { rows, checked(Times * rows) }.Select(n => MeasureCommand.Start(ContenderKind.Swan, model, images, rows, n))];
        Report.Table(
            ["rows", "peak memory", "rows/s", "allocated a row", "collections of generation 0, 1, 2"],
            runs.Select(r => new[]
            {
                $"{r.Rows:N0}", Report.Megabytes(r.PeakBytes), $"{r.Rate:F1}", $"{r.AllocatedBytes / 1024.0 / r.Rows:F0} KB",
                string.Join(", ", r.Collections),
            }));
        Console.WriteLine($"\n  {(double)runs[1].PeakBytes / runs[0].PeakBytes - 1:+0.0 %;-0.0 %} memory for {Times} times the rows.");
        Report.Write(json, "memory", new { runs = runs.Select(r => new { r.Rows, r.PeakBytes, r.Rate, r.AllocatedBytes, r.Collections }) });
    }
}
