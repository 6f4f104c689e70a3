using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;
using SyntheticScenes;

namespace QuickStart;

/// <summary>Searches images with words, with the model that comes inside Swan.MLNet. Nothing here needs Swan.Training.</summary>
internal static class SearchExample
{
    private static readonly string[] Queries =
    [
        "planes parked at an airport", "a bridge over a river", "a harbor with many boats", "a baseball field", "dense forest",
    ];

    public static void Run(Request request)
    {
        // 0  Images: drawn scenes, or your own.
        bool drawn = request.Images is null && request.Data is null;
        (IReadOnlyList<CaptionedImage> images, IReadOnlyList<string> queries) = request.Images is { } folder
            ? (ImageSource.InFolder(folder), Queries)
            : Captioned(request);
        if (request.Queries.Count > 0) queries = request.Queries;

        // 1  Embed every image and make an index of it.
        var ml = new MLContext(seed: 0);
        SwanModel model = SwanModel.Default;
        var clock = Stopwatch.StartNew();
        SwanIndex index = Index(ml, images);
        ModelCard card = model.Card;
        Headline($"{index.Count} images, embedded in {clock.Elapsed.TotalSeconds:F1} s with {card.Name}");
        if (card.Metrics.LastOrDefault(m => m.Name == "mR") is { } metric)
            Console.WriteLine($"  the model inside Swan.MLNet, which learned from photographs: mR {metric.Value:F1} on {metric.Data}");
        if (index.SkippedRows > 0) Console.WriteLine($"  {index.SkippedRows} of the files can't be read as images");

        // 2  Search it.
        Answer[] answers = SearchResults.To(queries, index, model, images);

        // How good is it? Only drawn scenes have names that are words, so that this can be asked.
        Measure[] measures = drawn ? [Share(index, model, images)] : [];
        if (drawn)
        {
            Headline("Each scene's name as a query");
            SearchResults.Print(measures);
            Console.WriteLine(
                "  It learned from photographs, not from drawings: your photographs suit it better, and --train learns these drawings.");
        }

        string page = Path.GetFullPath(Path.Combine(request.Out, "search.html"));
        Directory.CreateDirectory(request.Out);
        ContactSheet.Write(page, $"{index.Count} images, searched with words.", answers, "Each scene’s name as a query", measures,
            $"Made by samples/QuickStart with {card.Name}, the model inside Swan.MLNet.");
        Headline("Next");
        Console.WriteLine($"""
              Look at           {page}
              Your own images   dotnet run -c Release --project samples/QuickStart -- --images DIR --query "a bridge over a river"
              Your own model    dotnet run -c Release --project samples/QuickStart -- --train   (on these scenes; --data DIR: on yours)
              In your program   mlContext.Transforms.SwanEmbedding("Embedding", "ImagePath")
            """);
    }

    /// <summary>The whole of it: images into a pipeline with Swan's own model, and what comes out into an index.</summary>
    public static SwanIndex Index(MLContext ml, IEnumerable<CaptionedImage> images)
    {
        IDataView pictures = ml.Data.LoadFromEnumerable(images.Select(image => new Picture(image.ImagePath, image.Scene ?? "")));
        // One broken file in a folder is no reason to find nothing: it gets no embedding, and the index leaves it out.
        var pipeline = ml.Transforms.SwanEmbedding("Embedding", "ImagePath", options: new() { OnError = SwanOnError.Missing });
        return ml.Swan().BuildIndex(pipeline.Fit(pictures).Transform(pictures), "Embedding", "ImagePath");
    }

    /// <summary>How often the first five images show the scene that was asked for.</summary>
    public static Measure Share(SwanIndex index, SwanModel model, IReadOnlyList<CaptionedImage> images)
    {
        Dictionary<string, CaptionedImage> byPath = images.ToDictionary(image => image.ImagePath);
        return SceneShare.Compute(images, scene => !model.HasWords(scene) ? []
            : index.SearchCaption(model, scene, SceneShare.Depth).Select(hit => byPath[hit.Key]));
    }

    // Held-out images, as --train measures itself on the same ones.
    private static (IReadOnlyList<CaptionedImage>, IReadOnlyList<string>) Captioned(Request request)
    {
        CaptionedImageSet heldOut = ImageSource.Captioned(request).HeldOut;
        return (heldOut.Images, request.Data is null ? Scene.Queries : SearchResults.Some(heldOut.Captions, 3));
    }

    private static void Headline(string text) => Console.WriteLine($"\n{text}");
}
