using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace PipelineTour.Examples;

/// <summary>
/// From a column of images, here the one that ML.NET's own <c>LoadImages</c> makes, to embeddings. The open model stays ours.
/// </summary>
internal static class EmbedImageColumn
{
    public static Task Run(ExampleContext context)
    {
        IDataView rows = context.ML.Data.LoadFromEnumerable(context.StockImages.Take(3).Select(path => new { ImagePath = path }));
        IDataView embedded = context.ML.Transforms.LoadImages("Image", imageFolder: null, inputColumnName: "ImagePath")
            .Append(context.ML.Transforms.SwanEmbedding("FromImage", "Image", context.Model))
            .Append(context.ML.Transforms.SwanEmbedding("FromFile", "ImagePath", context.Model))
            .Fit(rows).Transform(rows);

        context.Print($"Image: {embedded.Schema["Image"].Type}");
        foreach ((float[] fromFile, float[] fromImage) in embedded.GetColumn<float[]>("FromFile")
            .Zip(embedded.GetColumn<float[]>("FromImage")))
            context.Print($"cosine to the embedding of the file: {TensorPrimitives.Dot(fromFile, fromImage):F4}");
        return Task.CompletedTask;
    }
}

// It printed:
//  Image: Image
//  cosine to the embedding of the file: 1.0000
//  cosine to the embedding of the file: 1.0000
//  cosine to the embedding of the file: 1.0000
