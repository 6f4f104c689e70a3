using Microsoft.ML;
using Swan.MLNet.Evaluation;
using Swan.MLNet.Transforms;

namespace PipelineTour.Examples;

/// <summary>How well images and captions find each other: the paper's R@K and mR, ranks, and scene recall.</summary>
internal static class MeasureRetrieval
{
    public static Task Run(ExampleContext context)
    {
        IDataView captions = context.ML.Data.LoadFromEnumerable(
            context.Images.SelectMany(image => image.Captions.Select(text => new { Text = text, image.ImagePath })));
        // As training's own metrics do; elsewhere, a caption without words is an error.
        var options = new SwanEmbeddingOptions { EmbedEmptyCaptions = true };
        IDataView embedded = context.ML.Transforms.SwanCaptionEmbedding("Embedding", "Text", context.Model, options)
            .Fit(captions)
            .Transform(captions);
        RetrievalMetrics metrics =
            context.ML.Swan().EvaluateRetrieval(context.Embedded, embedded, "Embedding", "ImagePath", sceneColumnName: "Scene");

        context.Print($"{metrics.Images} images, {metrics.Captions} captions, mR {metrics.MeanRecall:F1} %");
        context.Print(
            $"image → text  R@1 {metrics.ImageToText.RecallAt1:F1} %  R@5 {metrics.ImageToText.RecallAt5:F1} %  R@10 "
            + $"{metrics.ImageToText.RecallAt10:F1} %  median rank {metrics.ImageToText.MedianRank}");
        context.Print(
            $"text → image  R@1 {metrics.TextToImage.RecallAt1:F1} %  R@5 {metrics.TextToImage.RecallAt5:F1} %  R@10 "
            + $"{metrics.TextToImage.RecallAt10:F1} %  median rank {metrics.TextToImage.MedianRank}");
        if (metrics.SceneRecall is { } scenes)
            context.Print($"the first image found is of the query's scene {100 * scenes.TextToImageAt1:F1} % of the time");
        return Task.CompletedTask;
    }
}

// It printed:
//  120 images, 600 captions, mR 61.2 %
//  image → text  R@1 32.5 %  R@5 70.8 %  R@10 83.3 %  median rank 3
//  text → image  R@1 22.8 %  R@5 69.2 %  R@10 88.7 %  median rank 3
//  the first image found is of the query's scene 89.5 % of the time
