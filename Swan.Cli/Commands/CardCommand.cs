using System.CommandLine;
using System.Globalization;
using Microsoft.ML;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Evaluation;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.Training;
using Swan.Training.Evaluation;
using Swan.Training.Reports;

namespace Swan.Cli.Commands;

/// <summary><c>swan card</c>: a model card in Markdown, from a run, its model file, and what is measured here.</summary>
internal static class CardCommand
{
    private static readonly Option<string> Model = new("--model") { Description = "The model file (.swan).", Required = true };
    private static readonly Option<string> Run = new("--run") { Description = "Folder of the training run that the model was exported from.", Required = true };
    private static readonly Option<string?> Twin = new("--held-out-model") { Description = "For a run that has learned from its validation images (--train-on-validation): a model file by the same recipe that hasn't. The metrics are measured on it.", HelpName = "file" };
    private static readonly Option<string> Data = new("--data") { Description = "JSON lines with image, scene and captions, such as val.jsonl.", Required = true };
    private static readonly Option<string> Images = new("--images") { Description = "Folder with the images.", Required = true };
    private static readonly Option<string[]> Also = new("--also") { Description = "Another file like --data, of images in the same folder, whose metrics stand beside. May be given several times.", HelpName = "file" };
    private static readonly Option<string?> Queries = new("--queries") { Description = "JSON lines with query and scenes, such as docs/results/unseen-words.jsonl: also how many of the first 10 images are of a right scene." };
    private static readonly Option<string?> Notes = new("--notes") { Description = "Markdown with what no run knows: licences of the data, limits. Its sections (##) join those of the card with the same title; others follow them." };
    private static readonly Option<string> Out = new("--out") { Description = "The card to write (.md). The picture of the scenes' confusions is written beside it (.png).", Required = true };
    private static readonly Option<string> Device = new("--device") { Description = "auto, cpu or cuda:N.", DefaultValueFactory = _ => "auto" };

