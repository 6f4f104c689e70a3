using System.CommandLine;
using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Portable;
using Swan.MLNet.Transforms;

namespace Swan.Benchmarks.Commands;

/// <summary>How far the embeddings of a portable pipeline are from ours, on real images.</summary>
internal static class PortableCommand
{
    public static Command Create()
    {
        var command = new Command("portable",
            "The largest difference between our embeddings and those of a pipeline that SavePortable wrote, on images of one size.")
        {
            SharedOptions.Model, SharedOptions.Images, SharedOptions.Rows, SharedOptions.Json,
        };
        command.SetAction(parsed => Execute(
            parsed.GetRequiredValue(SharedOptions.Model), parsed.GetRequiredValue(SharedOptions.Images),
            parsed.GetValue(SharedOptions.Rows), parsed.GetValue(SharedOptions.Json)));
        return command;
    }

    private static void Execute(string model, string images, int rows, string? json)
    {
        (string[] paths, int width, int height) = ImageRows.ChooseOneSize(images, rows);
        var ml = new MLContext();
        IDataView data = ImageRows.Stream(ml, paths, paths.Length);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("swan-benchmarks-");
        try
        {
            string file = Path.Combine(folder.FullName, "portable.zip");
            using SwanEmbeddingTransformer swan = ml.Transforms.SwanEmbedding("Embedding", nameof(ImageRow.ImagePath), model).Fit(data);
            ml.Swan().SavePortable(swan, data.Schema, file, new SwanPortableOptions { ImageWidth = width, ImageHeight = height });
            ITransformer stock = ml.Model.Load(file, out _);
            using var loaded = stock as IDisposable;

            float largest = 0, leastCosine = 1;
            foreach ((float[] ours, float[] theirs) in swan.Transform(data)
                .GetColumn<float[]>("Embedding")
                .Zip(stock.Transform(data).GetColumn<float[]>("Embedding")))
            {
                for (int d = 0; d < ours.Length; d++) largest = Math.Max(largest, Math.Abs(ours[d] - theirs[d]));
                leastCosine = Math.Min(leastCosine, TensorPrimitives.CosineSimilarity(ours, theirs));
            }
            Report.Table(
                ["images", "size", "largest difference of a value", "least cosine"],
                [[$"{paths.Length}", $"{width}×{height}", $"{largest:G2}", $"{leastCosine:F7}"]]);
            Report.Write(json, "portable", new { images = paths.Length, width, height, largestDifference = largest, leastCosine });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
