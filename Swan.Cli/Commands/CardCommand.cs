using System.CommandLine;
using System.Globalization;
using Microsoft.ML;
using Swan.Cli.Display;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Evaluation;
using Swan.MLNet.Models;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;
using Swan.Training;
using Swan.Training.Evaluation;
using Swan.Training.Native;
using Swan.Training.Reports;

namespace Swan.Cli.Commands;

/// <summary><c>swan card</c>: a model card in Markdown, from a run, its model file, and what is measured here.</summary>
internal static class CardCommand
{
    // A card is of a run, so the included model is no default.
    private static readonly Option<string> Model = SharedOptions.Model("Model file that was exported from --run.");
    private static readonly Option<string> Run = SharedOptions.Run();
    private static readonly Option<string?> HeldOut = SharedOptions.HeldOutModel(
        "For a run with --train-on-validation: a model of the same recipe trained without it. It is used to measure the metrics.");
    private static readonly Option<string> Data = SharedOptions.Data();
    private static readonly Option<string?> Images = SharedOptions.ImagesOfData();
    private static readonly Option<string> Split = SharedOptions.Split("val");
    private static readonly Option<bool> SkipMissing = SharedOptions.SkipMissing();
    private static readonly Option<string[]> Also = new("--also")
    {
        Description = "Another file like --data to add the metrics of. Repeatable.", HelpName = "file|folder",
    };
    private static readonly Option<string?> Queries = SharedOptions.Queries();
    private static readonly Option<string?> Notes = new("--notes")
    {
        Description = "Markdown with licenses and limits. Its sections are added to the card's with the same title.", HelpName = "file.md",
    };
    private static readonly Option<string> Out = new("--out")
    {
        Description = "Card to write. The plot of scene confusions is written beside it (.png).", HelpName = "file.md", Required = true,
    };
    private static readonly Option<SwanDevice> Device = SharedOptions.Device();

    public static Command Create() =>
        new DocumentedCommand("card", "Writes a model card in Markdown: what the model is, how it was trained, and its metrics. Needs "
            + "libtorch.",
            "swan card --model rsicd.swan --run run --data data/val.jsonl --images data/images --out rsicd.md")
            .With("Model", Model, Run, HeldOut).With("Measurement", Data, Images, Split, SkipMissing, Also, Queries)
                .With("Output", Notes, Out)
                .With("Machine", Device).Runs(Execute);

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        // Everything is read before anything is measured, so that a wrong file is reported within seconds.
        string path = parsed.GetRequiredValue(Out), picture = Path.ChangeExtension(path, ".png"),
            modelPath = parsed.GetRequiredValue(Model);
        CheckOutput(path, picture, modelPath);
        TorchLibrary.Require();
        CardNotes notes = parsed.GetValue(Notes) is { } notesFile ? CardNotes.Read(notesFile) : CardNotes.None;
        SwanRun run = SwanRun.Open(parsed.GetRequiredValue(Run));
        RunData learned = RunData.Read(run);
        IReadOnlyList<IReadOnlyDictionary<string, string>> starts = run.ReadVersions();
        IReadOnlyList<EpochReport> epochs = run.ReadMetrics();
        if (epochs.Count == 0)
            throw new SwanFormatException($"'{run.In(SwanRun.MetricsFile)}' has no epoch yet. Let the run train longer ('swan train "
                + $"--resume').");
        string split = parsed.GetRequiredValue(Split);
        CaptionedImageSet set = ReadSet(parsed.GetRequiredValue(Data));
        CaptionedImageSet[] others = [.. (parsed.GetValue(Also) ?? []).Select(ReadSet)];
        IReadOnlyList<SceneQuery>? queries = parsed.GetValue(Queries) is { } queryFile ? SceneQueries.Read(queryFile, set.Scenes) : null;
        using SwanModel model = ModelFile.Open(modelPath, parsed.GetRequiredValue(Device));
        ModelCardChecks.ValidateExported(model.Card, modelPath, run, epochs);
        string? heldOutPath = parsed.GetValue(HeldOut);
        using SwanModel? heldOut = heldOutPath is null ? null : ModelFile.Open(heldOutPath, parsed.GetRequiredValue(Device));
        if (heldOut is not null)
        {
            HeldOutModel.Validate(heldOut.Card, heldOutPath!, run, learned, heldOut.File.LearnedImages);
            HeldOutModel.ValidateForm(heldOut.Card, heldOutPath!, model.Card);
        }

        SwanModel measuredModel = heldOut ?? model;
        IdentifiedSet[] identified = [.. ((CaptionedImageSet[])[set, .. others]).Select(s => IdentifiedSet.Read(s, cancellation))];
        var relations = new MeasuredImages(measuredModel.File, heldOutPath ?? modelPath, run, heldOut: heldOut is not null);
        relations.ThrowIfNormalizedOn(identified);
        SayLearned(measuredModel, identified, cancellation);
        TowerParameters parameters = TowerParameters.Count(run, model.Card);
        if (queries is not null) SceneQueries.ThrowIfNoWords(queries, measuredModel, parsed.GetValue(Queries)!);

