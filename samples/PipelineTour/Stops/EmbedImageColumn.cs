using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace PipelineTour.Stops;

/// <summary>From a column of images, here the one that ML.NET's own <c>LoadImages</c> makes, to embeddings. The open model stays ours.</summary>
internal static class EmbedImageColumn
{
    public static Task Visit(Tour tour)
    {
        IDataView rows = tour.ML.Data.LoadFromEnumerable(tour.StockImages.Take(3).Select(path => new { ImagePath = path }));
        IDataView embedded = tour.ML.Transforms.LoadImages("Image", imageFolder: null, inputColumnName: "ImagePath")
            .AppendSwanEmbedding(tour.ML, "FromImage", "Image", tour.Model)
            .AppendSwanEmbedding(tour.ML, "FromFile", "ImagePath", tour.Model)
            .Fit(rows).Transform(rows);

        tour.Say($"Image: {embedded.Schema["Image"].Type}");
        foreach ((float[] fromFile, float[] fromImage) in embedded.GetColumn<float[]>("FromFile").Zip(embedded.GetColumn<float[]>("FromImage")))
            tour.Say($"cosine to the embedding of the file: {TensorPrimitives.Dot(fromFile, fromImage):F4}");
        return Task.CompletedTask;
    }
}

// It printed:
//  Image: Image
//  cosine to the embedding of the file: 1.0000
//  cosine to the embedding of the file: 1.0000
//  cosine to the embedding of the file: 1.0000
