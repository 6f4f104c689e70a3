using System.Diagnostics;
using System.Globalization;
using AutoMLPipeline;
using AutoMLPipeline.Search;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet;
using Swan.MLNet.AutoML;
using Swan.MLNet.Datasets;
using Swan.MLNet.Transforms;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return CommandLine.Run(args, Search);

static void Search(Request request)
{
    var ml = new MLContext(request.Seed);
    (CaptionedImageSet known, CaptionedImageSet? heldOut) = CaptionedImageSet.Open(request.Data);
    if (heldOut is null) (known, heldOut) = Splits.Divide(known, SplitRule.Random, 0.2, request.Seed);
    string[] classes = SceneData.ClassesOf(known);
    if (classes.Length < 2)
    {
        throw new InvalidDataException(
            $"'{request.Data}' has images of {classes.Length} scenes; a classifier needs at least 2. "
            + "Name the scene of each image in train.jsonl (\"scene\": \"airport\").");
    }
    string cache = Path.Combine(request.Out, "embeddings");
    SceneData train = new(ml, known, classes, cache), test = new(ml, heldOut, classes, cache);
    Headline($"{train.Images.Count:N0} images of {classes.Length} scenes to learn from, {test.Images.Count:N0} held out");

    // What may change: the options' annotations, and what only this run knows.
    var space = new AnnotatedSpace<SceneClassifierOptions>(new()
    {
        Embedding = new() { ModelPath = request.Models[0], Options = new() { Rotations = request.Rotations[0] } },
    });
    space.Choose("Embedding.ModelPath", request.Models);
    space.Choose("Embedding.Options.Rotations", request.Rotations);
    Headline($"Search over {string.Join(", ", space.Dimensions.Select(d => d.Path))}");

    var trials = new List<Trial<SceneClassifierOptions>>();
    foreach (Trial<SceneClassifierOptions> trial in RandomSearch.Run(
        space, request.Trials, request.Seed, DateTime.UtcNow.AddMinutes(request.Minutes), Try))
    {
        trials.Add(trial);
        Console.WriteLine(
            $"  {trials.Count,3}/{request.Trials}  {trial.Score,7:P2}  {trial.Seconds,6:F1} s  {trial.Options}"
            + $"{(trial.Failure is null ? "" : $": {trial.Failure}")}");
    }

    Trial<SceneClassifierOptions>[] board = [.. trials.Where(t => t.Failure is null).OrderByDescending(t => t.Score)];
    Headline($"Leaderboard: accuracy over {request.Folds} folds, ± their standard deviation");
    for (int i = 0; i < Math.Min(10, board.Length); i++)
        Console.WriteLine($"  {i + 1,3}  {board[i].Score,7:P2} ± {board[i].Spread:P2}  {board[i].Options}");
    if (board.Length == 0) throw new InvalidDataException("Every trial failed; the reasons are above.");

    // The winner learns from all that is known. The held-out images are looked at only now.
    SceneClassifierOptions best = board[0].Options;
    ITransformer head = SceneClassifier.Head(ml, best).Fit(Embedded(train, best));
    Headline($"On the {test.Images.Count:N0} held-out images");
    Report("best of the search", ml.MulticlassClassification.Evaluate(head.Transform(Embedded(test, best))));

    // The same embeddings without any label: classes as words.
    foreach (string model in request.Models)
    {
        SceneClassifierOptions options =
            new() { Embedding = new() { ModelPath = model, Options = new() { Rotations = best.Embedding.Options.Rotations } } };
        IDataView images = Embedded(test, options);
        IEstimator<ITransformer> zeroShot = SwanEstimatorFactories.ZeroShot(
            ml, new() { ModelPath = model, Options = new SwanZeroShotOptions { Classes = classes } });
        Report($"zero-shot, {Path.GetFileName(model)}", ml.MulticlassClassification.Evaluate(zeroShot.Fit(images).Transform(images)));
    }

    // One file with everything: from the path of an image to its scene.
    ITransformer pipeline = SceneClassifier.Embed(ml, best).Fit(test.Rows()).Append(head)
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedScene", "PredictedLabel").Fit(head.Transform(Embedded(test, best))));
    string file = Path.Combine(request.Out, "scene-classifier.zip");
    ml.Model.Save(pipeline, test.Rows().Schema, file);
    IDataView first = ml.Model.Load(file, out _).Transform(ml.Data.TakeRows(test.Rows(), 3));
    Headline($"Saved as {file}. Its predictions after loading:");
    foreach ((SceneImage image, string scene) in test.Images.Zip(first.GetColumn<string>("PredictedScene")))
        Console.WriteLine($"  {Path.GetFileName(image.ImagePath),-24} {scene}");

    Trial<SceneClassifierOptions> Try(SceneClassifierOptions options)
    {
        IDataView data = Embedded(train, options);
        var clock = Stopwatch.StartNew();
        try
        {
            // The encoder has seen these images, which flatters all trials alike: the folds choose, the held-out images judge.
            double[] accuracies = [.. ml.MulticlassClassification
                .CrossValidate(data, SceneClassifier.Head(ml, options), request.Folds, samplingKeyColumnName: nameof(SceneImage.Neighbors),
                    seed: request.Seed)
                .Select(fold => fold.Metrics.MicroAccuracy)];
            double mean = accuracies.Average();
            return new(options, mean, Math.Sqrt(accuracies.Average(a => (a - mean) * (a - mean))), clock.Elapsed.TotalSeconds);
        }
        catch (Exception e) when (e is SwanException or InvalidOperationException or ArgumentException)
        {
            // Settings that don't go together end a trial, not the search.
            return new(options, double.NaN, double.NaN, clock.Elapsed.TotalSeconds, e.Message);
        }
    }

    IDataView Embedded(SceneData data, SceneClassifierOptions options) =>
        data.Embedded(options.Embedding, SceneClassifier.Embed(ml, options));
}

static void Report(string what, MulticlassClassificationMetrics m) =>
    Console.WriteLine($"  {what,-32} accuracy {m.MicroAccuracy:P2}, mean over scenes {m.MacroAccuracy:P2}, log-loss {m.LogLoss:F3}");

static void Headline(string text) => Console.WriteLine($"\n{text}");
