using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Swan.Cli.Display;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Evaluation;
using Swan.MLNet.Models;
using Swan.MLNet.Numerics;
using Swan.Training.Evaluation;

namespace Swan.Cli.Commands;

/// <summary><c>swan evaluate</c>: the metrics of a model file, measured the way applications use it, through an ML.NET pipeline.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<string> Data = SharedOptions.Data();
    private static readonly Option<string?> Images = SharedOptions.ImagesOfData();
    private static readonly Option<string> Split = SharedOptions.Split("val");
    private static readonly Option<bool> SkipMissing = SharedOptions.SkipMissing();
    private static readonly Option<string?> Model = SharedOptions.OptionalModel();
    private static readonly Option<string?> Queries = SharedOptions.Queries();
    private static readonly Option<int> Rotations = SharedOptions.Rotations();
    private static readonly Option<bool> Json = SharedOptions.Json();
    private static readonly Option<SwanDevice> Device = SharedOptions.Device();

    public static Command Create() =>
        new DocumentedCommand("evaluate", "Measures recall, ranks and scene recall of a model on images with captions.",
            "swan evaluate --data data/val.jsonl --images data/images --model rsicd.swan")
            .With("Input", Data, Images, Split, SkipMissing, Model).With("Measurement", Queries, Rotations)
            .With("Output", Json).With("Machine", Device).Runs(Execute);

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        bool asJson = parsed.GetValue(Json);
        TextWriter notes = JsonOutput.Notes(asJson);
        CaptionedImageSet set = CaptionedImageSet.Read(parsed.GetRequiredValue(Data), parsed.GetValue(Images),
            parsed.GetRequiredValue(Split), parsed.GetValue(SkipMissing));
        MissingImages.Say(set);
        string? queryFile = parsed.GetValue(Queries);
        IReadOnlyList<SceneQuery>? queries = queryFile is null ? null : SceneQueries.Read(queryFile, set.Scenes);
        using SwanModel model = ModelFile.Open(parsed.GetValue(Model), parsed.GetRequiredValue(Device));
        if (queries is not null) SceneQueries.ThrowIfNoWords(queries, model, queryFile!);
        notes.WriteLine($"{model.Card.Name} on {model.DeviceReport}: {Counted.Of(set.Images.Count, "image")} and "
            + $"{Counted.Of(set.Captions.Count, "caption")} of {set.Name}.");

        MLContext ml = WarningLog.Context();
        // First: it names all images that can't be read.
        var embedded = new EmbeddedSet(ml, set, model, parsed.GetValue(Rotations), cancellation);
        RetrievalMetrics metrics = embedded.Measure();
        LearnedImages learned = LearnedImages.Measure(model.File.LearnedImages, set, cancellation);
        notes.WriteLine(learned.Sentence(measured: true));
        ShowMetrics(metrics, notes);
        JsonObject json = metrics.ToJson();
        if (parsed.GetValue(SkipMissing)) json["missingImages"] = set.MissingImages;
        json["learnedImages"] = LearnedImagesJson.Create(learned);
        if (ZeroShot(ml, embedded, model, notes.WriteLine) is { } zeroShot)
        {
            notes.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"zero-shot accuracy {zeroShot.Accuracy:P1} by scene name over {Counted.Of(zeroShot.Images, "image")} with a scene, "
                    + $"{zeroShot.MeanOverScenes:P1} as the mean over scenes"));
            json["zeroShot"] = new JsonObject { ["images"] = zeroShot.Images, ["accuracy"] = zeroShot.Accuracy,
                ["meanOverScenes"] = zeroShot.MeanOverScenes };
        }

        if (queries is not null)
        {
            double precision = SceneQueries.PrecisionAt10(queries, model, embedded.BuildIndex(), set.Scenes).Average();
            notes.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"precision at 10 {precision:F3}, mean over {Counted.Of(queries.Count, "query", "queries")} of '{queryFile}'"));
            json["queries"] = new JsonObject { ["count"] = queries.Count, ["precisionAt10"] = precision };
        }

        if (asJson) JsonOutput.Write(json);
        return ExitCode.Done;
    }

    // Null where the scenes' names can't be classes.
    private static SceneZeroShot? ZeroShot(MLContext ml, EmbeddedSet embedded, SwanModel model, Action<string> say)
    {
        string[] scenes = [.. embedded.Set.Scenes.OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        string[] names = SceneNames.InWords(scenes, embedded.Set.Captions);
        return SceneZeroShot.Measure(ml, embedded, model, scenes, names, say);
    }

    private static void ShowMetrics(RetrievalMetrics metrics, TextWriter notes)
    {
        notes.WriteLine();
        notes.WriteLine("                  R@1     R@5    R@10   median rank   mean rank   scene recall@1/5/10");
        SceneRecall? s = metrics.SceneRecall;
        ShowDirection("image → text", metrics.ImageToText, s is null ? null : (s.ImageToTextAt1, s.ImageToTextAt5, s.ImageToTextAt10),
            notes);
        ShowDirection("text → image", metrics.TextToImage, s is null ? null : (s.TextToImageAt1, s.TextToImageAt5, s.TextToImageAt10),
            notes);
        notes.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"mR {metrics.MeanRecall:F2}   95 % interval {metrics.Interval!.Low:F2} to {metrics.Interval.High:F2} (queries resampled by "
                + $"image, same gallery)"));
    }

    private static void ShowDirection(string name, DirectionMetrics d, (double At1, double At5, double At10)? scenes, TextWriter notes)
    {
        string scene = scenes is { } s ? string.Create(CultureInfo.InvariantCulture, $"{s.At1:F3}/{s.At5:F3}/{s.At10:F3}") : "no scenes";
        notes.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-13}{d.RecallAt1,8:F2}{d.RecallAt5,8:F2}{d.RecallAt10,8:F2}{d.MedianRank,14:F0}{d.MeanRank,12:F1}   {scene}"));
    }
}
