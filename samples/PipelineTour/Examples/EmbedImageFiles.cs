using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Transforms;

namespace PipelineTour.Examples;

/// <summary>From a column of paths to a column of embeddings. The pipeline opens the model itself.</summary>
internal static class EmbedImageFiles
{
    public static Task Run(ExampleContext context)
    {
        context.Embedded = context.ML.Data.Cache(Embed(context));
        context.Print($"{context.Embedded.Schema["Embedding"].Type}");
        foreach ((string path, float[] vector) in context.Embedded.GetColumn<string>("ImagePath")
            .Zip(context.Embedded.GetColumn<float[]>("Embedding"))
            .Take(3))
            context.Print($"{Path.GetFileName(path),-20} {string.Join("  ", vector.Take(4).Select(v => $"{v,7:F4}"))}  …");
        return Task.CompletedTask;
    }

    private static IDataView Embed(ExampleContext context)
    {
        IDataView rows =
            context.ML.Data.LoadFromEnumerable(context.Images.Select(image => new { image.ImagePath, Scene = image.Scene ?? "" }));
        var options = new SwanEmbeddingOptions
        {
            BatchSize = 16,
            Rotations = 1, // 2 or 4 average an image's half or quarter turns: seen from above there is no upright
        };
        return context.ML.Transforms.SwanEmbedding("Embedding", "ImagePath", context.ModelFile, options).Fit(rows).Transform(rows);
    }
}

// It printed:
//  Vector<Single, 128>
//  airport_56.jpg        0.0757  -0.0513  -0.0008  -0.0186  …
//  port_56.jpg           0.1595   0.0367   0.1354  -0.0514  …
//  bridge_56.jpg         0.0437  -0.0597   0.0462   0.0504  …
