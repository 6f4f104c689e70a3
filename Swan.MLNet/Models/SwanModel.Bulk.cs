using Swan.MLNet.Encoders;
using Swan.MLNet.Imaging;
using Swan.MLNet.Text;

namespace Swan.MLNet.Models;

public sealed partial class SwanModel
{
    /// <summary>Embeds many image files; the next batch is decoded on all processors while the encoder works on this one.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="batchSize">Images decoded and encoded together. Default 32.</param>
    /// <param name="progress">Gets the number of images done, after each batch.</param>
    /// <param name="cancellationToken">Ends the work within about 50 ms of an encoder run, or after the images being decoded.</param>
    /// <returns><c>embeddings[i * D + d]</c>, in the order of <paramref name="paths"/>.</returns>
    /// <exception cref="SwanImageException">A file is missing, or not an image that can be read whole. The first such file of a batch is named.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public float[] EmbedImages(
        IReadOnlyList<string> paths, int batchSize = 32, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return EmbedImages(paths.Count, i => ImageDecoder.Decode(paths[i]), batchSize, progress, cancellationToken);
    }

    /// <summary>The same for images from anywhere; <paramref name="decode"/> gives image <c>i</c> and is called from several threads.</summary>
    internal float[] EmbedImages(int count, Func<int, RgbImage> decode, int batchSize, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        float[] embeddings = Room(count);
        if (count == 0) return embeddings;
        batchSize = Math.Min(batchSize, count);
        var current = new PreparedImages(Card.Image, batchSize);
        // One batch needs no second buffer.
        PreparedImages next = count > batchSize ? new PreparedImages(Card.Image, batchSize) : current;
        try
        {
            for (int start = 0; start < count; start += batchSize)
            {
                current.Prepare(Size(start), Decode(start), cancellationToken);
                int following = start + batchSize;
                if (following < count) next.Begin(Size(following), Decode(following), cancellationToken);
                current.RequireAll();
                ImageEncoder.Encode(current.Pixels, current.Count, embeddings.AsSpan(start * EmbeddingSize), cancellationToken);
                progress?.Report(Math.Min(following, count));
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

        int Size(int first) => Math.Min(batchSize, count - first);

        Func<int, RgbImage> Decode(int first) => i => decode(first + i);
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
        return EmbedCaptions(Tokenize(captions, cancellationToken), batchSize, progress, cancellationToken);
    }

    /// <summary>Tokenizes many captions.</summary>
    internal TokenizedCaption[] Tokenize(IReadOnlyList<string> captions, CancellationToken cancellationToken)
    {
        var tokenized = new TokenizedCaption[captions.Count];
        for (int i = 0; i < tokenized.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            tokenized[i] = Tokenizer.Tokenize(captions[i]);
        }
        return tokenized;
    }

    /// <summary>The same for captions that are tokenized already.</summary>
    internal float[] EmbedCaptions(TokenizedCaption[] tokenized, int batchSize, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        float[] embeddings = Room(tokenized.Length);
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
