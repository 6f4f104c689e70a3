using System.CommandLine;
using Spectre.Console;
using Swan.MLNet.ModelFiles;
using Swan.Training;
using Swan.Training.Export;
using Swan.Training.Network;
using Swan.Training.Reports;

namespace Swan.Cli.Commands;

/// <summary><c>swan export</c>.</summary>
internal static class ExportCommand
{
    private static readonly Option<string> Run = new("--run") { Description = "Folder of a training run.", Required = true };
    private static readonly Option<string> Out = new("--out") { Description = "The model file to write, such as rsicd.swan.", Required = true };
    private static readonly Option<string?> Name = new("--name") { Description = "The model's name in its card. Default: backbone and variant." };
    private static readonly Dictionary<string, SwanWeightPrecision> Precisions = Enum.GetValues<SwanWeightPrecision>().ToDictionary(JsonEnumNames.For, StringComparer.Ordinal);
    private static readonly Option<string> Weights = MakeWeights();
    private static readonly Option<int?> Words = new("--max-vocabulary") { Description = "Only for the text tower 'minilm': keep at most so many of its words, those of the training captions (--data) and then the most frequent. Others are spelled from pieces. Default: all." };
    private static readonly Option<string?> Data = new("--data") { Description = "With --words: the folder that the run was trained with." };
    private static readonly Option<string?> Twin = new("--held-out-model") { Description = "For a run that has learned from its validation images (--train-on-validation): a model file by the same recipe that hasn't, whose metrics the card names as the twin's.", HelpName = "file" };
    private static readonly Option<int> PadTo = new("--pad-to") { Description = "Only for the reference variant: encode each caption as if padded to so many words, as published weights saw it. Default: padding is masked." };

    public static Command Create()
    {
        var command = new Command("export", "Writes a run's best network as a model file that Swan.MLNet and ONNX Runtime use without TorchSharp.") { Run, Out, Name, Weights, Words, Data, Twin, PadTo };
        command.SetAction((parsed, cancellation) => Task.Run(() => Execute(parsed, cancellation), CancellationToken.None)); // or Ctrl+C would find no handler yet
        return command;
    }

    private static Option<string> MakeWeights()
    {
        var weights = new Option<string>("--weights") { Description = "How weights are stored: float32 as trained, float16 for half of the size, int8 for a quarter or less. The card says what the rounding costs.", DefaultValueFactory = _ => JsonEnumNames.For(SwanWeightPrecision.Float32) };
        weights.AcceptOnlyFromAmong([.. Precisions.Keys]);
        return weights;
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(Out);
        int padTo = parsed.GetValue(PadTo);
        if (padTo < 0) throw new ArgumentException($"--pad-to is {padTo}; expected the number of words to pad to, or leave it out.");
        if (Path.GetFileName(path).Length == 0) throw new ArgumentException($"--out is '{path}', which is a folder; expected a file such as {Path.Combine(path, "rsicd.swan")}.");
        (int? words, string? data) = (parsed.GetValue(Words), parsed.GetValue(Data));
        if (words is null != data is null) throw new ArgumentException($"{(words is null ? "--data" : "--max-vocabulary")} is given without {(words is null ? "--max-vocabulary" : "--data")}; expected both, or neither: the words of the captions in --data are the ones that --max-vocabulary keeps in any case.");
        SwanRun run = SwanRun.Open(parsed.GetRequiredValue(Run));
        IReadOnlyList<CardMetric> twinsMetrics = parsed.GetValue(Twin) is { } twin ? HeldOutModel.Metrics(twin, run) : [];
        ModelCard card = SwanExporter.Export(run, path, new SwanExportOptions
        {
            Name = parsed.GetValue(Name),
            WeightPrecision = Precisions[parsed.GetRequiredValue(Weights)],
            MaxVocabularySize = words,
            Metrics = twinsMetrics,
            VocabularyCaptions = data is null ? [] : run.OpenTrainingSet(data).Captions,
            Padding = padTo > 0 ? SwanPadding.Fixed : SwanPadding.Masked,
            PaddedLength = padTo,
        }, cancellation);
        AnsiConsole.MarkupLineInterpolated($"[bold]{path}[/]: {card.Name}, {card.Parameters:N0} parameters, {new FileInfo(path).Length / 1e6:F1} MB, {card.EmbeddingSize} values an embedding.");
        AnsiConsole.MarkupLineInterpolated($"ONNX Runtime and TorchSharp agree to {card.ExportDifference:G2} on random images and captions.");
        if (card.Weights is { } stored) AnsiConsole.MarkupLineInterpolated($"With weights in {JsonEnumNames.For(stored.Precision)}, the cosine to TorchSharp's embeddings is {stored.MeanCosine:F5} on average and {stored.MinCosine:F5} at worst.");
        if (card.TrainedVocabularySize is { } trained) AnsiConsole.MarkupLineInterpolated($"{card.Text.VocabularySize:N0} of {trained:N0} words are kept.");
        foreach (CardMetric metric in card.Metrics.Take(1)) AnsiConsole.MarkupLineInterpolated($"{metric.Name} {metric.Value:F2} on {metric.Data}.");
        AnsiConsole.MarkupLineInterpolated($"Next: swan search --model {path} --images DIR --query \"planes parked beside a terminal\" --top 5");
        return 0;
    }
}
