using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Swan.Cli.Display;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.Training;
using Swan.Training.Export;
using Swan.Training.Native;
using Swan.Training.Network;
using Swan.Training.Reports;

namespace Swan.Cli.Commands;

/// <summary><c>swan export</c>: writes the model file of a run.</summary>
internal static class ExportCommand
{
    private static readonly Option<string> Run = SharedOptions.Run();
    private static readonly Option<string> Out =
        new("--out") { Description = "Model file to write.", HelpName = "file.swan", Required = true };
    private static readonly Option<string?> Name = new("--name")
    {
        Description = "Name of the model in its card. Default: backbone and variant.", HelpName = "name",
    };
    private static readonly Dictionary<string, SwanWeightPrecision> Precisions =
        Enum.GetValues<SwanWeightPrecision>().ToDictionary(JsonEnumNames.For, StringComparer.Ordinal);
    private static readonly Option<string> Weights = MakeWeights();
    private static readonly Option<string> Compute = MakeCompute();
    private static readonly Option<string> Decode = MakeDecode();
    private static readonly Option<int?> Words = new OptionalNumberOption<int>("--max-vocabulary")
    {
        Description = "Number of words to keep for 'minilm', those of --data first; other words become pieces. Default: all.",
            HelpName = "n",
    };
    private static readonly Option<string?> Data = new("--data")
    {
        Description = "Data folder of the run, for --max-vocabulary and --compute int8. With --weights or --decode, validation mR decides.",
        HelpName = "folder",
    };
    private static readonly Option<double?> MaxLoss = new OptionalNumberOption<double>("--max-recall-loss")
    {
        Description = "Points of mR that a compressed or scaled model may lose on the validation set of --data. Default: 0.5.",
        HelpName = "points",
    };
    private static readonly Option<bool> SkipMissing = SharedOptions.SkipMissing();
    private static readonly Option<int> PadTo = new NumberOption<int>("--pad-to")
    {
        Description = "Pad captions to this many words, for published weights of the 'reference' variant. 0 masks padding.", HelpName = "n",
        DefaultValueFactory = _ => 0,
    }.Within(0);
    private static readonly Option<string?> HeldOut = SharedOptions.HeldOutModel(
        "For a run with --train-on-validation: a model of the same recipe trained without it. The card names its metrics.");
    private static readonly Option<bool> Json = SharedOptions.Json();
    private static readonly SwanExportOptions DefaultOptions = new();

    public static Command Create() =>
        new DocumentedCommand("export",
            "Writes the best network of a run as a model file for Swan.MLNet. Needs libtorch; the file does not.",
            "swan export --run run --out rsicd.swan --weights int8")
            .With("Input", Run)
            .With("Model", Name, Weights, Compute, MaxLoss, Decode, Words, Data, SkipMissing, PadTo, HeldOut)
            .With("Output", Out, Json).Runs(Execute);

    private static Option<string> MakeWeights()
    {
        var weights = new Option<string>("--weights")
        {
            Description = "Storage of weights. 'float16' halves the file, 'int8' makes it a quarter or less.", HelpName = "name",
            DefaultValueFactory = _ => JsonEnumNames.For(SwanWeightPrecision.Float32),
        };
        weights.AcceptOnlyFromAmong([.. Precisions.Keys]);
        return weights;
    }

    private static Option<string> MakeCompute()
    {
        var compute = new Option<string>("--compute")
        {
            Description = "Arithmetic of the encoders. 'int8' is faster, needs --data and stores weights in int8.", HelpName = "name",
            DefaultValueFactory = _ => JsonEnumNames.For(SwanComputePrecision.Float32),
        };
        compute.AcceptOnlyFromAmong([.. Enum.GetValues<SwanComputePrecision>().Select(JsonEnumNames.For)]);
        return compute;
    }

