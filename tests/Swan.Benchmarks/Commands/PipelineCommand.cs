using System.CommandLine;
using System.Numerics.Tensors;
using System.Text.Json;
using Swan.Benchmarks.Contenders;
using Swan.Cli.Options;
using Swan.MLNet.ModelFiles;

namespace Swan.Benchmarks.Commands;

/// <summary>Rates and memory of our pipeline, of stock ML.NET and of bare ONNX Runtime, in turns.</summary>
internal static class PipelineCommand
{
    private const int MaxTries = 3;
    private static readonly Option<int> Runs = SharedOptions.AtLeastOne(new NumberOption<int>("--runs")
    {
        Description = "Runs of each, in turns, after one that isn't counted.",
        DefaultValueFactory = _ => 5,
    });

    private static readonly Option<double> Quiet = new NumberOption<double>("--quiet")
    {
        Description = "Repeat a run if other processes took more than this share of the processors meanwhile (Linux). 1: never.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly (ContenderKind Kind, string Name)[] All =
    [
        (ContenderKind.Swan, "Swan pipeline: image paths → SwanEmbedding"),
        (ContenderKind.Stock, "stock ML.NET: LoadImages → ResizeImages → ExtractPixels → ApplyOnnxModel"),
        (ContenderKind.Bare, "bare ONNX Runtime: images decoded before, a run of one thread a processor"),
        (ContenderKind.OneRun, "bare ONNX Runtime: one run of all threads"),
        (ContenderKind.Decoding, "decoding and resizing alone"),
        (ContenderKind.OtherSwan, "Swan pipeline with the second model"),
        (ContenderKind.OtherBare, "bare ONNX Runtime with the second model, a run of one thread a processor"),
    ];

    private static readonly Option<string?> Beside = new("--beside")
    {
        Description = "A second model of the same sizes, such as the first in int8: our pipeline and bare ONNX Runtime with it.",
    };

    private static readonly Option<string?> Compare = new("--compare")
    {
        Description = "Print the ratios to the figures that an earlier run wrote with --json.",
    };

    public static Command Create()
    {
        var command = new Command("pipeline", "Our pipeline beside stock ML.NET and bare ONNX Runtime, each run a process of its own.")
        {
            SharedOptions.Model, Beside, SharedOptions.Images, SharedOptions.Rows, Runs, Quiet, SharedOptions.Json, Compare,
        };
        command.SetAction(parsed => Execute(
            parsed.GetRequiredValue(SharedOptions.Model), parsed.GetValue(Beside), parsed.GetRequiredValue(SharedOptions.Images),
            parsed.GetValue(SharedOptions.Rows), parsed.GetValue(Runs), parsed.GetValue(Quiet), parsed.GetValue(SharedOptions.Json),
            parsed.GetValue(Compare)));
        return command;
    }

    private static void Execute(
        string model, string? beside, string images, int rows, int runs, double quiet, string? json, string? compare)
    {
        (ContenderKind Kind, string Name)[] contenders =
            [.. All.Where(c => beside is not null || c.Kind is not (ContenderKind.OtherSwan or ContenderKind.OtherBare))];
        ModelCard card = SwanModelFile.Read(model).Card;
        ModelCard? other = beside is null ? null : SwanModelFile.Read(beside).Card;
        if (other is not null && (other.Image.Size, other.EmbeddingSize) != (card.Image.Size, card.EmbeddingSize))
        {
            throw new InvalidDataException(
                $"'{beside}' takes images of {other.Image.Size}×{other.Image.Size} and gives {other.EmbeddingSize} values, but '{model}' "
                + $"{card.Image.Size}×{card.Image.Size} and {card.EmbeddingSize}: they are no two forms of one network.");
        }
        Dictionary<string, string> settings = new()
        {
            ["model"] = NameOf(card), ["beside"] = other is null ? "none" : NameOf(other), ["rows"] = $"{rows}",
            ["imageSize"] = $"{card.Image.Size}",
        };
        Console.WriteLine(
            $"{card.Name}, {card.Image.Size}×{card.Image.Size}; {rows} rows, {runs} runs of each in turns after one that isn't counted.");
        Console.WriteLine(
            "Timed: from opening the cursor to the last row read, the first batch included; not process start and loading the network.");
        var measured = contenders.ToDictionary(c => c.Kind, _ => new List<Measurement>());
        foreach ((ContenderKind kind, _) in contenders) Measure(kind);
        int tries = MaxTries * runs * contenders.Length;
        for (int round = 1; round <= runs; round++)
        {
            foreach ((ContenderKind kind, _) in contenders)
            {
                Measurement one;
                while ((one = Measure(kind)).OthersShare > quiet)
                {
                    Console.WriteLine($"  again: {kind} {one.Rate:F1} rows/s, but others took {one.OthersShare:P0} of the processors");
                    if (--tries == 0)
                    {
                        throw new InvalidOperationException(
                            $"Too few runs were quiet enough. Stop what else runs here, or allow more with {Quiet.Name}.");
                    }
                }
                measured[kind].Add(one);
            }
            Console.WriteLine(
                $"  round {round}: "
                + $"{string.Join(", ", measured.Select(m => $"{m.Key} {m.Value[^1].Rate:F1} ({m.Value[^1].OthersShare:P0})"))} rows/s "
                + "(processors taken by others)");
        }

        var figures = contenders.Select(c => new Figure(
            JsonNamingPolicy.CamelCase.ConvertName(c.Kind.ToString()), c.Name,
            Report.Median(measured[c.Kind].Select(m => m.Rate)), measured[c.Kind].Min(m => m.Rate),
            measured[c.Kind].Max(m => m.Rate),
            Report.Median(measured[c.Kind].Select(m => m.ProcessorMillisecondsPerRow)), measured[c.Kind].Max(m => m.PeakBytes),
            c.Kind == ContenderKind.Decoding ? double.NaN : MinCosine(measured[ContenderKind.Swan][0], measured[c.Kind][0]),
            measured[c.Kind].Max(m => m.OthersShare))).ToArray();
        Console.WriteLine();
        Report.Table(
            ["", "rows/s, median", "from", "to", "processor ms/row", "peak memory", "least cosine to ours"],
            figures.Select(f => new[]
            {
                f.Name, $"{f.Rate:F1}", $"{f.Slowest:F1}", $"{f.Fastest:F1}", $"{f.ProcessorMilliseconds:F2}",
                Report.Megabytes(f.PeakBytes), double.IsNaN(f.MinCosine) ? "" : $"{f.MinCosine:F4}",
            }));
        PipelineRatios ratios = PipelineRatios.Of(measured);
        Console.WriteLine();
        foreach (string line in ratios.Lines()) Console.WriteLine($"  {line}");
        if (compare is not null)
            PipelineRatios.PrintChange(compare, settings, figures.ToDictionary(f => f.Name, f => f.ProcessorMilliseconds), ratios);
        Report.Write(json, "pipeline", new
        {
            model = settings["model"], beside = settings["beside"], imageSize = card.Image.Size, rows, runs, contenders = figures, ratios,
        });

        Measurement Measure(ContenderKind kind) => MeasureCommand.Start(
            kind, kind is ContenderKind.OtherSwan or ContenderKind.OtherBare ? beside! : model, images, rows, rows);
    }

    // With its fingerprint, which tells two exports of one run apart.
    private static string NameOf(ModelCard card) => card.Identity?.ToString() ?? card.Name;

    // Of the first rows: 1 but for rounding where pixels are the same; stock ML.NET resizes otherwise.
    private static double MinCosine(Measurement ours, Measurement other) =>
        ours.Sample.Zip(other.Sample).Min(p => (double)TensorPrimitives.CosineSimilarity(p.First, p.Second));

    private sealed record Figure(
        string Kind, string Name, double Rate, double Slowest, double Fastest, double ProcessorMilliseconds, long PeakBytes,
        double MinCosine, double OthersShare);
}
