using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Swan.Cli.Display;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.Training.Evaluation;
using Swan.Training.Reports;

namespace Swan.Cli.Commands;

/// <summary><c>swan calibrate</c>: a model file whose searches can say "nothing found".</summary>
internal static class CalibrateCommand
{
    private static readonly SwanCalibrationOptions Defaults = new();
    private static readonly Option<string> Model = SharedOptions.Model();
    private static readonly Option<string?> Data = new("--data")
    {
        Description = "Captioned images with scenes that the model was not trained on, such as val.jsonl.", HelpName = "file|folder",
    };
    private static readonly Option<string> Bank = new("--bank")
    {
        Description = "Captioned images to compare queries with, preferably the training images of the model.",
        HelpName = "file|folder", Required = true,
    };
    private static readonly Option<string?> FittedWith = new("--fitted-with")
    {
        Description = "Instead of --data: a calibrated model of the same recipe that was trained without the calibration data. Its "
            + "numbers are copied, and the bank is embedded again.", HelpName = "file.swan",
    };
    private static readonly Option<string?> Images = SharedOptions.ImagesOfData();
    private static readonly Option<bool> SkipMissing = SharedOptions.SkipMissing();
    private static readonly Option<int> BankImages = new NumberOption<int>("--bank-images")
    {
        Description = "Number of images in the bank, drawn at random: 20 to 65536, as far as the file has room.", HelpName = "n",
        DefaultValueFactory = _ => Defaults.BankImages,
    };
    private static readonly Option<double> Answered = new NumberOption<double>("--answered")
    {
        Description = "Share of the queries without a right image that the default limit answers, above 0 and at most 0.5.",
        HelpName = "n", DefaultValueFactory = _ => Defaults.AnsweredWithoutRight,
    };
    private static readonly Option<int> Seed = new NumberOption<int>("--seed")
    {
        Description = "Seed of every draw.", HelpName = "n", DefaultValueFactory = _ => Defaults.Seed,
    };
    private static readonly Option<string[]> Check = new("--check")
    {
        Description = "More captioned images with scenes to report on. Repeatable.", HelpName = "file|folder",
    };
    private static readonly Option<string?> Queries = SharedOptions.Queries();
    private static readonly Option<string[]> Texts = new("--texts")
    {
        Description = "Text file of queries to report on that no image answers, such as nonsense, one per line. Repeatable.",
        HelpName = "file.txt",
    };
    private static readonly Option<string?> Diagram =
        new("--diagram") { Description = "Also write the reliability diagram.", HelpName = "file.png" };
    private static readonly Option<string> Out =
        new("--out") { Description = "Model file to write.", HelpName = "file.swan", Required = true };
    private static readonly Option<bool> Json = SharedOptions.Json();
    private static readonly Option<SwanDevice> Device = SharedOptions.Device();

    public static Command Create() =>
        new DocumentedCommand(
            "calibrate",
            "Writes a model file whose searches give probabilities and can report \"nothing found\". Embeddings do not change.",
            "swan calibrate --model rsicd.swan --data data/val.jsonl --bank data/train.jsonl --out calibrated.swan")
            .With("Input", Model, Data, Bank, Images, SkipMissing, FittedWith).With("Calibration", BankImages, Answered, Seed)
            .With("Report", Check, Queries, Texts, Diagram, Json).With("Output", Out).With("Machine", Device).Runs(Execute);

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(Out);
        string? twin = parsed.GetValue(FittedWith), data = parsed.GetValue(Data), diagram = parsed.GetValue(Diagram);
        ModelFile.CheckOutput(path);
        if (diagram is not null) ModelFile.CheckOutput(diagram, "reliability.png");
        if (twin is null == data is null)
            throw new UsageException("Give either --data, to fit on it, or --fitted-with, to reuse the fit of another model.");
        var options = new SwanCalibrationOptions
        {
            BankImages = parsed.GetValue(BankImages), AnsweredWithoutRight = parsed.GetValue(Answered), Seed = parsed.GetValue(Seed),
            Device = parsed.GetRequiredValue(Device),
        };
        options.Validate("--bank-images", "--answered");
        SwanModelFile model = SwanModelFile.Read(parsed.GetRequiredValue(Model));
        CaptionedImageSet bank = Set(parsed.GetRequiredValue(Bank), "train");
        if (twin is not null)
        {
            RefuseReport(parsed);
            Save(SwanCalibrator.Apply(model, SwanModelFile.Read(twin), bank, options, cancellationToken: cancellation), path, cancellation);
            if (parsed.GetValue(Json)) JsonOutput.Write(new JsonObject { ["model"] = path, ["fittedWith"] = twin });
            else Console.WriteLine($"{path}: calibrated with the fit of {twin}.");
            return ExitCode.Done;
        }
        CaptionedImageSet fit = Set(data!, "val");
        MissingImages.Say(fit);
        (SwanModelFile calibrated, SwanCalibrationReport report) =
            SwanCalibrator.Fit(model, fit, bank, options, Checks(parsed, fit), progress: null, cancellation);
        Save(calibrated, path, cancellation);
        if (diagram is not null)
            AtomicFile.Write(diagram, stream => stream.Write(ReliabilityPlot.Draw(report, $"{model.Card.Name} on {fit.Name}")));
        if (parsed.GetValue(Json)) JsonOutput.Write(CalibrationReportDisplay.ToJson(report, path));
        else CalibrationReportDisplay.Show(report, path, Console.Out);
        return ExitCode.Done;

        CaptionedImageSet Set(string from, string split) =>
            CaptionedImageSet.Read(from, parsed.GetValue(Images), split, parsed.GetValue(SkipMissing));
    }

    private static CalibrationChecks Checks(ParseResult parsed, CaptionedImageSet fit)
    {
        string? queries = parsed.GetValue(Queries);
        return new CalibrationChecks(
            [.. (parsed.GetValue(Check) ?? []).Select(c => CaptionedImageSet.Read(
                c, parsed.GetValue(Images), "val", parsed.GetValue(SkipMissing)))],
            queries is null ? null : (Path.GetFileName(queries), SceneQueries.Read(queries, fit.Scenes)),
            [.. (parsed.GetValue(Texts) ?? []).Select(t => (Path.GetFileName(t), Lines(t)))],
            JsonOutput.Notes(parsed.GetValue(Json)).WriteLine);
    }

    private static IReadOnlyList<string> Lines(string file)
    {
        string[] lines = [.. File.ReadLines(file).Where(line => !string.IsNullOrWhiteSpace(line))];
        return lines.Length > 0 ? lines : throw new UsageException($"--texts is '{file}', which has no text; expected one per line.");
    }

    private static void RefuseReport(ParseResult parsed)
    {
        if (parsed.GetValue(Check) is { Length: > 0 } || parsed.GetValue(Texts) is { Length: > 0 } || parsed.GetValue(Queries) is not null
            || parsed.GetValue(Diagram) is not null)
        {
            throw new UsageException("--check, --queries, --texts and --diagram report on a fit, but --fitted-with fits nothing. Give "
                + "them when you fit the other model.");
        }
    }

    private static void Save(SwanModelFile model, string path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        model.Save(path);
    }
}
