using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Search;

namespace PipelineTour.Examples;

/// <summary>A prediction engine: one object in, one object out, here from an image to the images that look most like it.</summary>
internal static class PredictOneRow
{
    public static Task Run(ExampleContext context)
    {
        SwanIndex index = context.ML.Swan().BuildIndex(context.Embedded, "Embedding", "ImagePath");
        IDataView none = context.ML.Data.LoadFromEnumerable(Array.Empty<Question>()); // for its schema: nothing is learned
        ITransformer pipeline = context.ML.Transforms.SwanEmbedding("Embedding", "ImagePath", context.Model)
            .Append(context.ML.Transforms.SwanSearch("Found", "Score", "Embedding", index, new() { K = 3 }))
            .Fit(none);

        using PredictionEngine<Question, Answer> engine = context.ML.Model.CreatePredictionEngine<Question, Answer>(pipeline);
        Answer answer = engine.Predict(new Question { ImagePath = context.Images[1].ImagePath });
        context.Print(
            $"{context.Images[1].FileName}: "
            + $"{string.Join(", ", answer.Found.Zip(answer.Score, (path, score) => $"{Path.GetFileName(path)} {score:F2}"))}");
        return Task.CompletedTask;
    }

    private sealed class Question
    {
        public string ImagePath { get; set; } = "";
    }

    private sealed class Answer
    {
        public string[] Found { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}

// It printed:
//  port_56.jpg: port_56.jpg 1.00, port_63.jpg 0.90, beach_62.jpg 0.89
