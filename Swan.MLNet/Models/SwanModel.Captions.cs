using Swan.MLNet.Calibration;
using Swan.MLNet.Diagnostics;
using Swan.MLNet.Text;

namespace Swan.MLNet.Models;

// Captions, one or many.
public sealed partial class SwanModel
{
    /// <summary>Embeds one caption or query.</summary>
    /// <param name="caption">
    /// A text with a word that the model knows (<see cref="HasWords"/>). Text beyond the model's length is ignored
    /// (<see cref="IsTruncated"/>), counted and logged.
    /// </param>
    /// <returns>D values of length 1.</returns>
    /// <exception cref="SwanTextException">The model knows no word of the caption.</exception>
    /// <exception cref="SwanFormatException">The text encoder can't be used, or the model's file has changed since it was opened. Each
    /// encoder is opened at its first use, unless <see cref="SwanModelOptions.Towers"/> says otherwise.</exception>
    /// <exception cref="SwanDeviceException">This call opens the text encoder, and the device fails.</exception>
    /// <exception cref="IOException">The model's file is no longer readable; the next call tries again.</exception>
    public float[] EmbedCaption(string caption)
    {
        TokenizedCaption tokenized = Tokenizer.Tokenize(caption);
        if (!tokenized.HasWords)
            throw SwanTextException.NoKnownWord(caption, CaptionText.DescribeRead(tokenized, Tokenizer.MaxLength), Card.Name);
        LogCut([tokenized]);
        float[] embedding = new float[EmbeddingSize];
        CaptionEncoder.Encode([tokenized], embedding);
        return embedding;
    }

    /// <summary>Whether a text has a word that the model knows.</summary>
    /// <remarks>
    /// The tokenizer's vocabulary decides. Letters of other scripts, which some vocabularies include to spell names, do not count as words.
    /// The embedding of a text without a known word is meaningless, so every embedding of such a text fails
    /// (<see cref="SwanTextException"/>).
    /// </remarks>
    /// <param name="caption">Any text.</param>
    /// <inheritdoc cref="Tokenizer" path="/exception"/>
    public bool HasWords(string caption) => Tokenizer.Tokenize(caption).HasWords;

    /// <summary>Whether a text is longer than the model's limit (<see cref="ICaptionTokenizer.MaxLength"/> tokens).</summary>
    /// <remarks>The rest of the text is ignored.</remarks>
    /// <param name="caption">Any text.</param>
    /// <inheritdoc cref="Tokenizer" path="/exception"/>
    public bool IsTruncated(string caption) => Tokenizer.Tokenize(caption).Truncated;

    /// <summary>Reports whether a text is English with words that the model knows, and the words that it doesn't know.</summary>
    /// <remarks>
    /// Unlike <see cref="HasWords"/>, it uses the words of the training captions, so it recognizes a text that is only spelled from pieces.
    /// It needs <see cref="Calibration"/>. No call refuses a text because of it.
    /// </remarks>
    /// <param name="caption">Any text.</param>
    /// <returns>Null if the model has no calibration.</returns>
    /// <inheritdoc cref="Calibration" path="/exception"/>
    public SwanTextVerdict? JudgeText(string caption) => Calibration?.JudgeText(caption, Tokenizer);

    /// <summary>Embeds many captions; captions of similar length share a batch to save padding.</summary>
    /// <param name="captions">
    /// Texts with a word that the model knows (<see cref="HasWords"/>). Text beyond the model's length is ignored
    /// (<see cref="IsTruncated"/>), counted, and logged once per call.
    /// </param>
    /// <param name="batchSize">Captions per encoder run. Default 64.</param>
    /// <param name="progress">Gets the number of captions done, after each batch.</param>
    /// <param name="cancellationToken">Ends the work within about 50 ms.</param>
    /// <returns><c>embeddings[i * D + d]</c>, in the order of <paramref name="captions"/>.</returns>
    /// <exception cref="SwanTextException">The model knows no word of some captions. The message names the first ones; nothing is
    /// embedded.</exception>
    /// <exception cref="ArgumentException">A caption is null; the message names its place.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    /// <exception cref="SwanFormatException">The text encoder can't be used, or the model's file has changed since it was opened. Each
    /// encoder is opened at its first use, unless <see cref="SwanModelOptions.Towers"/> says otherwise.</exception>
    /// <exception cref="SwanDeviceException">This call opens the text encoder, and the device fails.</exception>
    /// <exception cref="IOException">The model's file is no longer readable; the next call tries again.</exception>
    public float[] EmbedCaptions(
        IReadOnlyList<string> captions, int batchSize = 64, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(captions);
        return EmbedCaptions(captions.Count, i => captions[i], nameof(captions), batchSize, progress, cancellationToken);
    }

