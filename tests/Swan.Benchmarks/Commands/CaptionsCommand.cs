using Swan.Cli.Bench;
using Swan.Cli.Options;
using System.CommandLine;
using System.Diagnostics;
using Swan.MLNet.Models;

namespace Swan.Benchmarks.Commands;

/// <summary>Resident memory before, during and after a large batch of long captions, and what one costs.</summary>
internal static class CaptionsCommand
{
    private static readonly string[] Words =
        "many planes are parked near a large terminal building with green trees and a wide gray road beside it".Split(' ');

    private static readonly Option<string?> Model = new("--model") { Description = "The model file (.swan). Default: the one inside." };
    private static readonly NumberOption<int> Captions = SharedOptions.AtLeastOne(new NumberOption<int>("--captions")
    {
        Description = "Captions of the large batch.", DefaultValueFactory = _ => 512,
    });

    private static readonly NumberOption<int> Length = SharedOptions.AtLeastOne(new NumberOption<int>("--words")
    {
        Description = "Words of each caption.", DefaultValueFactory = _ => 60,
    });

    public static Command Create()
    {
        var command = new Command("captions", "Memory that a large batch of long captions takes and keeps.")
        {
            Model, Captions, Length, SharedOptions.Json,
        };
        command.SetAction(parsed => Execute(
            parsed.GetValue(Model), parsed.GetValue(Captions), parsed.GetValue(Length), parsed.GetValue(SharedOptions.Json)));
        return command;
    }

    private static void Execute(string? path, int captions, int words, string? json)
    {
        using SwanModel model = path is null ? SwanModel.OpenDefault() : SwanModel.Open(path);
        (int Captions, double Milliseconds, long Resident, long Peak)[] steps =
            [.. new[] { 1, 64, captions, 1, 64 }.Select(count => Embed(model, words, count))];
        Report.Table(
            ["captions in a batch", "processor ms a caption", "resident after", "peak so far"],
            steps.Select(s => new[]
            {
                $"{s.Captions:N0}", $"{s.Milliseconds:F1}", Report.Megabytes(s.Resident), Report.Megabytes(s.Peak),
            }));
        Report.Write(json, "captions", new { words, steps = steps.Select(s => new { s.Captions, s.Milliseconds, s.Resident, s.Peak }) });
    }

    private static (int Captions, double Milliseconds, long Resident, long Peak) Embed(SwanModel model, int words, int count)
    {
        var use = new ProcessorUse();
        model.EmbedCaptions(count, i => Caption(i, words), batchSize: count);
        double milliseconds = 1000 * use.OwnSeconds() / count;
        // What .NET has not collected yet is not the encoder's.
        GC.Collect();
        using Process process = Process.GetCurrentProcess();
        return (count, milliseconds, process.WorkingSet64, process.PeakWorkingSet64);
    }

    // Equal ones would be encoded once: the words of each begin with its number in their number system.
    private static string Caption(int number, int words) => string.Join(' ', Enumerable.Range(0, words).Select(i =>
        Words[(i < 3 ? number / (int)Math.Pow(Words.Length, i) : i) % Words.Length]));
}
