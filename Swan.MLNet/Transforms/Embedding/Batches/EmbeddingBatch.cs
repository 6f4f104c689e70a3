using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.DataViews;
using Swan.MLNet.Imaging;
using Swan.MLNet.Text;

namespace Swan.MLNet.Transforms;

/// <summary>The part that captions and images share: embeddings by slot, faults that wait until their row is read.</summary>
internal abstract class EmbeddingBatch : RowBatch
{
    private readonly RowFault?[] _faults;

    // A fault at a row that is not the row's own: it is thrown there, whatever OnError says.
    private readonly Exception?[] _failures;
    private readonly bool[] _cut;
    private readonly long[] _positions;

    // _embeddings[slot * D + d]
    private readonly float[] _embeddings;
    private readonly int _embeddingSize;

    protected EmbeddingBatch(EmbeddingPass pass, int capacity, int embeddingSize)
    {
        Pass = pass;
        _faults = new RowFault?[capacity];
        _failures = new Exception?[capacity];
        _cut = new bool[capacity];
        _positions = new long[capacity];
        _embeddings = new float[checked(capacity * embeddingSize)];
        _embeddingSize = embeddingSize;
    }

    protected EmbeddingPass Pass { get; }

    protected EmbeddingContext Context => Pass.Context;

    protected CancellationToken Cancellation => Context.Options.CancellationToken;

    /// <summary>Rows added so far.</summary>
    protected int Count { get; private set; }

    public override void Clear() => Count = 0;

    public override void Add()
    {
        Cancellation.ThrowIfCancellationRequested();
        int slot = Count++;
        _positions[slot] = Pass.Position;
        (_faults[slot], _failures[slot], _cut[slot]) = (null, null, false);
        try
        {
            Take(slot);
        }
        catch (Exception e) when (!Cancellation.IsCancellationRequested)
        {
            // This runs ahead of the reader: rows before this one are still to be delivered.
            SetFailure(slot, e);
        }
    }

    public override void Compute()
    {
        Cancellation.ThrowIfCancellationRequested();
        if (Count > 0) Encode(_embeddings.AsSpan(0, Count * _embeddingSize));
    }

    public override bool Drops(int slot) => _faults[slot] is not null && Context.Options.OnError == SwanOnError.Skip;

    public override void Reached(int slot)
    {
        ThrowIfFailed(slot);
        Pass.Reached(_faults[slot], _positions[slot], _cut[slot], Reading(slot));
    }

    public override Delegate Getter(int column, Func<int> slot) => column == 0 ? Embedding(slot) : Error(slot);

    /// <summary>Takes the value of the row that the cursor stands on.</summary>
    protected abstract void Take(int slot);

    /// <summary>How the image of a slot was read; null where it is none.</summary>
    protected virtual ImageReading? Reading(int slot) => null;

    /// <summary>Encodes what was taken.</summary>
    protected abstract void Encode(Span<float> embeddings);

    /// <summary>Why the value of a slot was not taken; null if it was.</summary>
    protected Exception? Failure(int slot) => _failures[slot] ?? _faults[slot]?.Cause;

    /// <summary>Moves embeddings that were encoded one after another to their slots; what is in the others is not read.</summary>
    /// <param name="embeddings"><c>embeddings[i * D + d]</c> before, <c>embeddings[slots[i] * D + d]</c> after.</param>
    /// <param name="slots">Ascending.</param>
    protected void SpreadOut(Span<float> embeddings, ReadOnlySpan<int> slots)
    {
        // From the last one: no slot is before the place that its embedding comes from.
        for (int i = slots.Length - 1; i >= 0 && slots[i] != i; i--)
            embeddings.Slice(i * _embeddingSize, _embeddingSize).CopyTo(embeddings[(slots[i] * _embeddingSize)..]);
    }

    /// <summary>Keeps what went wrong until the row is read.</summary>
    protected void SetFailure(int slot, Exception cause)
    {
        _faults[slot] = RowFault.From(cause);
        _failures[slot] = _faults[slot] is null ? cause : null;
    }

    protected void SetFault(int slot, RowFault fault) => _faults[slot] = fault;

    protected void SetCut(int slot) => _cut[slot] = true;

    private void ThrowIfFailed(int slot)
    {
        if (_failures[slot] is not { } cause) return;
        if (cause is OutOfMemoryException or OperationCanceledException) ExceptionDispatchInfo.Throw(cause);
        string message = $"{Pass.RowAt(_positions[slot])} was not embedded, because this machine, an earlier step or Swan failed. "
            + $"{nameof(SwanEmbeddingOptions.OnError)} does not apply: nothing is wrong with the row itself. "
            + $"{cause.GetType().Name}: {cause.Message}";
        // The caller of the pass can recognize that a retry may help.
        throw cause is IOException
            ? new IOException(message, cause) { HResult = cause.HResult }
            : new InvalidOperationException(message, cause);
    }

    private string Remedy => Pass.Counts
        ? $"To go on past such rows, set {nameof(SwanEmbeddingOptions.OnError)} to {SwanOnError.Skip} or {SwanOnError.Missing}."
        : $"To get missing values instead of an error, make the pipeline with {nameof(SwanEmbeddingOptions.OnError)} = "
            + $"{SwanOnError.Missing}.";

    private ValueGetter<VBuffer<float>> Embedding(Func<int> slot) => (ref VBuffer<float> destination) =>
    {
        int s = slot();
        if (_faults[s] is { } fault && Context.Options.OnError == SwanOnError.Throw)
        {
            // Like every method that takes a single text.
            if (!Pass.Counts && fault.Cause is SwanTextException text) throw text;
            throw new SwanRowException(
                Pass.Counts ? _positions[s] : null, Pass.Input.Name,
                $"{Pass.RowAt(_positions[s])} can't be embedded: {fault.Cause.Message} {Remedy}",
                fault.Cause);
        }
        VBufferEditor<float> editor = VBufferEditor.Create(ref destination, _embeddingSize);
        if (_faults[s] is null) _embeddings.AsSpan(s * _embeddingSize, _embeddingSize).CopyTo(editor.Values);
        else editor.Values.Fill(float.NaN);
        destination = editor.Commit();
    };

    private ValueGetter<ReadOnlyMemory<char>> Error(Func<int> slot) =>
        (ref ReadOnlyMemory<char> destination) => destination = (_faults[slot()]?.Text ?? "").AsMemory();
}
