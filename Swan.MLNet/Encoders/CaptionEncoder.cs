using System.Buffers;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Swan.MLNet.Diagnostics;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Text;

namespace Swan.MLNet.Encoders;

/// <summary>The text tower: token ids in, unit embeddings out.</summary>
/// <remarks>
/// Safe for concurrent use. Padding never reaches the result: a caption's embedding is the same alone and in any batch, up to float32
/// rounding. Owned by its <see cref="SwanModel"/>.
/// </remarks>
internal sealed class CaptionEncoder : IDisposable
{
    private static readonly string[] InputNames = ["ids", "lengths"];
    private readonly EncoderSession _session;
    private readonly EncoderTelemetry _telemetry;

    private CaptionEncoder(EncoderSession session, ModelCard card, ICaptionTokenizer tokenizer)
    {
        _session = session;
        _telemetry = new EncoderTelemetry(RowQueue.Caption, RowQueue.CaptionsEncoding, card.Name, session.Device.Device);
        EmbeddingSize = card.EmbeddingSize;
        Tokenizer = tokenizer;
        NoWords = tokenizer.Tokenize("");
    }

    /// <summary>D, the length of an embedding.</summary>
    public int EmbeddingSize { get; }

    /// <summary>The tokenizer that this tower was trained with.</summary>
    public ICaptionTokenizer Tokenizer { get; }

    /// <summary>Where it runs and why, in one line.</summary>
    public string DeviceReport => _session.Device.Report;

    internal EncoderSession Session => _session;

    /// <summary>What the tokenizer makes of a text without words.</summary>
    internal TokenizedCaption NoWords { get; }

    internal static CaptionEncoder Open(SwanModelFile file, EncoderOptions options)
    {
        TextContract contract = file.Card.Text;
        ICaptionTokenizer tokenizer = CaptionTokenizers.Load(contract.Contract, file.Vocabulary, contract.MaxLength);
        // A tokenizer that gives other ids than the tower was trained on would answer nonsense without any error.
        if (tokenizer.VocabularySize != contract.VocabularySize)
        {
            throw new SwanFormatException(
                $"The vocabulary of '{file.Name}' has {tokenizer.VocabularySize} ids, but its card says {contract.VocabularySize}. "
                + "The tokenizer doesn't belong to this text encoder; the model was not loaded. Export the model again.");
        }
        return new CaptionEncoder(
            EncoderSession.Open(
                file.TextBytes, $"'{ModelArchive.TextEntry}' of '{file.Name}'", file.Card.EmbeddingSize,
                [("ids", TensorElementType.Int64, [-1, -1]), ("lengths", TensorElementType.Int64, [-1])], options),
            file.Card, tokenizer);
    }

