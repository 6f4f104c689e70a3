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
    }

    /// <summary>D, the length of an embedding.</summary>
    public int EmbeddingSize { get; }

    /// <summary>The tokenizer that this tower was trained with.</summary>
    public ICaptionTokenizer Tokenizer { get; }

    /// <summary>Where it runs and why, in one line.</summary>
    public string DeviceReport => _session.Device.Report;

    internal EncoderSession Session => _session;

    /// <summary>Opens the tower, and loads its tokenizer meanwhile.</summary>
    /// <param name="file">The model.</param>
    /// <param name="options">Device and threads asked for.</param>
    /// <param name="tokenizer">Gives the tokenizer, on another thread; null loads it.</param>
    internal static CaptionEncoder Open(SwanModelFile file, EncoderOptions options, Func<ICaptionTokenizer>? tokenizer = null)
    {
        Task<ICaptionTokenizer> loading = Task.Run(tokenizer ?? (() => LoadTokenizer(file)));
        EncoderSession? session = null;
        try
        {
            session = EncoderSession.Open(
                file.Entry(ModelArchive.TextEntry), $"'{ModelArchive.TextEntry}' of '{file.Name}'", file.Card.EmbeddingSize,
                [("ids", TensorElementType.Int64, [-1, -1]), ("lengths", TensorElementType.Int64, [-1])], options);
            return new CaptionEncoder(session, file.Card, loading.GetAwaiter().GetResult());
        }
        catch
        {
            session?.Dispose();
            // Of two faults, the tokenizer's is reported, whichever thread was faster.
            loading.GetAwaiter().GetResult();
            throw;
        }
    }

    /// <summary>Loads the tokenizer that a model's text tower was trained with.</summary>
    /// <exception cref="SwanFormatException">It doesn't belong to the text tower.</exception>
    internal static ICaptionTokenizer LoadTokenizer(SwanModelFile file)
    {
        TextContract contract = file.Card.Text;
        ICaptionTokenizer tokenizer = CaptionTokenizers.Load(
            contract.Contract, file.Entry(ModelArchive.VocabularyEntry), contract.MaxLength);
        // A tokenizer with other ids than in the tower's training would give nonsense without any error.
        if (tokenizer.VocabularySize != contract.VocabularySize)
        {
            throw new SwanFormatException(
                $"The vocabulary of '{file.Name}' has {tokenizer.VocabularySize} ids, but its card says {contract.VocabularySize}. "
                + "The tokenizer doesn't belong to this text encoder; the model was not loaded. Export the model again.");
        }
        return tokenizer;
    }

    /// <summary>Encodes any number of captions, equal ones once, in runs of like length and bounded size, as many at once as the device
    /// takes.</summary>
    /// <param name="captions">From <see cref="Tokenizer"/>.</param>
    /// <param name="batchSize">Captions per run at most, at least 1.</param>
    /// <param name="take">Gets a caption's place and its embedding, which is valid during the call. Called on this thread; shorter captions
    /// first, but always in the same order. What it throws ends the work.</param>
    /// <param name="progress">Gets the number of captions done, as runs end; called as <paramref name="take"/> is.</param>
    /// <param name="cancellationToken">Ends the work within about 50 ms.</param>
    /// <exception cref="ArgumentException">A caption has no ids or one that the vocabulary doesn't have.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public void EncodeAll(
        IReadOnlyList<TokenizedCaption> captions, int batchSize, Action<int, ReadOnlySpan<float>> take, IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        ThrowIfAnyIsUnknown(captions);
        using SessionLease use = _session.Begin();
        if (captions.Count == 0) return;
        var distinct = new DistinctCaptions(captions);
        EncoderDevice device = _session.Device;
        List<int[]> runs = CaptionRuns.Divide(distinct.Captions, Math.Max(1, batchSize), device.TokensPerRun, device.RunsAtOnce);
        int done = 0;
        var results = new InOrder(runs.Count, (run, embeddings) =>
        {
            // Progress may have canceled, and others are ready already.
            cancellationToken.ThrowIfCancellationRequested();
            for (int i = 0; i < runs[run].Length; i++)
            {
                ReadOnlySpan<float> embedding = embeddings.AsSpan(i * EmbeddingSize, EmbeddingSize);
                foreach (int row in distinct.RowsOf(runs[run][i]))
                {
                    take(row, embedding);
                    done++;
                }
            }
            progress?.Report(done);
        });
        _session.RunAll(captions.Count, runs.Count, (run, turn) =>
        {
            float[] embeddings = new float[runs[run].Length * EmbeddingSize];
            Run(turn, distinct, runs[run], embeddings, cancellationToken);
            results.Add(run, embeddings);
        }, results.HandOn, cancellationToken);
        if (runs.Count > device.RunsAtOnce) GiveMemoryBack(cancellationToken);
    }

    /// <summary>Encodes a batch, as <see cref="EncodeAll"/> does.</summary>
    /// <param name="captions">From <see cref="Tokenizer"/>; none does nothing.</param>
    /// <param name="embeddings">
    /// Gets the first <c>captions.Count * D</c> values: <c>embeddings[i * D + d]</c>, each caption's of length 1.
    /// </param>
    /// <param name="cancellationToken">Ends a running batch within about 50 ms.</param>
    /// <exception cref="ArgumentException">
    /// A caption has no ids or one that the vocabulary doesn't have, or there is no room for the embeddings.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled; <paramref name="embeddings"/> is not to be used.</exception>
    public unsafe void Encode(
        IReadOnlyList<TokenizedCaption> captions, Span<float> embeddings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(captions);
        ImageEncoder.ThrowIfTooShort(embeddings.Length, captions.Count, EmbeddingSize, nameof(embeddings));
        fixed (float* destination = embeddings)
        {
            nint to = (nint)destination;
            EncodeAll(
                captions, Math.Max(1, captions.Count),
                (row, embedding) => embedding.CopyTo(new Span<float>((float*)to + (nint)row * EmbeddingSize, EmbeddingSize)),
                progress: null, cancellationToken);
        }
    }

    /// <summary>Takes no more calls and releases the session; calls that are running finish first.</summary>
    public void Dispose() => _session.Dispose();

    // Before any run, so the choice of the reported caption is deterministic.
    private void ThrowIfAnyIsUnknown(IReadOnlyList<TokenizedCaption> captions)
    {
        for (int i = 0; i < captions.Count; i++)
        {
            if (captions[i].Ids is not { Length: > 0 } ids)
            {
                throw new ArgumentException(
                    $"Caption {i} has no ids; the tokenizer gives at least one, even for an empty caption.", nameof(captions));
            }
            int unknown = Array.FindIndex(ids, id => (uint)id >= (uint)Tokenizer.VocabularySize);
            if (unknown >= 0)
            {
                throw new ArgumentException(
                    $"Token {unknown} of caption {i} has id {ids[unknown]}; this model's ids are 0 to {Tokenizer.VocabularySize - 1}. "
                    + "Use this encoder's own Tokenizer.",
                    nameof(captions));
            }
        }
    }

    // Runs of other lengths would take other memory, and the arena keeps all of it. Images' runs are alike, so each reuses the last one's
    // memory.
    private void GiveMemoryBack(CancellationToken cancellation)
    {
        using OrtValue ids = OrtValue.CreateTensorValueFromMemory(new long[] { Tokenizer.PaddingId }, [1, 1]);
        using OrtValue lengths = OrtValue.CreateTensorValueFromMemory(new long[] { 1 }, [1]);
        _session.GiveMemoryBack(InputNames, [ids, lengths], cancellation);
    }

    // Within a use of the session. embeddings[i * D + d] is of distinct.Captions[places[i]].
    private unsafe void Run(
        RunTurn turn, DistinctCaptions distinct, int[] places, Span<float> embeddings, CancellationToken cancellation)
    {
        IReadOnlyList<TokenizedCaption> captions = distinct.Captions;
        int count = places.Length, longest = places.Max(place => captions[place].Ids.Length);
        // ids[i * longest + t], filled up with the padding id
        int idCount = checked(count * longest);
        long[] ids = ArrayPool<long>.Shared.Rent(idCount + count);
        try
        {
            Span<long> lengths = ids.AsSpan(idCount, count);
            ids.AsSpan(0, idCount).Fill(Tokenizer.PaddingId);
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<int> source = captions[places[i]].Ids;
                lengths[i] = source.Length;
                for (int t = 0; t < source.Length; t++) ids[i * longest + t] = source[t];
            }
            fixed (long* values = ids)
            {
                using OrtValue idTensor = OrtValue.CreateTensorValueWithData(
                    OrtMemoryInfo.DefaultInstance, TensorElementType.Int64, [count, longest], (nint)values, (long)idCount * sizeof(long));
                using OrtValue lengthTensor = OrtValue.CreateTensorValueWithData(
                    OrtMemoryInfo.DefaultInstance, TensorElementType.Int64, [count], (nint)(values + idCount), (long)count * sizeof(long));
                // The callers' rows are counted.
                int rows = places.Sum(distinct.Rows);
                _session.Run(turn, _telemetry, InputNames, [idTensor, lengthTensor], count, rows, embeddings, cancellation);
                _telemetry.Truncated(places.Sum(distinct.Truncated));
            }
        }
        finally
        {
            ArrayPool<long>.Shared.Return(ids);
        }
    }
}
