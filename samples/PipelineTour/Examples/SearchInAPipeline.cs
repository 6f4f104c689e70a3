using Microsoft.ML;
using Swan.MLNet.Search;

namespace PipelineTour.Examples;

/// <summary>
/// A search as the last step of a pipeline: text in, the best K keys and scores out. The gallery is saved with the pipeline.
/// </summary>
internal static class SearchInAPipeline
{
    public static Task Run(ExampleContext context)
    {
        IDataView queries =
            context.ML.Data.LoadFromEnumerable(context.Images.Skip(1).Take(2).Select(image => new { Text = image.Captions[0] }));
        SwanIndex index = context.ML.Swan().BuildIndex(context.Embedded, "Embedding", "ImagePath");
        var pipeline = context.ML.Transforms.SwanCaptionEmbedding("Embedding", "Text", context.Model)
            .Append(context.ML.Transforms.SwanSearch("Found", "Score", "Embedding", index, new() { K = 3 }));
        IDataView answers = pipeline.Fit(queries).Transform(queries);

        context.Print($"Found: {answers.Schema["Found"].Type}, Score: {answers.Schema["Score"].Type}");
        foreach (Answer answer in context.ML.Data.CreateEnumerable<Answer>(answers, reuseRowObject: false))
        {
            context.Print(
                $"{answer.Text}: "
                + $"{string.Join(", ", answer.Found.Zip(answer.Score, (path, score) => $"{Path.GetFileName(path)} {score:F2}"))}");
        }
        return Task.CompletedTask;
    }

    private sealed class Answer
    {
        public string Text { get; set; } = "";

        public string[] Found { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}

// It printed:
//  Found: Vector<String, 3>, Score: Vector<Single, 3>
//  trees are behind the quay of a port where black ships are docked: port_64.jpg 0.56, port_57.jpg 0.56, port_65.jpg 0.55
//  white boats on the blue river near three white bridges: bridge_63.jpg 0.58, bridge_57.jpg 0.56, bridge_59.jpg 0.56
