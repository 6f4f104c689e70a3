using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.Training;
using Swan.Training.Export;
using SyntheticScenes;

namespace QuickStart;

/// <summary>Trains a small SWAN from scratch, exports it, and searches with it through a saved ML.NET pipeline.</summary>
internal static class TrainExample
{
    public static void Run(Request request)
    {
        // 0  Data: a few hundred drawn scenes, or your own images.
        (string folder, CaptionedImageSet known, CaptionedImageSet heldOut) = ImageSource.Captioned(request);
        (CaptionedImageSet train, CaptionedImageSet validation) = Splits.Divide(known, SplitRule.Random, 0.1, request.Seed);
        Headline($"{known.Images.Count} images to learn from and {heldOut.Images.Count} held out, in '{folder}'");
        Console.WriteLine($"  such as {train.Images[0].FileName}: \"{train.Images[0].Captions[0]}\"");

        // 1  Train. The run's folder keeps the best weights, the options and the curves.
        Headline($"1  Train, at most {request.Minutes} minutes");
        string runFolder = Enumerable.Range(1, int.MaxValue)
            .Select(n => Path.Combine(request.Out, $"run-{n}"))
            .First(f => !Directory.Exists(f));
        var trainer = new SwanTrainer(Recipe.For(train.Captions.Count, request.Minutes, request.Seed));
        TrainingResult training = trainer.Train(train, validation, runFolder, progress: new TrainingLine());

        // 2  Export: one file, checked against TorchSharp, that needs ONNX Runtime only.
        Headline("2  Export");
        string modelFile = Path.Combine(request.Out, "quickstart.swan");
        ModelCard card = SwanExporter.Export(training.Run, modelFile);
        Console.WriteLine(
            $"  {modelFile}: {card.Parameters:N0} parameters, {new FileInfo(modelFile).Length / 1e6:F1} MB, same answers as TorchSharp to "
            + $"{card.ExportDifference:G1}");

        // 3  An ML.NET pipeline, saved and loaded like any other. From here on nothing needs Swan.Training.
        Headline("3  Pipeline");
        var ml = new MLContext(seed: 0);
        IDataView pictures = ml.Data.LoadFromEnumerable(heldOut.Images.Select(image => new Picture(image.ImagePath, image.Scene ?? "")));
        ITransformer pipeline = ml.Transforms.SwanEmbedding("Embedding", "ImagePath", modelFile).Fit(pictures);
        string pipelineFile = Path.Combine(request.Out, "pipeline.zip");
        ml.Model.Save(pipeline, pictures.Schema, pipelineFile);
        IDataView embedded = ml.Data.Cache(ml.Model.Load(pipelineFile, out _).Transform(pictures));
        Console.WriteLine($"  {pipelineFile}: saved, loaded, and applied to the {heldOut.Images.Count} held-out images");

        // How good is it? Each held-out image looks for its captions, and each caption for its image.
        IDataView sentences = ml.Data.LoadFromEnumerable(
            heldOut.Captions.Select((text, i) => new Sentence(text, heldOut.Images[heldOut.CaptionImage[i]].ImagePath)));
        IDataView embeddedSentences = ml.Transforms.SwanCaptionEmbedding(
            "Embedding", "Text", modelFile, new() { EmbedEmptyCaptions = true })
            .Fit(sentences).Transform(sentences);
        Measure[] measures = RecallTable.Compute(
            ml.Swan().EvaluateRetrieval(embedded, embeddedSentences, "Embedding", "ImagePath", sceneColumnName: "Scene"), heldOut);
        SearchResults.Print(measures);

        // 4  Search.
        Headline("4  Search the held-out images");
        using SwanModel model = ml.Swan().LoadModel(modelFile);
        SwanIndex index = ml.Swan().BuildIndex(embedded, "Embedding", "ImagePath");
        IReadOnlyList<string> queries = request.Queries.Count > 0
            ? request.Queries
            : request.Data is null ? Scene.Queries : SearchResults.Some(heldOut.Captions, 3);
        Answer[] answers = SearchResults.To(queries, index, model, heldOut.Images);

        // Drawn scenes have names that are words, so that the model inside Swan.MLNet can be asked the same.
        if (request.Data is null)
        {
            Measure own = SearchExample.Share(index, model, heldOut.Images);
            Measure inside = SearchExample.Share(SearchExample.Index(ml, heldOut.Images), SwanModel.Default, heldOut.Images);
            Headline($"Each scene's name as a query: {own.Name}");
            SearchResults.Print([own with { Name = "this model" }, inside with { Name = "the one inside Swan.MLNet" }]);
        }

        string page = Path.GetFullPath(Path.Combine(request.Out, "search.html"));
        ContactSheet.Write(
            page, $"{heldOut.Images.Count} images that the model never saw, searched with words.", answers, "Recall on images it never saw",
            measures,
            $"Made by samples/QuickStart with {card.Name}: {train.Images.Count} images, "
            + $"{training.Epochs[^1].Seconds / 60:F1} minutes of training from scratch.");
        Headline("Next");
        Console.WriteLine($"""
              Look at           {page}
              Your own images   dotnet run -c Release --project samples/QuickStart -- --train --data DIR   (train.jsonl: image, captions)
              More time         dotnet run -c Release --project samples/QuickStart -- --train --minutes 10
              A better model    swan train --data DIR --out RUN --backbone-weights FILE --text-weights FILE --vocabulary FILE
              In your program   mlContext.Transforms.SwanEmbedding("Embedding", "ImagePath", "{modelFile}")
            """);
    }

    private static void Headline(string text) => Console.WriteLine($"\n{text}");
}
