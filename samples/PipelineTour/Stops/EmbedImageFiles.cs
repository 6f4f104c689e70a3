using Microsoft.ML;
using Microsoft.ML.Data;

namespace PipelineTour.Stops;

/// <summary>From a column of paths to a column of embeddings. The pipeline opens the model itself.</summary>
internal static class EmbedImageFiles
{
    public static Task Visit(Tour tour)
    {
        tour.Embedded = tour.ML.Data.Cache(Embed(tour));
        tour.Say($"{tour.Embedded.Schema["Embedding"].Type}");
        foreach ((string path, float[] vector) in tour.Embedded.GetColumn<string>("ImagePath").Zip(tour.Embedded.GetColumn<float[]>("Embedding")).Take(3))
            tour.Say($"{Path.GetFileName(path),-20} {string.Join("  ", vector.Take(4).Select(v => $"{v,7:F4}"))}  …");
        return Task.CompletedTask;
    }

    private static IDataView Embed(Tour tour)
    {
        IDataView rows = tour.ML.Data.LoadFromEnumerable(tour.Images.Select(image => new { image.ImagePath, Scene = image.Scene ?? "" }));
        var pipeline = new EstimatorChain<ITransformer>().AppendSwanEmbedding(tour.ML, "Embedding", "ImagePath", tour.ModelFile, options =>
        {
            options.BatchSize = 16;
            options.Rotations = 1; // 2 or 4 average an image's half or quarter turns: seen from above there is no upright
        });
        return pipeline.Fit(rows).Transform(rows);
    }
}

// It printed:
//  Vector<Single, 128>
//  airport_56.jpg        0.0757  -0.0513  -0.0008  -0.0186  …
//  port_56.jpg           0.1595   0.0367   0.1354  -0.0514  …
//  bridge_56.jpg         0.0437  -0.0597   0.0462   0.0504  …
