using Swan.MLNet.Evaluation;

namespace Swan.MLNet.Tests.Evaluation;

/// <summary>The metrics of docs/spec/network.md, section 5, written down as they read, without regard to speed.</summary>
internal static class RetrievalOracle
{
    public static RetrievalMetrics Evaluate(float[,] similarity, int[] captionImage, string?[]? scenes)
    {
        int images = similarity.GetLength(0), captions = captionImage.Length;
        Query[] fromImages = [.. Enumerable.Range(0, images).Select(i => new Query(
            scenes?[i],
            [.. Enumerable.Range(0, captions).Select(c => new Item(similarity[i, c], captionImage[c] == i, scenes?[captionImage[c]]))]))];
        Query[] fromCaptions = [.. Enumerable.Range(0, captions).Select(c => new Query(
            scenes?[captionImage[c]],
            [.. Enumerable.Range(0, images).Select(i => new Item(similarity[i, c], captionImage[c] == i, scenes?[i]))]))];
        DirectionMetrics i2t = Direction(fromImages), t2i = Direction(fromCaptions);
        double mR = new[] { i2t.RecallAt1, i2t.RecallAt5, i2t.RecallAt10, t2i.RecallAt1, t2i.RecallAt5, t2i.RecallAt10 }.Average();
        SceneRecall? scene = scenes is null || scenes.All(s => s is null) ? null : new(
            Scene(fromImages, 1), Scene(fromImages, 5), Scene(fromImages, 10), Scene(fromCaptions, 1), Scene(fromCaptions, 5),
            Scene(fromCaptions, 10));
        return new RetrievalMetrics(images, captions, i2t, t2i, mR, scene);
    }

    private static DirectionMetrics Direction(Query[] queries)
    {
        int[] ranks = [.. queries.Select(q => q.Items.Where(i => i.Right).Min(right =>
            q.Items.Count(i => !i.Right && i.Score > right.Score) + q.Items.Count(i => !i.Right && i.Score == right.Score) / 2)).Order()];
        double At(int k) => ranks.Average(r => r < k ? 100.0 : 0);
        double median = (ranks[(ranks.Length - 1) / 2] + ranks[ranks.Length / 2]) / 2.0;
        return new(At(1), At(5), At(10), Math.Floor(median) + 1, ranks.Average() + 1);
    }

    /// <summary>Ties share their places evenly, as they do on average over all orders of the data.</summary>
    private static double Scene(Query[] queries, int k) => queries.Where(q => q.Scene is not null).Average(q =>
    {
        double right = 0;
        int place = 0;
        foreach (IGrouping<float, Item> equal in q.Items.GroupBy(i => i.Score).OrderByDescending(g => g.Key))
        {
            int places = Math.Clamp(k - place, 0, equal.Count());
            right += (double)places * equal.Count(i => i.Scene == q.Scene) / equal.Count();
            place += equal.Count();
        }
        return right / k;
    });

    private sealed record Query(string? Scene, Item[] Items);

    private sealed record Item(float Score, bool Right, string? Scene);
}
