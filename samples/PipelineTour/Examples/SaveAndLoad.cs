using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet;
using Swan.MLNet.Transforms;

namespace PipelineTour.Examples;

/// <summary>ML.NET's own file holds the whole pipeline, the model included. The machine that loads it may run it its own way.</summary>
internal static class SaveAndLoad
{
    public static Task Run(ExampleContext context)
    {
        string file = context.FileIn("pipeline.zip");
        string folder = Path.GetDirectoryName(Path.GetFullPath(context.Images[0].ImagePath))!;
        IDataView rows = context.ML.Data.LoadFromEnumerable(context.Images.Take(8)
            .Select(image => new { ImagePath = Path.GetRelativePath(folder, image.ImagePath) }));
        ITransformer pipeline =
            context.ML.Transforms.SwanEmbedding("Embedding", "ImagePath", context.ModelFile, new() { ImageFolder = folder }).Fit(rows);
        context.ML.Model.Save(pipeline, rows.Schema, file);
        context.Print(
            $"pipeline.zip has {new FileInfo(file).Length / 1e6:F1} MB, "
            + $"the model file {new FileInfo(context.ModelFile).Length / 1e6:F1} MB");

        // As any other pipeline; the environment variables SWAN_DEVICE, SWAN_THREADS and SWAN_BATCH_SIZE override what was saved.
        ITransformer loaded = context.ML.Model.Load(file, out DataViewSchema schema);
        context.Print($"Load: takes {string.Join(", ", schema.Select(column => column.Name))}; {Difference(loaded)}");

        // Or with overrides from code: another folder with the images, another device, other batches.
        ITransformer here = context.ML.Swan()
            .LoadPipeline(file, out _, new SwanLoadOptions { Device = SwanDevice.Cpu, Threads = 1, BatchSize = 4, ImageFolder = folder });
        context.Print($"LoadPipeline: {Difference(here)}");
        (loaded as IDisposable)?.Dispose();
        (here as IDisposable)?.Dispose();
        return Task.CompletedTask;

        string Difference(ITransformer other)
        {
            float largest = pipeline.Transform(rows)
                .GetColumn<float[]>("Embedding")
                .Zip(other.Transform(rows).GetColumn<float[]>("Embedding"))
                .Max(pair => pair.First.Zip(pair.Second, (a, b) => Math.Abs(a - b)).Max());
            return largest < 1e-5 ? "the same embeddings" : $"embeddings differ by up to {largest}";
        }
    }
}

// It printed:
//  pipeline.zip has 5.6 MB, the model file 7.5 MB
//  Load: takes ImagePath; the same embeddings
//  LoadPipeline: the same embeddings
