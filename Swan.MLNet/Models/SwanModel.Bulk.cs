using Swan.MLNet.Encoders;
using Swan.MLNet.Imaging;
using Swan.MLNet.Text;

namespace Swan.MLNet.Models;

public sealed partial class SwanModel
{
    /// <summary>Embeds many image files; the next batch is decoded on all processors while the encoder works on this one.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="batchSize">Images per encoder run. Default 32.</param>
    /// <param name="progress">Gets the number of images done, after each batch.</param>
    /// <param name="cancellationToken">Ends the work within about 50 ms of an encoder run, or after the images being decoded.</param>
    /// <returns><c>embeddings[i * D + d]</c>, in the order of <paramref name="paths"/>.</returns>
    /// <exception cref="SwanImageException">A file is missing, or not an image that can be read whole. The first such file of a batch is named.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public float[] EmbedImages(
        IReadOnlyList<string> paths, int batchSize = 32, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        float[] embeddings = Room(paths.Count);
        if (paths.Count == 0) return embeddings;
        batchSize = Math.Min(batchSize, paths.Count);
        var current = new PreparedImages(Card.Image, batchSize);
        var next = new PreparedImages(Card.Image, batchSize);
        try
        {
            for (int start = 0; start < paths.Count; start += batchSize)
            {
                current.Prepare(Size(start), Decode(start), cancellationToken);
                int following = start + batchSize;
                if (following < paths.Count) next.Begin(Size(following), Decode(following), cancellationToken);
                current.RequireAll();
                ImageEncoder.Encode(current.Pixels, current.Count, embeddings.AsSpan(start * EmbeddingSize), cancellationToken);
                progress?.Report(Math.Min(following, paths.Count));
                current.Clear();
                (current, next) = (next, current);
            }
        }
        finally
        {
            current.Clear();
            next.Clear();
        }
        return embeddings;

        int Size(int first) => Math.Min(batchSize, paths.Count - first);

        Func<int, RgbImage> Decode(int first) => i => ImageDecoder.Decode(paths[first + i]);
    }

    /// <summary>Embeds many captions, those of like length together, so that little is spent on padding.</summary>
    /// <param name="captions">Any texts; what exceeds the model's length is cut.</param>
    /// <param name="batchSize">Captions per encoder run. Default 64.</param>
    /// <param name="progress">Gets the number of captions done, after each batch.</param>
    /// <param name="cancellationToken">Ends the work within about 50 ms.</param>
    /// <returns><c>embeddings[i * D + d]</c>, in the order of <paramref name="captions"/>.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public float[] EmbedCaptions(
        IReadOnlyList<string> captions, int batchSize = 64, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(captions);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        float[] embeddings = Room(captions.Count);
        var tokenized = new TokenizedCaption[captions.Count];
        for (int i = 0; i < tokenized.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            tokenized[i] = Tokenizer.Tokenize(captions[i]);
        }
        int[] order = [.. Enumerable.Range(0, tokenized.Length).OrderBy(i => tokenized[i].Ids.Length)];
        batchSize = Math.Clamp(batchSize, 1, Math.Max(1, order.Length));
        float[] encoded = new float[batchSize * EmbeddingSize];
        for (int start = 0; start < order.Length; start += batchSize)
        {
            int[] rows = order[start..Math.Min(start + batchSize, order.Length)];
            CaptionEncoder.Encode(Array.ConvertAll(rows, i => tokenized[i]), encoded, cancellationToken);
            for (int i = 0; i < rows.Length; i++)
                encoded.AsSpan(i * EmbeddingSize, EmbeddingSize).CopyTo(embeddings.AsSpan(rows[i] * EmbeddingSize));
            progress?.Report(start + rows.Length);
        }
        return embeddings;
    }

    private float[] Room(int count)
    {
        long values = (long)count * EmbeddingSize;
        if (values > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count), count, $"{count:N0} embeddings of {EmbeddingSize} values don't fit into one array (at most {Array.MaxLength / EmbeddingSize:N0}). Embed them in parts, or with an ML.NET pipeline, which streams.");
        }
        return new float[values];
    }
}
