using Swan.MLNet.Text;

namespace Swan.MLNet.Models;

// Captions, one or many.
public sealed partial class SwanModel
{
    /// <summary>Embeds one caption or query.</summary>
    /// <param name="caption">Any text; what exceeds the model's length is cut. See <see cref="HasWords"/>.</param>
    /// <returns>D values of length 1.</returns>
    public float[] EmbedCaption(string caption)
    {
        float[] embedding = new float[EmbeddingSize];
        CaptionEncoder.Encode([Tokenizer.Tokenize(caption)], embedding);
        return embedding;
    }

    /// <summary>Tells whether a text has a word, that is, letters or digits that the tokenizer keeps.</summary>
    /// <remarks>The embedding of a text without one means nothing.</remarks>
    /// <param name="caption">Any text.</param>
    public bool HasWords(string caption) => CaptionEncoder.HasWords(caption, Tokenizer.Tokenize(caption));

    /// <summary>Embeds many captions, those of like length together, so that little is spent on padding.</summary>
    /// <param name="captions">Any texts; what exceeds the model's length is cut.</param>
    /// <param name="batchSize">Captions per encoder run. Default 64.</param>
    /// <param name="progress">Gets the number of captions done, after each batch.</param>
    /// <param name="cancellationToken">Ends the work within about 50 ms.</param>
    /// <returns><c>embeddings[i * D + d]</c>, in the order of <paramref name="captions"/>.</returns>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public float[] EmbedCaptions(
        IReadOnlyList<string> captions, int batchSize = 64, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(captions);
        return EmbedCaptions(Tokenize(captions.Count, i => captions[i], cancellationToken), batchSize, progress, cancellationToken);
    }

    /// <summary>Embeds many captions from anywhere, by their index.</summary>
    /// <param name="count">How many.</param>
    /// <param name="caption">Gives caption <c>i</c>; called once a caption, in order, before the first batch.</param>
    /// <param name="batchSize">Captions per encoder run. Default 64.</param>
    /// <param name="progress">Gets the number of captions done, after each batch.</param>
    /// <param name="cancellationToken">Ends the work within about 50 ms.</param>
    /// <returns><c>embeddings[i * D + d]</c>, caption 0 first.</returns>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public float[] EmbedCaptions(
        int count, Func<int, string> caption, int batchSize = 64, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caption);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return EmbedCaptions(Tokenize(count, caption, cancellationToken), batchSize, progress, cancellationToken);
    }

    /// <summary>Tokenizes many captions.</summary>
    internal TokenizedCaption[] Tokenize(int count, Func<int, string> caption, CancellationToken cancellationToken)
    {
        var tokenized = new TokenizedCaption[count];
        for (int i = 0; i < tokenized.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            tokenized[i] = Tokenizer.Tokenize(caption(i));
        }
        return tokenized;
    }

    /// <summary>The same for captions that are tokenized already.</summary>
    internal float[] EmbedCaptions(
        TokenizedCaption[] tokenized, int batchSize, IProgress<int>? progress, CancellationToken cancellationToken)
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
                nameof(count), count,
                $"{count:N0} embeddings of {EmbeddingSize} values don't fit into one array (at most {Array.MaxLength / EmbeddingSize:N0}). "
                + "Embed them in parts, or with an ML.NET pipeline, which streams.");
        }
        return new float[values];
    }
}