    /// <summary>Embeds many captions from anywhere, by their index.</summary>
    /// <param name="count">The number of captions.</param>
    /// <param name="caption">Gives caption <c>i</c>; called once per caption, in order, before the first batch.</param>
    /// <param name="batchSize">Captions per encoder run. Default 64.</param>
    /// <param name="progress">Gets the number of captions done, after each batch.</param>
    /// <param name="cancellationToken">Ends the work within about 50 ms.</param>
    /// <returns><c>embeddings[i * D + d]</c>, caption 0 first.</returns>
    /// <exception cref="SwanTextException">The model knows no word of some captions. The message names the first ones; nothing is
    /// embedded.</exception>
    /// <exception cref="ArgumentException">A caption is null; the message names its place.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    /// <exception cref="SwanFormatException">The text encoder can't be used, or the model's file has changed since it was opened. Each
    /// encoder is opened at its first use, unless <see cref="SwanModelOptions.Towers"/> says otherwise.</exception>
    /// <exception cref="SwanDeviceException">This call opens the text encoder, and the device fails.</exception>
    /// <exception cref="IOException">The model's file is no longer readable; the next call tries again.</exception>
    public float[] EmbedCaptions(
        int count, Func<int, string> caption, int batchSize = 64, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caption);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return EmbedCaptions(count, caption, nameof(caption), batchSize, progress, cancellationToken);
    }

    private float[] EmbedCaptions(
        int count, Func<int, string> caption, string parameter, int batchSize, IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        TokenizedCaption[] tokenized = TokenizeWords(count, caption, parameter, cancellationToken);
        LogCut(tokenized);
        return EmbedCaptions(tokenized, batchSize, progress, cancellationToken);
    }

    /// <summary>Tokenizes many captions.</summary>
    /// <param name="count">How many.</param>
    /// <param name="caption">Gives caption <c>i</c>.</param>
    /// <param name="parameter">The caller's parameter that they came in.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="SwanTextException">The model knows no word of some.</exception>
    /// <exception cref="ArgumentException">A caption is null.</exception>
    internal TokenizedCaption[] TokenizeWords(
        int count, Func<int, string> caption, string parameter, CancellationToken cancellationToken)
    {
        var tokenized = new TokenizedCaption[count];
        var wordless = new WordlessTexts();
        for (int i = 0; i < tokenized.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string text = caption(i) ?? throw new ArgumentException($"Caption {i} of {count} is null. Leave it out.", parameter);
            tokenized[i] = Tokenizer.Tokenize(text);
            wordless.Check(i, text, tokenized[i], Tokenizer.MaxLength);
        }
        wordless.ThrowIfAny(count, Card.Name);
        return tokenized;
    }

    /// <summary>
    /// Embeds captions that are tokenized already, also those without a known word: training data and metrics have them.
    /// </summary>
    internal float[] EmbedCaptions(
        TokenizedCaption[] tokenized, int batchSize, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        float[] embeddings = Room(tokenized.Length);
        CaptionEncoder.EncodeAll(
            tokenized, batchSize, (i, embedding) => embedding.CopyTo(embeddings.AsSpan(i * EmbeddingSize)), progress, cancellationToken);
        return embeddings;
    }

    private void LogCut(ReadOnlySpan<TokenizedCaption> captions)
    {
        int cut = 0;
        foreach (TokenizedCaption caption in captions) cut += caption.Truncated ? 1 : 0;
        if (cut > 0) _logger.CaptionsCut(cut, captions.Length, Tokenizer.MaxLength);
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
