using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.AutoML;
using Swan.MLNet.Transforms;

namespace PipelineTour.Examples;

/// <summary>
/// Steps that are made of one options object each, as searches over pipelines need them; samples/AutoMLPipeline searches.
/// </summary>
internal static class StepsFromOptions
{
    public static Task Run(ExampleContext context)
    {
        // Options survive JSON, so that a search can write down what it tried.
        string tried = JsonSerializer.Serialize(new SwanEmbeddingStepOptions
        {
            ModelPath = context.ModelFile,
            Options = new SwanEmbeddingOptions { Rotations = 2 },
        });
        SwanEmbeddingStepOptions embedding = JsonSerializer.Deserialize<SwanEmbeddingStepOptions>(tried)!;
        context.Print($"{embedding.InputColumnName} → {embedding.OutputColumnName}, {embedding.Options.Rotations} rotations");

        IDataView rows = context.ML.Data.LoadFromEnumerable(context.Images.Select(image => new { image.ImagePath }));
        IEstimator<ITransformer> pipeline = SwanEstimatorFactories.Embedding(context.ML, embedding)
            .Append(SwanEstimatorFactories.Features(
                context.ML, new SwanFeatureStepOptions { Dimensions = 4, Normalization = SwanNormalization.Standard }))
            .Append(SwanEstimatorFactories.ZeroShot(context.ML, new SwanZeroShotStepOptions
            {
                ModelPath = context.ModelFile,
                Options = new SwanZeroShotOptions { Classes = ["stadium", "river"] },
            }));
        IDataView result = pipeline.Fit(rows).Transform(rows);
        foreach (string column in (string[])["Embedding", "Features", "PredictedLabel", "Score"])
            context.Print($"{column}: {result.Schema[column].Type}");
        context.Print(
            $"features of {context.Images[0].FileName}: "
            + $"{string.Join("  ", result.GetColumn<float[]>("Features").First().Select(v => v.ToString("F2", null)))}");
        return Task.CompletedTask;
    }
}

// It printed:
//  ImagePath → Embedding, 2 rotations
//  Embedding: Vector<Single, 128>
//  Features: Vector<Single, 4>
//  PredictedLabel: Key<UInt32, 0-1>
//  Score: Vector<Single, 2>
//  features of airport_56.jpg: -0.05  0.17  -1.62  0.04
