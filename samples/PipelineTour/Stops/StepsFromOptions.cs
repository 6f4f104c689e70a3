using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.AutoML;
using Swan.MLNet.Transforms;

namespace PipelineTour.Stops;

/// <summary>Steps that are made of one options object each, as searches over pipelines need them; samples/AutoMLPipeline searches.</summary>
internal static class StepsFromOptions
{
    public static Task Visit(Tour tour)
    {
        // Options survive JSON, so that a search can write down what it tried.
        string tried = JsonSerializer.Serialize(new SwanEmbeddingStepOptions { ModelPath = tour.ModelFile, Options = new SwanEmbeddingOptions { Rotations = 2 } });
        SwanEmbeddingStepOptions embedding = JsonSerializer.Deserialize<SwanEmbeddingStepOptions>(tried)!;
        tour.Say($"{embedding.InputColumnName} → {embedding.OutputColumnName}, {embedding.Options.Rotations} rotations");

        IDataView rows = tour.ML.Data.LoadFromEnumerable(tour.Images.Select(image => new { image.ImagePath }));
        IEstimator<ITransformer> pipeline = SwanEstimatorFactories.Embedding(tour.ML, embedding)
            .Append(SwanEstimatorFactories.Features(tour.ML, new SwanFeatureStepOptions { Dimensions = 4, Normalization = SwanNormalization.Standard }))
            .Append(SwanEstimatorFactories.ZeroShot(tour.ML, new SwanZeroShotStepOptions { ModelPath = tour.ModelFile, Options = new SwanZeroShotOptions { Classes = ["airport", "river"] } }));
        IDataView result = pipeline.Fit(rows).Transform(rows);
        foreach (string column in (string[])["Embedding", "Features", "PredictedLabel", "Score"]) tour.Say($"{column}: {result.Schema[column].Type}");
        tour.Say($"features of {tour.Images[0].FileName}: {string.Join("  ", result.GetColumn<float[]>("Features").First().Select(v => v.ToString("F2", null)))}");
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
