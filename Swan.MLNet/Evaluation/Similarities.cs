using Swan.MLNet.Numerics;

namespace Swan.MLNet.Evaluation;

/// <summary>Scores between images and captions, asked for a few queries at a time so that the whole matrix need not exist.</summary>
internal abstract class Similarities
{
    /// <summary>Queries asked for together: each tile of the other side is read once for so many.</summary>
    public const int Group = 12;

    /// <summary>Fills <c>scores[q * captions + caption]</c> for <paramref name="count"/> images from <paramref name="first"/> on.</summary>
    public abstract void OfImages(int first, int count, Span<float> scores);

    /// <summary>Fills <c>scores[q * images + image]</c> for <paramref name="count"/> captions from <paramref name="first"/> on.</summary>
    public abstract void OfCaptions(int first, int count, Span<float> scores);
}

/// <summary>A matrix that is there: <c>matrix[image * captions + caption]</c>.</summary>
internal sealed class SimilarityMatrix(ReadOnlyMemory<float> matrix, int captions) : Similarities
{
    public override void OfImages(int first, int count, Span<float> scores) =>
        matrix.Span.Slice(first * captions, count * captions).CopyTo(scores);

    public override void OfCaptions(int first, int count, Span<float> scores)
    {
        ReadOnlySpan<float> source = matrix.Span;
        int images = source.Length / captions;
        for (int image = 0; image < images; image++)
        {
            for (int q = 0; q < count; q++) scores[q * images + image] = source[image * captions + first + q];
        }
    }
}

/// <summary>
/// Dot products of embeddings. A pair has the same score in both directions, to the last bit: <see cref="DotProducts"/> says why.
/// </summary>
internal sealed class EmbeddingSimilarities(EmbeddingRows images, EmbeddingRows captions) : Similarities
{
    // 128 KiB stay in the second-level cache while all queries of a group meet them.
    private readonly int _tile = Math.Max(1, 32 * 1024 / images.Dimension);

    public override void OfImages(int first, int count, Span<float> scores) => Fill(captions, images, first, count, scores);

    public override void OfCaptions(int first, int count, Span<float> scores) => Fill(images, captions, first, count, scores);

    private void Fill(EmbeddingRows rows, EmbeddingRows queries, int first, int count, Span<float> scores)
    {
        int dimension = rows.Dimension;
        for (int row = 0, some; row < rows.Count; row += some)
        {
            ReadOnlySpan<float> part = rows.From(row, Math.Min(_tile, rows.Count - row));
            some = part.Length / dimension;
            for (int q = 0, together; q < count; q += together)
            {
                ReadOnlySpan<float> asking = queries.From(first + q, count - q);
                together = asking.Length / dimension;
                DotProducts.Fill(part, dimension, asking, dimension, scores[(q * rows.Count + row)..], rows.Count);
            }
        }
    }
}