    /// <summary>Encodes any number of captions in runs of like length and bounded size, so that little is spent on padding.</summary>
    /// <param name="captions">From <see cref="Tokenizer"/>.</param>
    /// <param name="batchSize">Captions per run at most, at least 1.</param>
    /// <param name="take">Gets a caption's place and its embedding, which is valid during the call; not in order.</param>
    /// <param name="progress">Gets the number of captions done, after each run.</param>
    /// <param name="cancellationToken">Ends the work within about 50 ms.</param>
    /// <exception cref="ArgumentException">A caption has no ids or one that the vocabulary doesn't have.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public void EncodeAll(
        IReadOnlyList<TokenizedCaption> captions, int batchSize, Action<int, ReadOnlySpan<float>> take, IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        ThrowIfAnyIsEmpty(captions);
        using SessionLease use = _session.Begin();
        List<int[]> runs = CaptionRuns.Divide(captions, Math.Max(1, batchSize), _session.Device.TokensPerRun);
        float[] embeddings = new float[runs.Count == 0 ? 0 : runs.Max(run => run.Length) * EmbeddingSize];
        int done = 0;
        foreach (int[] run in runs)
        {
            done += run.Length;
            Run(captions, run, embeddings, isLastOfMany: runs.Count > 1 && done == captions.Count, cancellationToken);
            for (int i = 0; i < run.Length; i++) take(run[i], embeddings.AsSpan(i * EmbeddingSize, EmbeddingSize));
            progress?.Report(done);
        }
    }

    /// <summary>Encodes a batch: in one run where it is small enough, else in several of like length.</summary>
    /// <param name="captions">From <see cref="Tokenizer"/>; none does nothing.</param>
    /// <param name="embeddings">
    /// Gets the first <c>captions.Count * D</c> values: <c>embeddings[i * D + d]</c>, each caption's of length 1.
    /// </param>
    /// <param name="cancellationToken">Ends a running batch within about 50 ms.</param>
    /// <exception cref="ArgumentException">
    /// A caption has no ids or one that the vocabulary doesn't have, or there is no room for the embeddings.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled; <paramref name="embeddings"/> is not to be used.</exception>
    public void Encode(IReadOnlyList<TokenizedCaption> captions, Span<float> embeddings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(captions);
        ImageEncoder.ThrowIfTooShort(embeddings.Length, captions.Count, EmbeddingSize, nameof(embeddings));
        ThrowIfAnyIsEmpty(captions);
        using SessionLease use = _session.Begin();
        List<int[]> runs = CaptionRuns.Divide(captions, captions.Count, _session.Device.TokensPerRun);
        if (runs.Count == 1) Run(captions, runs[0], embeddings, isLastOfMany: false, cancellationToken);
        if (runs.Count <= 1) return;
        float[] part = new float[runs.Max(run => run.Length) * EmbeddingSize];
        for (int r = 0; r < runs.Count; r++)
        {
            Run(captions, runs[r], part, isLastOfMany: r == runs.Count - 1, cancellationToken);
            for (int i = 0; i < runs[r].Length; i++)
                part.AsSpan(i * EmbeddingSize, EmbeddingSize).CopyTo(embeddings[(runs[r][i] * EmbeddingSize)..]);
        }
    }

    /// <summary>Takes no more calls and releases the session; calls that are running finish first.</summary>
    public void Dispose() => _session.Dispose();

    private static void ThrowIfAnyIsEmpty(IReadOnlyList<TokenizedCaption> captions)
    {
        for (int i = 0; i < captions.Count; i++)
        {
            if (captions[i].Ids is not { Length: > 0 })
            {
                throw new ArgumentException(
                    $"Caption {i} has no ids; the tokenizer gives at least one, even for an empty caption.", nameof(captions));
            }
        }
    }

    // Within a use of the session. embeddings[i * D + d] is of captions[rows[i]].
    private unsafe void Run(
        IReadOnlyList<TokenizedCaption> captions, int[] rows, Span<float> embeddings, bool isLastOfMany, CancellationToken cancellation)
    {
        int count = rows.Length, longest = rows.Max(row => captions[row].Ids.Length), cut = rows.Count(row => captions[row].Truncated);
        // ids[i * longest + t], filled up with the padding id
        int idCount = checked(count * longest);
        long[] ids = ArrayPool<long>.Shared.Rent(idCount + count);
        try
        {
            Span<long> lengths = ids.AsSpan(idCount, count);
            ids.AsSpan(0, idCount).Fill(Tokenizer.PaddingId);
            for (int i = 0; i < count; i++) lengths[i] = CopyIds(captions[rows[i]].Ids, rows[i], ids.AsSpan(i * longest, longest));
            fixed (long* source = ids)
            {
                using OrtValue idTensor = OrtValue.CreateTensorValueWithData(
                    OrtMemoryInfo.DefaultInstance, TensorElementType.Int64, [count, longest], (nint)source, (long)idCount * sizeof(long));
                using OrtValue lengthTensor = OrtValue.CreateTensorValueWithData(
                    OrtMemoryInfo.DefaultInstance, TensorElementType.Int64, [count], (nint)(source + idCount), (long)count * sizeof(long));
                _session.Run(_telemetry, InputNames, [idTensor, lengthTensor], count, embeddings, isLastOfMany, cancellation);
                _telemetry.Truncated(cut);
            }
        }
        finally
        {
            ArrayPool<long>.Shared.Return(ids);
        }
    }

    private int CopyIds(int[] source, int caption, Span<long> destination)
    {
        for (int t = 0; t < source.Length; t++)
        {
            if ((uint)source[t] >= (uint)Tokenizer.VocabularySize)
            {
                throw new ArgumentException(
                    $"Token {t} of caption {caption} has id {source[t]}; this model's ids are 0 to {Tokenizer.VocabularySize - 1}. "
                    + "Use this encoder's own Tokenizer.",
                    nameof(source));
            }
            destination[t] = source[t];
        }
        return source.Length;
    }
}
