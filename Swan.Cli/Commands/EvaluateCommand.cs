using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Evaluation;
using Swan.MLNet.Models;
using Swan.Training;
using Swan.Training.Evaluation;

namespace Swan.Cli.Commands;

/// <summary><c>swan evaluate</c>: the metrics of a model file, measured the way applications use it, through an ML.NET pipeline.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<string> Model = new("--model") { Description = "The model file (.swan).", Required = true };
    private static readonly Option<string> Data = new("--data") { Description = "JSON lines with image, scene and captions, such as val.jsonl.", Required = true };
    private static readonly Option<string> Images = new("--images") { Description = "Folder with the images.", Required = true };
    private static readonly Option<string?> Json = new("--json") { Description = "Write the metrics to this file." };
    private static readonly Option<string?> Queries = new("--queries") { Description = "JSON lines with query and scenes, such as docs/results/unseen-words.jsonl: also report how many of the first 10 images are of a right scene." };
    private static readonly Option<int> Rotations = new("--rotations") { Description = "Average each image's embedding over so many turns: 1, 2 or 4.", DefaultValueFactory = _ => 1 };
    private static readonly Option<string> Device = new("--device") { Description = "auto, cpu or cuda:N.", DefaultValueFactory = _ => "auto" };

    public static Command Create()
    {
        var command = new Command("evaluate", "Measures recall, ranks and scene recall of a model file on images with captions.") { Model, Data, Images, Json, Queries, Rotations, Device };
        command.SetAction((parsed, cancellation) => Task.Run(() => Execute(parsed, cancellation), CancellationToken.None)); // or Ctrl+C would find no handler yet
        return command;
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        int rotations = parsed.GetValue(Rotations);
        if (rotations is not (1 or 2 or 4)) throw new ArgumentException($"--rotations is {rotations}; expected 1, 2 or 4.");
        CaptionedImageSet set = JsonLinesReader.Read(parsed.GetRequiredValue(Data), parsed.GetRequiredValue(Images));
        IReadOnlyList<SceneQuery>? queries = parsed.GetValue(Queries) is { } file ? SceneQueries.Read(file, set.Scenes) : null;
        using SwanModel model = SwanModel.Open(parsed.GetRequiredValue(Model), new SwanModelOptions { Device = SwanDevice.Parse(parsed.GetRequiredValue(Device)) });
        if (queries is not null) SceneQueries.ThrowIfNoWords(queries, model, parsed.GetValue(Queries)!);
        Console.WriteLine($"{model.Card.Name} on {model.DeviceReport}: {set.Images.Count} images and {set.Captions.Count} captions of {set.Name}.");

        var ml = new MLContext();
        var embedded = new EmbeddedSet(ml, set, model, rotations, cancellation);
        RetrievalMetrics metrics = embedded.Measure();
        Console.WriteLine();
        Console.WriteLine("                  R@1     R@5    R@10   median rank   mean rank   scene recall@1/5/10");
        SceneRecall? s = metrics.SceneRecall;
        ShowDirection("image → text", metrics.ImageToText, s is null ? null : (s.ImageToTextAt1, s.ImageToTextAt5, s.ImageToTextAt10));
        ShowDirection("text → image", metrics.TextToImage, s is null ? null : (s.TextToImageAt1, s.TextToImageAt5, s.TextToImageAt10));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mR {metrics.MeanRecall:F2}   95 % interval {metrics.Interval!.Low:F2} to {metrics.Interval.High:F2} (queries resampled by image, same gallery)"));
        JsonObject json = metrics.ToJson();
        if (ZeroShot(ml, embedded, model) is { } zeroShot)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{zeroShot.Accuracy:P1} of the {zeroShot.Images} images that have a scene are put into it by its name alone (zero-shot), {zeroShot.MeanOverScenes:P1} on average over the scenes"));
            json["zeroShot"] = new JsonObject { ["images"] = zeroShot.Images, ["accuracy"] = zeroShot.Accuracy, ["meanOverScenes"] = zeroShot.MeanOverScenes };
        }

        if (queries is not null)
        {
            double[] precision = SceneQueries.PrecisionAt10(queries, model, embedded.BuildIndex(), set.Scenes);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{precision.Average():F3} of the first 10 images are of a right scene, mean of {queries.Count} queries of '{parsed.GetValue(Queries)}'"));
            json["queries"] = new JsonObject { ["count"] = queries.Count, ["precisionAt10"] = precision.Average() };
        }

        if (parsed.GetValue(Json) is { } path)
        {
            AtomicFile.WriteText(path, json.ToJsonString(SwanTrainerOptionsJson.Format) + "\n");
            Console.WriteLine($"Written to '{path}'.");
        }

        return 0;
    }

    // Null where the scenes' names can't be classes.
    private static SceneZeroShot? ZeroShot(MLContext ml, EmbeddedSet embedded, SwanModel model)
    {
        string[] scenes = [.. embedded.Set.Scenes.OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        string[] names = SceneNames.InWords(scenes, embedded.Set.Captions);
        return SceneZeroShot.Tells(names) ? SceneZeroShot.Measure(ml, embedded, model, scenes, names) : null;
    }

    private static void ShowDirection(string name, DirectionMetrics d, (double At1, double At5, double At10)? scenes) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-13}{d.RecallAt1,8:F2}{d.RecallAt5,8:F2}{d.RecallAt10,8:F2}{d.MedianRank,14:F0}{d.MeanRank,12:F1}   {(scenes is { } s ? string.Create(CultureInfo.InvariantCulture, $"{s.At1:F3}/{s.At5:F3}/{s.At10:F3}") : "no scenes")}"));
}
