using Microsoft.ML;
using Swan.MLNet.Search;

namespace PipelineTour.Examples;

/// <summary>An exact index over a column of embeddings: searched by words and by an example, saved and loaded.</summary>
internal static class SearchAnIndex
{
    public static Task Run(ExampleContext context)
    {
        SwanIndex index = context.ML.Swan().BuildIndex(context.Embedded, "Embedding", "ImagePath");
        index.Save(context.FileIn("images.swanindex"));
        index = SwanIndex.Load(context.FileIn("images.swanindex"));
        context.Print($"{index.Count} rows of {index.Model}");

        string caption = context.Images[0].Captions[0];
        context.Print($"by words: {caption}");
        foreach (SwanHit hit in index.SearchCaption(context.Model, caption, k: 3))
            context.Print($"  {hit.Score:F2}  {Path.GetFileName(hit.Key)}");
        context.Print($"by example: {context.Images[0].FileName}");
        foreach (SwanHit hit in index.SearchImage(context.Model, context.Images[0].ImagePath, k: 3))
            context.Print($"  {hit.Score:F2}  {Path.GetFileName(hit.Key)}");
        return Task.CompletedTask;
    }
}

// It printed:
//  120 rows of 'swan-compact-canonical' (06d35034)
//  by words: a gray terminal with two red planes stands beside two crossing runways
//    0.63  airport_59.jpg
//    0.59  airport_63.jpg
//    0.59  airport_65.jpg
//  by example: airport_56.jpg
//    1.00  airport_56.jpg
//    0.95  airport_63.jpg
//    0.85  parking-lot_63.jpg
