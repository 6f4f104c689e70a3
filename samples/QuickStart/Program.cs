using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using QuickStart;
using QuickStart.Scenes;
using Swan.MLNet;
using Swan.MLNet.Data;
using Swan.MLNet.Models;
using Swan.MLNet.Retrieval;
using Swan.Training;
using Swan.Training.Export;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return CommandLine.Run(args, Tour);

static void Tour(Request ask)
{
    // 0  Data: a few hundred drawn scenes, or your own images. What is held out is neither learned from nor used to choose the best epoch.
    string folder = ask.Data ?? Path.Combine(ask.Out, "scenes");
    if (ask.Data is null) SceneFolder.Draw(folder, trainingImages: 660, heldOutImages: 120, ask.Seed);
    (CaptionedImageSet known, CaptionedImageSet? heldOut) = CaptionedImageSet.Open(folder);
    if (heldOut is null) (known, heldOut) = Splits.Random(known, 0.2, ask.Seed);
    (CaptionedImageSet train, CaptionedImageSet validation) = Splits.Random(known, 0.1, ask.Seed);
    Headline($"{known.Images.Count} images to learn from and {heldOut.Images.Count} held out, in '{folder}'");
    Console.WriteLine($"  such as {train.Images[0].FileName}: \"{train.Images[0].Captions[0]}\"");

    // 1  Train. The run's folder keeps the best weights, the options and the curves.
    Headline($"1  Train, at most {ask.Minutes} minutes");
    string runFolder = Enumerable.Range(1, int.MaxValue).Select(n => Path.Combine(ask.Out, $"run-{n}")).First(f => !Directory.Exists(f));
    var trainer = new SwanTrainer(Recipe.For(train.Captions.Count, ask.Minutes, ask.Seed));
    TrainingResult training = trainer.Train(train, validation, runFolder, progress: new TrainingLine());

    // 2  Export: one file, checked against TorchSharp, that needs ONNX Runtime only.
    Headline("2  Export");
    string modelFile = Path.Combine(ask.Out, "quickstart.swan");
    ModelCard card = SwanExporter.Export(training.Run, modelFile);
    Console.WriteLine($"  {modelFile}: {card.Parameters:N0} parameters, {new FileInfo(modelFile).Length / 1e6:F1} MB, same answers as TorchSharp to {card.ExportDifference:G1}");

    // 3  An ML.NET pipeline, saved and loaded like any other. From here on nothing needs Swan.Training.
    Headline("3  Pipeline");
    var ml = new MLContext(seed: 0);
    IDataView pictures = ml.Data.LoadFromEnumerable(heldOut.Images.Select(image => new Picture(image.ImagePath, image.Scene ?? "")));
    ITransformer pipeline = new EstimatorChain<ITransformer>().AppendSwanEmbedding(ml, "Embedding", "ImagePath", modelFile).Fit(pictures);
    string pipelineFile = Path.Combine(ask.Out, "pipeline.zip");
    ml.Model.Save(pipeline, pictures.Schema, pipelineFile);
    IDataView embedded = ml.Data.Cache(ml.Model.Load(pipelineFile, out _).Transform(pictures));
    Console.WriteLine($"  {pipelineFile}: saved, loaded, and applied to the {heldOut.Images.Count} held-out images");

    // How good is it? Each held-out image looks for its captions, and each caption for its image.
    IDataView sentences = ml.Data.LoadFromEnumerable(heldOut.Captions.Select((text, i) => new Sentence(text, heldOut.Images[heldOut.CaptionImage[i]].ImagePath)));
    IDataView embeddedSentences = new EstimatorChain<ITransformer>().AppendSwanCaptionEmbedding(ml, "Embedding", "Text", modelFile, new() { EmbedEmptyCaptions = true }).Fit(sentences).Transform(sentences);
    RetrievalMetrics metrics = ml.Swan().EvaluateRetrieval(embedded, embeddedSentences, "Embedding", "ImagePath", sceneColumnName: "Scene");
    Measure[] measures = Measures.Of(metrics, heldOut);
    foreach (Measure m in measures) Console.WriteLine($"  {m.Name,-22}{m.Value,6:F1} %   by guessing {m.Chance,5:F1} %");

    // 4  Search.
    Headline("4  Search the held-out images");
    using SwanModel model = ml.Swan().LoadModel(modelFile);
    SwanIndex index = ml.Swan().BuildIndex(embedded, "Embedding", "ImagePath");
    Dictionary<string, CaptionedImage> byPath = heldOut.Images.ToDictionary(image => image.ImagePath);
    var answers = new List<Answer>();
    foreach (string query in ask.Data is null ? Scene.Queries : Spread(heldOut.Captions, 3))
    {
        Hit[] hits = [.. index.SearchCaption(model, query, k: 5).Select(hit => new Hit(byPath[hit.Key], hit.Score))];
        answers.Add(new(query, hits));
        Console.WriteLine($"  {query}");
        foreach (Hit hit in hits) Console.WriteLine($"    {hit.Score:F2}  {hit.Image.FileName,-22} {hit.Caption}");
    }

    string page = Path.GetFullPath(Path.Combine(ask.Out, "search.html"));
    ContactSheet.Write(page, answers, measures, $"{heldOut.Images.Count} images that the model never saw, searched with words.", $"Made by samples/QuickStart with {card.Name}: {train.Images.Count} images, {training.Epochs[^1].Seconds / 60:F1} minutes of training from scratch.");
    Headline("Next");
    Console.WriteLine($"""
          Look at           {page}
          Your own images   dotnet run -c Release --project samples/QuickStart -- --data DIR   (train.jsonl: image, captions)
          More time         dotnet run -c Release --project samples/QuickStart -- --minutes 10
          A better model    swan train --data DIR --out RUN --backbone efficientnet_lite0 --backbone-weights FILE --fine-tune
          In your program   pipeline.AppendSwanEmbedding(mlContext, "Embedding", "ImagePath", "{modelFile}")
        """);
}

static void Headline(string text) => Console.WriteLine($"\n{text}");

// So many, evenly spread over a list.
static IEnumerable<string> Spread(IReadOnlyList<string> all, int count) => Enumerable.Range(0, count).Select(i => all[(2 * i + 1) * all.Count / (2 * count)]);

internal sealed record Picture(string ImagePath, string Scene);

internal sealed record Sentence(string Text, string ImagePath);
