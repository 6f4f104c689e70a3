using System.CommandLine;
using System.Diagnostics;
using Swan.Benchmarks.Contenders;
using Swan.Cli.Bench;
using Swan.Cli.Options;

namespace Swan.Benchmarks.Commands;

/// <summary>The hidden command that the others start as processes of their own.</summary>
internal static class MeasureCommand
{
    private const int Sampled = 16;
    private static readonly Option<ContenderKind> Kind = new("--contender") { Required = true };
    private static readonly Option<int> Files = new NumberOption<int>("--files") { Required = true };
    private static readonly Option<int?> Batch = new OptionalNumberOption<int>("--batch");

    public static Command Create()
    {
        var command = new Command("measure", "Embeds rows and prints rate and memory.")
        {
            Kind, SharedOptions.Model, SharedOptions.Images, Files, SharedOptions.Rows, Batch,
        };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            string[] paths = ImageRows.Choose(parsed.GetRequiredValue(SharedOptions.Images), parsed.GetValue(Files));
            int rows = parsed.GetValue(SharedOptions.Rows);
            using Contender contender = Contender.Open(
                parsed.GetValue(Kind), parsed.GetRequiredValue(SharedOptions.Model), paths, rows, parsed.GetValue(Batch));
            var sample = new List<float[]>(Sampled);
            long read = 0;
            var use = new ProcessorUse();
            var clock = Stopwatch.StartNew();
            long allocated = GC.GetTotalAllocatedBytes(precise: true);
            int[] collections = Collections();
            contender.Run(embedding =>
            {
                read++;
                if (sample.Count < Sampled) sample.Add(embedding.ToArray());
            });
            clock.Stop();
            if (read != rows) throw new InvalidOperationException($"{read} rows came of {rows}.");
            ChildProcess.Answer(new Measurement(
                rows, clock.Elapsed.TotalSeconds, ChildProcess.PeakMemory(), use.OwnSeconds(), use.OthersShare(), [.. sample],
                GC.GetTotalAllocatedBytes(precise: true) - allocated, [.. Collections().Zip(collections, (now, before) => now - before)]));
        });
        return command;
    }

    // A collection of a generation counts as one of all younger ones, too.
    private static int[] Collections()
    {
        int[] counts = [.. Enumerable.Range(0, GC.MaxGeneration + 1).Select(GC.CollectionCount)];
        return [.. counts.Select((count, generation) => count - (generation == GC.MaxGeneration ? 0 : counts[generation + 1]))];
    }

    /// <summary>Measures in a process of its own.</summary>
    /// <param name="kind">What.</param>
    /// <param name="model">The model file.</param>
    /// <param name="images">The folder.</param>
    /// <param name="files">How many of its files.</param>
    /// <param name="rows">How many rows; files are repeated where there are more.</param>
    /// <param name="batch">Images per run of <see cref="ContenderKind.Bare"/>; null: as our encoder takes them.</param>
    public static Measurement Start(ContenderKind kind, string model, string images, int files, int rows, int? batch = null) =>
        ChildProcess.Run<Measurement>(
        [
            "measure", Kind.Name, kind.ToString(), SharedOptions.Model.Name, model, SharedOptions.Images.Name, images, Files.Name,
            $"{files}", SharedOptions.Rows.Name, $"{rows}",
            .. batch is { } b ? [Batch.Name, $"{b}"] : Array.Empty<string>(),
        ]);
}