    private static Option<string> MakeDecode()
    {
        var decode = new Option<string>("--decode")
        {
            Description = "Resolution of decoding. 'scaled' embeds large JPEGs faster, from slightly different pixels.", HelpName = "name",
            DefaultValueFactory = _ => JsonEnumNames.For(ImageDecode.Full),
        };
        decode.AcceptOnlyFromAmong([.. Enum.GetValues<ImageDecode>().Select(JsonEnumNames.For)]);
        return decode;
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(Out);
        int padTo = parsed.GetValue(PadTo);
        ModelFile.CheckOutput(path);
        (int? words, string? data) = (parsed.GetValue(Words), parsed.GetValue(Data));
        SwanWeightPrecision precision = Precisions[parsed.GetRequiredValue(Weights)];
        bool integers = parsed.GetRequiredValue(Compute) == JsonEnumNames.For(SwanComputePrecision.Int8);
        ImageDecode decode = Enum.GetValues<ImageDecode>().First(d => JsonEnumNames.For(d) == parsed.GetRequiredValue(Decode));
        bool compressed = integers || precision != SwanWeightPrecision.Float32, measured = compressed || decode == ImageDecode.Scaled;
        if (words is not null && data is null)
        {
            throw new UsageException(
                "--max-vocabulary is given without --data; expected both: it keeps the words of the captions in --data first.");
        }
        if (integers && data is null)
        {
            throw new UsageException(
                "--compute int8 is given without --data; expected both: its images and captions calibrate the integers and measure mR.");
        }
        if (data is not null && words is null && !measured)
        {
            throw new UsageException(
                "--data is given without --max-vocabulary, --compute int8 or --weights, and without --decode scaled; expected one of them, "
                + "or no --data: nothing else reads it.");
        }
        double? loss = parsed.GetValue(MaxLoss);
        if (loss is not null && (data is null || !measured))
        {
            throw new UsageException(
                "--max-recall-loss is given without --data and --compute int8, --weights or --decode scaled; expected both: it bounds what "
                + "such a model loses on the validation set in --data.");
        }
        if (loss is < 0 or > 100)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--max-recall-loss is {loss}; expected 0 to 100."));
        if (integers && precision == SwanWeightPrecision.Float16)
        {
            throw new UsageException(
                "--weights float16 is given with --compute int8, which stores weights in int8; leave one of them out.");
        }

        TorchLibrary.Require();
        SwanRun run = SwanRun.Open(parsed.GetRequiredValue(Run));
        if (words is not null && run.Options.Network.TextTower != SwanTextTower.MiniLm)
            throw new UsageException($"--max-vocabulary is for the text tower 'minilm', but the run has "
                + $"'{JsonEnumNames.For(run.Options.Network.TextTower)}'.");
        IReadOnlyList<CardMetric> heldOutMetrics = parsed.GetValue(HeldOut) is { } heldOut ? HeldOutModel.Metrics(heldOut, run) : [];
        RunSplit? split = data is null ? null : run.OpenSplit(data, parsed.GetValue(SkipMissing));
        // Integers without one are refused by the exporter.
        if (split is { Validation: null } && measured && !integers)
            Console.Error.WriteLine(MissingValidation.Check(data!, loss, words is not null, compressed));
        ModelCard card = SwanExporter.Export(run, path, new SwanExportOptions
        {
            Name = parsed.GetValue(Name),
            WeightPrecision = precision,
            Compute = integers ? SwanComputePrecision.Int8 : SwanComputePrecision.Float32,
            Decode = decode,
            CalibrationSet = split?.Learned,
            ValidationSet = measured ? split?.Validation : null,
            MaxRecallLoss = loss ?? DefaultOptions.MaxRecallLoss,
            MaxVocabularySize = words,
            Metrics = heldOutMetrics,
            VocabularyCaptions = words is null ? [] : split!.Learned.Captions,
            Padding = padTo > 0 ? SwanPadding.Fixed : SwanPadding.Masked,
            PaddedLength = padTo,
        }, cancellation);
        if (split is { Validation: { } set } && card.Metrics.Any(m => RecallGate.IsUnscaled(m, set)))
        {
            Console.Error.WriteLine(
                $"swan: no image of {set.Name} is large enough to be decoded at a smaller scale, so the loss of scaled decoding is not "
                + "measured.");
        }
        if (parsed.GetValue(Json)) JsonOutput.Write(ToJson(card, path));
        else Show(card, path);
        return ExitCode.Done;
    }

    private static JsonObject ToJson(ModelCard card, string path) => new()
    {
        ["file"] = path,
        ["bytes"] = new FileInfo(path).Length,
        ["name"] = card.Name,
        ["parameters"] = card.Parameters,
        ["embeddingSize"] = card.EmbeddingSize,
        ["vocabularySize"] = card.Text.VocabularySize,
        ["exportDifference"] = card.ExportDifference,
        ["compute"] = JsonEnumNames.For(card.Compute),
        ["decode"] = JsonEnumNames.For(card.Image.Decode),
        ["weights"] = card.Weights is { } stored
            ? new JsonObject { ["precision"] = JsonEnumNames.For(stored.Precision), ["meanCosine"] = stored.MeanCosine,
                ["minCosine"] = stored.MinCosine } : null,
        ["metrics"] = new JsonArray([.. card.Metrics.Select(
            m => new JsonObject { ["name"] = m.Name, ["value"] = m.Value, ["data"] = m.Data })]),
    };

    private static void Show(ModelCard card, string path)
    {
        Line($"{path}: {card.Name}, {card.Parameters:N0} parameters, {new FileInfo(path).Length / 1e6:F1} MB, {card.EmbeddingSize} values "
            + $"per embedding.");
        Line($"ONNX Runtime and TorchSharp agree to {card.ExportDifference:G2} on random images and captions.");
        if (card.Weights is { } stored)
        {
            Line($"Weights in {JsonEnumNames.For(stored.Precision)}, arithmetic in {JsonEnumNames.For(card.Compute)}: the cosine to "
                + $"embeddings in float32 is {stored.MeanCosine:F5} on "
                + $"average "
                + $"and {stored.MinCosine:F5} at worst.");
        }

        if (card.TrainedVocabularySize is { } trained) Line($"{card.Text.VocabularySize:N0} of {trained:N0} words are kept.");
        foreach (CardMetric metric in card.Metrics.Where(m => m.Name == "mR")) Line($"{metric.Name} {metric.Value:F2} on {metric.Data}.");
        Line($"Next: swan search --model {path} --images DIR \"planes parked beside a terminal\"");
    }

    private static void Line(string text) => Console.WriteLine(text);
}
