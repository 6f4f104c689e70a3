using Swan.MLNet.Calibration;
using Swan.MLNet.Models;

namespace Swan.MLNet.Search;

/// <summary>Searches whose results are judged by the model's calibration.</summary>
public static class SwanAnswerExtensions
{
    // What the calibration looks at.
    private const int Judged = QueryLevels.Best;

    /// <summary>Finds the rows that fit a caption or query text best, with the probability that they do.</summary>
    /// <remarks>
    /// The same hits in the same order as <see cref="SwanIndex.SearchCaption"/>; with a model without a calibration, probabilities are
    /// null. Takes the time of a search and that of comparing the query with the bank, a fraction of a millisecond.
    /// </remarks>
    /// <param name="index">The images. Rows that are no images of <paramref name="model"/> make the probabilities meaningless.</param>
    /// <param name="model">The model that made the index's embeddings.</param>
    /// <param name="caption">As for <see cref="SwanIndex.SearchCaption"/>.</param>
    /// <param name="k">How many hits, at least 1.</param>
    /// <exception cref="SwanMismatchException">The index holds embeddings of another model.</exception>
    /// <exception cref="Text.SwanTextException">The model knows no word of the caption.</exception>
    /// <exception cref="SwanFormatException">The model's calibration can't be used.</exception>
    public static SwanAnswer AnswerCaption(this SwanIndex index, SwanModel model, string caption, int k)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        float[] query = index.ForQuery(model).EmbedCaption(caption);
        if (model.Calibration is not { } calibration)
            return new SwanAnswer([.. index.Search(query, k).Select(h => Hit(h, null))], null, null, null);
        SwanHit[] hits = index.Search(query, Math.Max(k, Judged));
        float[] scores = new float[hits.Length], embeddings = new float[hits.Length * index.EmbeddingSize];
        for (int i = 0; i < hits.Length; i++)
        {
            scores[i] = hits[i].Score;
            index.Gallery.Row(hits[i].Row).CopyTo(embeddings.AsSpan(i * index.EmbeddingSize));
        }
        double[] probabilities = new double[hits.Length];
        double any = calibration.Judge(query, index.Count, scores, embeddings, probabilities);
        return new SwanAnswer(
            [.. hits.Zip(probabilities, (h, p) => Hit(h, p)).Take(k)], any, calibration.DefaultMinProbability, model.JudgeText(caption));
    }

    private static SwanAnswerHit Hit(SwanHit hit, double? probability) => new(hit.Key, hit.Row, hit.Score, probability);
}
