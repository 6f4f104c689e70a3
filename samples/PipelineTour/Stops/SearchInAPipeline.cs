using Microsoft.ML;
using Microsoft.ML.Data;

namespace PipelineTour.Stops;

/// <summary>A search as the last step of a pipeline: text in, the best K keys and scores out. The gallery is saved with the pipeline.</summary>
internal static class SearchInAPipeline
{
    public static Task Visit(Tour tour)
    {
        IDataView queries = tour.ML.Data.LoadFromEnumerable(tour.Images.Skip(1).Take(2).Select(image => new { Text = image.Captions[0] }));
        var pipeline = new EstimatorChain<ITransformer>()
            .AppendSwanCaptionEmbedding(tour.ML, "Embedding", "Text", tour.Model)
            .AppendSwanSearch(tour.ML, "Found", "Score", "Embedding", tour.ML.Swan().BuildIndex(tour.Embedded, "Embedding", "ImagePath"), options => options.K = 3);
        IDataView answers = pipeline.Fit(queries).Transform(queries);

        tour.Say($"Found: {answers.Schema["Found"].Type}, Score: {answers.Schema["Score"].Type}");
        foreach (Answer answer in tour.ML.Data.CreateEnumerable<Answer>(answers, reuseRowObject: false))
            tour.Say($"{answer.Text}: {string.Join(", ", answer.Found.Zip(answer.Score, (path, score) => $"{Path.GetFileName(path)} {score:F2}"))}");
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