        MLContext ml = WarningLog.Context();
        EmbeddedSet embedded = Embed(set);
        var sets = new List<MeasuredSet> { Measured(embedded, identified[0]) };
        SwanIndex index = embedded.BuildIndex();
        MeasuredQueries? answered = queries is null ? null
            : new(Path.GetFileName(parsed.GetValue(Queries)!), queries.Count,
                SceneQueries.PrecisionAt10(queries, measuredModel, index, set.Scenes).Average());
        MeasuredScenes? scenes = MeasureScenes(ml, embedded, index, measuredModel, picture, cancellation);
        foreach (IdentifiedSet other in identified[1..]) sets.Add(Measured(Embed(other.Set), other));
        Console.WriteLine("Measuring the speed.");
        PipelineThroughput speed = PipelineThroughput.Measure(ml, set, model, cancellation);

        string text = ModelCardWriter.Write(new()
        {
            ModelFile = Path.GetFileName(modelPath), Bytes = new FileInfo(modelPath).Length, Model = model.Card,
                Device = model.DeviceReport,
            Parameters = parameters, Options = run.Options, Epochs = epochs, Data = learned, Starts = starts,
            Sets = sets, HeldOut = heldOut is null ? null : new(Path.GetFileName(heldOutPath!), heldOut.Card.Identity!.Fingerprint),
            Scenes = scenes, Queries = answered, Speed = speed, Notes = notes,
        });
        string title = $"Scenes that {(heldOut is null ? "" : "the held-out model of ")}{model.Card.Name} takes for others";
        byte[]? drawn = scenes is null ? null : SceneConfusionPlot.Draw(scenes.Confusion, scenes.Names, title);
        cancellation.ThrowIfCancellationRequested();
        Save(path, text, picture, drawn);
        Console.WriteLine($"Written to '{path}'{(drawn is null ? "" : $" and '{picture}'")}.");
        return ExitCode.Done;

        CaptionedImageSet ReadSet(string path) =>
            CaptionedImageSet.Read(path, parsed.GetValue(Images), split, parsed.GetValue(SkipMissing));

        EmbeddedSet Embed(CaptionedImageSet measured)
        {
            Console.WriteLine($"{(heldOut is null ? "" : "the held-out model ")}{measuredModel.Card.Name} on {measuredModel.DeviceReport}: "
                + $"{Counted.Of(measured.Images.Count, "image")} and {Counted.Of(measured.Captions.Count, "caption")} of {measured.Name}.");
            return new EmbeddedSet(ml, measured, measuredModel, rotations: 1, cancellation);
        }

        MeasuredSet Measured(EmbeddedSet measured, IdentifiedSet images)
        {
            RetrievalMetrics metrics = measured.Measure();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"mR {metrics.MeanRecall:F2}   95 % interval {metrics.Interval!.Low:F2} to {metrics.Interval.High:F2}"));
            return new(measured.Set.Name, metrics, relations.Relation(images, images == identified[0] ? null : identified[0]));
        }
    }

    private static void SayLearned(SwanModel model, IEnumerable<IdentifiedSet> sets, CancellationToken cancellation)
    {
        foreach (IdentifiedSet set in sets)
        {
            LearnedImages learned = LearnedImages.Compare(model.File.LearnedImages, set.Images, cancellation);
            Console.WriteLine($"{set.Set.Name}: {learned.Sentence(measured: true)}");
        }
    }

    private static void CheckOutput(string path, string picture, string model)
    {
        if (!path.EndsWith(".md", StringComparison.OrdinalIgnoreCase) || Directory.Exists(path))
            throw new UsageException($"--out is '{path}'; expected a file that ends with .md, such as "
                + $"{Path.ChangeExtension(Path.GetFileName(model), ".md")}.");
        ModelFile.CheckOutputFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (Directory.Exists(picture))
            throw new UsageException($"'{picture}' is a folder, but the plot of the card would be written there. Give --out another name.");
    }

    private static MeasuredScenes? MeasureScenes(
        MLContext ml, EmbeddedSet embedded, SwanIndex index, SwanModel model, string picture, CancellationToken cancellation)
    {
        CaptionedImageSet set = embedded.Set;
        if (set.Scenes.OfType<string>().Distinct().Take(2).Count() < 2) return null;
        SwanHit[][] found = index.SearchMany(embedded.ReadCaptions(), 1, cancellation);
        var confusion = new SceneConfusion(
            [.. set.CaptionImage.Select(image => set.Scenes[image])], [.. found.Select(hits => set.Scenes[hits[0].Row])]);
        string[] names = SceneNames.InWords(confusion.Scenes, set.Captions);
        SceneZeroShot? zeroShot = SceneZeroShot.Measure(ml, embedded, model, confusion.Scenes, names, Console.WriteLine);
        return new(confusion, names, zeroShot, Path.GetFileName(picture));
    }

    // One within the other, so that a card that can't be written leaves no picture behind either.
    private static void Save(string path, string text, string picture, byte[]? drawn)
    {
        if (drawn is null) AtomicFile.WriteText(path, text);
        else
        {
            AtomicFile.Write(picture, stream =>
            {
                stream.Write(drawn);
                AtomicFile.WriteText(path, text);
            });
        }
    }
}
