using System.CommandLine;
using Spectre.Console;
using Swan.MLNet.Models;
using Swan.Training.Export;

namespace Swan.Training.Commands;

/// <summary><c>swan export</c>.</summary>
internal static class ExportCommand
{
    private static readonly Option<string> Run = new("--run") { Description = "Folder of a training run.", Required = true };
    private static readonly Option<string> Out = new("--out") { Description = "The model file to write, such as rsicd.swan.", Required = true };
    private static readonly Option<string?> Name = new("--name") { Description = "The model's name in its card. Default: backbone and variant." };
    private static readonly Option<int> PadTo = new("--pad-to") { Description = "Only for the reference variant: encode each caption as if padded to so many words, as published weights saw it. Default: padding is masked." };

    public static Command Create()
    {
        var command = new Command("export", "Writes a run's best network as a model file that Swan.MLNet and ONNX Runtime use without TorchSharp.") { Run, Out, Name, PadTo };
        command.SetAction((parsed, cancellation) => Task.Run(() => Execute(parsed, cancellation), CancellationToken.None)); // or Ctrl+C would find no handler yet
        return command;
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(Out);
        int padTo = parsed.GetValue(PadTo);
        if (padTo < 0) throw new ArgumentException($"--pad-to is {padTo}; expected the number of words to pad to, or leave it out.");
        if (Path.GetFileName(path).Length == 0) throw new ArgumentException($"--out is '{path}', which is a folder; expected a file such as {Path.Combine(path, "rsicd.swan")}.");
        ModelCard card = SwanExporter.Export(SwanRun.Open(parsed.GetRequiredValue(Run)), path, new SwanExportOptions
        {
            Name = parsed.GetValue(Name),
            Padding = padTo > 0 ? SwanPadding.Fixed : SwanPadding.Masked,
            PaddedLength = padTo,
        }, cancellation);
        AnsiConsole.MarkupLineInterpolated($"[bold]{path}[/]: {card.Name}, {card.Parameters:N0} parameters, {new FileInfo(path).Length / 1048576.0:F1} MB, {card.EmbeddingSize} values an embedding.");
        AnsiConsole.MarkupLineInterpolated($"ONNX Runtime and TorchSharp agree to {card.ExportDifference:G2} on random images and captions.");
        foreach (CardMetric metric in card.Metrics.Take(1)) AnsiConsole.MarkupLineInterpolated($"{metric.Name} {metric.Value:F2} on {metric.Data}.");
        AnsiConsole.MarkupLineInterpolated($"Next: swan search --model {path} --images DIR --query \"planes parked beside a terminal\" --top 5");
        return 0;
    }
}
