using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Interop;

namespace Swan.MLNet.Transforms;

/// <summary>The part that captions and images share: embeddings by slot, faults that wait until their row is read.</summary>
internal abstract class EmbeddingBatch : RowBatch
{
    private readonly DataViewRow _row;
    private readonly string _column;
    private readonly Exception?[] _faults;
    private readonly long[] _positions;

    // _embeddings[slot * D + d]
    private readonly float[] _embeddings;
    private readonly int _embeddingSize;

    protected EmbeddingBatch(EmbeddingWork work, DataViewRow row, DataViewSchema.Column input, int capacity, int embeddingSize)
    {
        Work = work;
        _row = row;
        _column = input.Name;
        _faults = new Exception?[capacity];
        _positions = new long[capacity];
        _embeddings = new float[checked(capacity * embeddingSize)];
        _embeddingSize = embeddingSize;
    }

    protected EmbeddingWork Work { get; }

    protected CancellationToken Cancellation => Work.Options.CancellationToken;

    /// <summary>Rows added so far.</summary>
    protected int Count { get; private set; }

    public override void Clear() => Count = 0;

    public override void Add()
    {
        Cancellation.ThrowIfCancellationRequested();
        int slot = Count++;
        _positions[slot] = _row.Position;
        _faults[slot] = null;
        try
        {
            Take(slot);
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            // This runs ahead of the reader: rows before this one are still to be delivered.
            _faults[slot] = e;
        }
    }

    public override void Compute()
    {
        Cancellation.ThrowIfCancellationRequested();
        Encode(_embeddings.AsSpan(0, Count * _embeddingSize));
        if (Work.Options.OnUnreadable != SwanUnreadable.MissingValues) return;
        for (int slot = 0; slot < Count; slot++)
        {
            if (_faults[slot] is { } fault)
                MlNetEnvironment.Warning(Work.Host, "Embed", $"{Where(slot)} can't be read and has missing values (NaN) instead of an embedding: {fault.Message}");
        }
    }

    public override Delegate Getter(int column, Func<int> slot)
    {
        ValueGetter<VBuffer<float>> getter = (ref VBuffer<float> destination) =>
        {
            int s = slot();
            if (_faults[s] is { } fault && Work.Options.OnUnreadable == SwanUnreadable.Throw)
                throw new InvalidOperationException($"{Where(s)} can't be embedded: {fault.Message}", fault);
            VBufferEditor<float> editor = VBufferEditor.Create(ref destination, _embeddingSize);
            if (_faults[s] is null) _embeddings.AsSpan(s * _embeddingSize, _embeddingSize).CopyTo(editor.Values);
            else editor.Values.Fill(float.NaN);
            destination = editor.Commit();
        };
        return getter;
    }

    /// <summary>Takes the value of the row that the cursor stands on.</summary>
    protected abstract void Take(int slot);

    /// <summary>Encodes what was taken.</summary>
    protected abstract void Encode(Span<float> embeddings);

    protected bool HasFault(int slot) => _faults[slot] is not null;

    protected void SetFault(int slot, Exception fault) => _faults[slot] = fault;

    private string Where(int slot) => $"Row {_positions[slot]} (column '{_column}')";
}
