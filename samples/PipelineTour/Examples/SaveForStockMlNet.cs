using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Imaging;
using Swan.MLNet.Portable;

namespace PipelineTour.Examples;

/// <summary>
/// The same pipeline as stock ML.NET components, for projects without Swan.MLNet: PNG and JPEG files of one size, which has to be said.
/// </summary>
internal static class SaveForStockMlNet
{
    public static Task Run(ExampleContext context)
    {
        RgbImage first = ImageDecoder.Decode(context.StockImages[0]);
        IDataView rows = context.ML.Data.LoadFromEnumerable(context.StockImages.Take(8)
            .Where(path => SizeOf(path) == (first.Width, first.Height))
            .Select(path => new { ImagePath = path }));
        ITransformer pipeline = context.ML.Transforms.SwanEmbedding("Embedding", "ImagePath", context.Model).Fit(rows);
        context.ML.Swan().SavePortable(pipeline, rows.Schema, context.FileIn("portable.zip"),
            new SwanPortableOptions { ImageWidth = first.Width, ImageHeight = first.Height });

        ITransformer stock = context.ML.Model.Load(context.FileIn("portable.zip"), out _);
        context.Print($"steps: {string.Join(", ", ((IEnumerable<ITransformer>)stock).Select(step => step.GetType().Name))}");
        float lowest = pipeline.Transform(rows)
            .GetColumn<float[]>("Embedding")
            .Zip(stock.Transform(rows).GetColumn<float[]>("Embedding"), (a, b) => TensorPrimitives.Dot(a, b))
            .Min();
        context.Print($"images of {first.Width}×{first.Height}: lowest cosine to Swan's own embeddings {lowest:F5}");
        return Task.CompletedTask;
    }

    private static (int Width, int Height) SizeOf(string path)
    {
        RgbImage image = ImageDecoder.Decode(path);
        return (image.Width, image.Height);
    }
}

// It printed:
//  steps: ImageLoadingTransformer, OnnxTransformer, ImageLoadingTransformer, ImageResizingTransformer, ImagePixelExtractingTransformer,
//  OnnxTransformer, ColumnCopyingTransformer, ColumnSelectingTransformer
//  images of 256×256: lowest cosine to Swan's own embeddings 1.00000
