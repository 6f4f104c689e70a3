using System.Text.Json;
using Swan.MLNet.Evaluation;

namespace Swan.MLNet.Tests.Evaluation;

/// <summary>
/// Metrics as the authors' implementation computes them, on a similarity matrix made by formula (docs/spec/network.md, section 7).
/// </summary>
public sealed class GoldenMetricsTests
{
    private const int CaptionsPerImage = 5;
    private static readonly int Images = Golden.Metrics.GetProperty("images").GetInt32();
    private static readonly int Captions = Golden.Metrics.GetProperty("captions").GetInt32();
    private static readonly int[] CaptionImage = [.. Enumerable.Range(0, Captions).Select(c => c / CaptionsPerImage)];
    private static readonly string[] Scenes = Array.ConvertAll(FormulaWeights.Uniform("scene", Images),
        u => $"scene{(int)Math.Floor((u + 1) / 2 * 7)}");

    [Fact]
    public void The_formula_gives_the_scenes_of_the_golden_file() =>
        Assert.Equal(Golden.Metrics.GetProperty("scenes").EnumerateArray().Select(s => s.GetString()), Scenes);

    [Fact]
    public void All_metrics_equal_the_golden_values()
    {
        RetrievalMetrics found = RetrievalEvaluator.Evaluate(
            Similarity(), Images, CaptionImage, Scenes, TestContext.Current.CancellationToken);
        Assert.Equal((Images, Captions), (found.Images, found.Captions));
        Same("i2t", found.ImageToText);
        Same("t2i", found.TextToImage);
        Same(Golden.Metrics.GetProperty("mean_recall"), found.MeanRecall);
        JsonElement scenes = Golden.Metrics.GetProperty("scene_recall");
        SceneRecall recall = found.SceneRecall!;
        Same(scenes.GetProperty("i2t@1"), recall.ImageToTextAt1);
        Same(scenes.GetProperty("i2t@5"), recall.ImageToTextAt5);
        Same(scenes.GetProperty("i2t@10"), recall.ImageToTextAt10);
        Same(scenes.GetProperty("t2i@1"), recall.TextToImageAt1);
        Same(scenes.GetProperty("t2i@5"), recall.TextToImageAt5);
        Same(scenes.GetProperty("t2i@10"), recall.TextToImageAt10);
    }

    [Fact]
    public void Embeddings_whose_products_are_that_matrix_give_the_same_metrics()
    {
        // One-hot images and captions that hold their column: S = I · columns.
        float[] matrix = Similarity();
        var images = new float[Images * Images];
        for (int i = 0; i < Images; i++) images[i * Images + i] = 1;
        var captions = new float[Captions * Images];
        for (int c = 0; c < Captions; c++)
        {
            for (int i = 0; i < Images; i++) captions[c * Images + i] = matrix[i * Captions + c];
        }
        Assert.Equal(
            RetrievalEvaluator.Evaluate(matrix, Images, CaptionImage, Scenes, TestContext.Current.CancellationToken),
            RetrievalEvaluator.Evaluate(images, captions, Images, CaptionImage, Scenes, TestContext.Current.CancellationToken));
    }

    private static float[] Similarity()
    {
        float[] matrix = FormulaWeights.Uniform("similarity", (long)Images * Captions);
        for (int c = 0; c < Captions; c++) matrix[CaptionImage[c] * Captions + c] += 0.9f;
        return matrix;
    }

    private static void Same(string direction, DirectionMetrics found)
    {
        JsonElement golden = Golden.Metrics.GetProperty(direction);
        Same(golden.GetProperty("r1"), found.RecallAt1);
        Same(golden.GetProperty("r5"), found.RecallAt5);
        Same(golden.GetProperty("r10"), found.RecallAt10);
        Same(golden.GetProperty("median_rank"), found.MedianRank);
        Same(golden.GetProperty("mean_rank"), found.MeanRank);
    }

    private static void Same(JsonElement expected, double found) =>
        Assert.Equal(expected.GetDouble(), found, tolerance: 1e-4 * Math.Abs(expected.GetDouble()));
}