    public static Command Create()
    {
        var command = new Command("card", "Writes a model card in Markdown: what a model is, how it was trained, and all it is measured to do, measured as 'swan evaluate' does.") { Model, Run, Twin, Data, Images, Also, Queries, Notes, Out, Device };
        command.SetAction((parsed, cancellation) => Task.Run(() => Execute(parsed, cancellation), CancellationToken.None)); // or Ctrl+C would find no handler yet
        return command;
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        // Everything is read before anything is measured, so that a wrong file is told within seconds.
        string path = parsed.GetRequiredValue(Out), picture = Path.ChangeExtension(path, ".png"), modelPath = parsed.GetRequiredValue(Model), images = parsed.GetRequiredValue(Images);
        if (!path.EndsWith(".md", StringComparison.OrdinalIgnoreCase) || Directory.Exists(path)) throw new ArgumentException($"--out is '{path}'; expected a file that ends with .md, such as {Path.ChangeExtension(Path.GetFileName(modelPath), ".md")}.");
        if (Directory.Exists(picture)) throw new ArgumentException($"'{picture}' is a folder, but the card's picture would be written there. Give --out another name.");
        CardNotes notes = parsed.GetValue(Notes) is { } notesFile ? CardNotes.Read(notesFile) : CardNotes.None;
        SwanRun run = SwanRun.Open(parsed.GetRequiredValue(Run));
        RunData learned = RunData.Read(run);
        IReadOnlyList<IReadOnlyDictionary<string, string>> starts = run.ReadVersions();
        IReadOnlyList<EpochReport> epochs = run.ReadMetrics();
        if (epochs.Count == 0) throw new SwanFormatException($"'{run.In(SwanRun.MetricsFile)}' has no epoch yet. Let the run train longer ('swan train --resume').");
        CaptionedImageSet set = JsonLinesReader.Read(parsed.GetRequiredValue(Data), images);
        CaptionedImageSet[] others = [.. (parsed.GetValue(Also) ?? []).Select(file => JsonLinesReader.Read(file, images))];
        IReadOnlyList<SceneQuery>? queries = parsed.GetValue(Queries) is { } queryFile ? SceneQueries.Read(queryFile, set.Scenes) : null;
        using SwanModel model = SwanModel.Open(modelPath, new SwanModelOptions { Device = SwanDevice.Parse(parsed.GetRequiredValue(Device)) });
        ModelCardChecks.ValidateExported(model.Card, modelPath, run, epochs);
        string? twinPath = parsed.GetValue(Twin);
        using SwanModel? twin = twinPath is null ? null : SwanModel.Open(twinPath, new SwanModelOptions { Device = SwanDevice.Parse(parsed.GetRequiredValue(Device)) });
        if (twin is not null)
        {
            HeldOutModel.Validate(twin.Card, twinPath!, run, learned);
            HeldOutModel.ValidateForm(twin.Card, twinPath!, model.Card);
        }

        SwanModel measuredModel = twin ?? model;
        ModelCardChecks.ValidateBank(measuredModel.Card, twinPath ?? modelPath, [set, .. others]);
        TowerParameters parameters = TowerParameters.Count(run, model.Card);
        if (queries is not null) SceneQueries.ThrowIfNoWords(queries, measuredModel, parsed.GetValue(Queries)!);

        var ml = new MLContext();
        EmbeddedSet embedded = Embed(set);
        var sets = new List<MeasuredSet> { Measured(embedded) };
        SwanIndex index = embedded.BuildIndex();
        MeasuredQueries? answered = queries is null ? null : new(Path.GetFileName(parsed.GetValue(Queries)!), queries.Count, SceneQueries.PrecisionAt10(queries, measuredModel, index, set.Scenes).Average());
        MeasuredScenes? scenes = MeasureScenes(ml, embedded, index, measuredModel, picture, cancellation);
        foreach (CaptionedImageSet other in others) sets.Add(Measured(Embed(other)));
        Console.WriteLine("Measuring the speed.");
        PipelineThroughput speed = PipelineThroughput.Measure(ml, set, model, cancellation);

        string text = ModelCardWriter.Write(new()
        {
            ModelFile = Path.GetFileName(modelPath), Bytes = new FileInfo(modelPath).Length, Model = model.Card, Device = model.DeviceReport,
            Parameters = parameters, Options = run.Options, Epochs = epochs, Data = learned, Starts = starts,
            Sets = sets, HeldOut = twin is null ? null : new(Path.GetFileName(twinPath!), twin.Card.Identity!.Fingerprint), Scenes = scenes, Queries = answered, Speed = speed, Notes = notes,
        });
        byte[]? drawn = scenes is null ? null : SceneConfusionPlot.Draw(scenes.Confusion, scenes.Names, $"Scenes that {(twin is null ? "" : "the twin of ")}{model.Card.Name} takes for others");
        cancellation.ThrowIfCancellationRequested();
        Save(path, text, picture, drawn);
        Console.WriteLine($"Written to '{path}'{(drawn is null ? "" : $" and '{picture}'")}.");
        return 0;

        EmbeddedSet Embed(CaptionedImageSet measured)
        {
            Console.WriteLine($"{(twin is null ? "" : "the twin ")}{measuredModel.Card.Name} on {measuredModel.DeviceReport}: {measured.Images.Count} images and {measured.Captions.Count} captions of {measured.Name}.");
            return new EmbeddedSet(ml, measured, measuredModel, rotations: 1, cancellation);
        }

        MeasuredSet Measured(EmbeddedSet measured)
        {
            RetrievalMetrics metrics = measured.Measure();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mR {metrics.MeanRecall:F2}   95 % interval {metrics.Interval!.Low:F2} to {metrics.Interval.High:F2}"));
            return new(measured.Set.Name, metrics, ModelCardChecks.Relation(measured.Set, learned, twin is null && run.Options.TrainOnValidation, measured.Set == set ? null : set));
        }
    }

    private static MeasuredScenes? MeasureScenes(MLContext ml, EmbeddedSet embedded, SwanIndex index, SwanModel model, string picture, CancellationToken cancellation)
    {
        CaptionedImageSet set = embedded.Set;
        if (set.Scenes.OfType<string>().Distinct().Take(2).Count() < 2) return null;
        SwanHit[][] found = index.SearchMany(embedded.ReadCaptions(), 1, cancellation);
        var confusion = new SceneConfusion([.. set.CaptionImage.Select(image => set.Scenes[image])], [.. found.Select(hits => set.Scenes[hits[0].Row])]);
        string[] names = SceneNames.InWords(confusion.Scenes, set.Captions);
        return new(confusion, names, SceneZeroShot.Measure(ml, embedded, model, confusion.Scenes, names), Path.GetFileName(picture));
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
