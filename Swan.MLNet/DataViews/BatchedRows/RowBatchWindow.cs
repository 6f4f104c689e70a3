using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.DataViews;

/// <summary>Consecutive rows of the source: the values of their active columns, and the batch that computes what is added.</summary>
/// <remarks>
/// A window first stands on one row, whose values are fetched as they are read. <see cref="Fill"/> takes the rows after it, too, and from
/// then on the source may go on. It takes no more rows once its values take <see cref="MaxBytes"/>, or where the windows of the process
/// together hold what <see cref="WorkFrame.Rows"/> allows.
/// </remarks>
internal sealed class RowBatchWindow : IDisposable
{
    /// <summary>About how many bytes of values a window holds before it takes no more rows, however many there are for all.</summary>
    public const long MaxBytes = 16L << 20;

    private readonly DataViewRowCursor _source;
    private readonly ValueGetter<DataViewRowId> _id;
    private readonly RowPass _pass;
    private readonly WindowRow _row;
    private readonly BufferedColumn?[] _columns;

    // Read by the pass alone: one slot is enough, because a batch takes a row's values as it enters.
    private readonly bool[] _passing;
    private readonly bool[] _fetched;
    private readonly CursorPermit _held = WorkFrame.Process.Rows.HoldForCursor();
    private long[] _positions = [];
    private long[] _batches = [];
    private DataViewRowId[] _ids = [];
    private RowBatch? _batch;
    private ExceptionDispatchInfo? _broken;
    private int _capacity;
    private long _bytes;
    private long _largestRow;

    /// <param name="source">The source's cursor; not owned.</param>
    /// <param name="buffered">The source's columns whose values are read.</param>
    /// <param name="replayed">Those of them that the reader asked for, so their values are held.</param>
    /// <param name="pass">Makes the batch; not owned.</param>
    /// <param name="row">Where the pass reads.</param>
    public RowBatchWindow(DataViewRowCursor source, bool[] buffered, bool[] replayed, RowPass pass, WindowRow row)
    {
        _source = source;
        _id = source.GetIdGetter();
        _pass = pass;
        _row = row;
        _columns = new BufferedColumn?[buffered.Length];
        _passing = [.. buffered.Zip(replayed, (read, held) => read && !held)];
        _fetched = new bool[buffered.Length];
        foreach (DataViewSchema.Column column in source.Schema)
        {
            if (column.Index < buffered.Length && buffered[column.Index]) _columns[column.Index] = BufferedColumn.Create(source, column);
        }
        Reserve(1);
    }

    /// <summary>The batch of these rows; another object whenever the window has grown.</summary>
    public RowBatch Batch => _batch!;

    /// <summary>The first row's number in the source.</summary>
    public long First { get; private set; }

    /// <summary>Rows that are in.</summary>
    public int Count { get; private set; }

    /// <summary>The number of the row after the last.</summary>
    public long End => First + Count;

    /// <summary>Whether the rows are taken, so they can be computed.</summary>
    public bool Filled { get; private set; }

    /// <summary>Whether the rows are computed.</summary>
    public bool Computed { get; private set; }

    public long Position(int slot) => _positions[slot];

    public long SourceBatch(int slot) => _batches[slot];

    public DataViewRowId Id(int slot) => _ids[slot];

    /// <summary>Forgets the rows.</summary>
    public void Clear()
    {
        _batch!.Clear();
        (Count, Filled, Computed, _bytes, _broken) = (0, false, false, 0, null);
        _held.Dispose();
    }

    /// <summary>Stands on the source's row, which has this number.</summary>
    public void Begin(long row)
    {
        Clear();
        First = row;
        Array.Clear(_fetched);
        Enter();
    }

    /// <summary>Gives the reader the value of a column that it asked for.</summary>
    public void Deliver<T>(int index, int slot, ref T value) => Column<T>(index, slot).Deliver(slot, ref value);

    /// <summary>Shows the pass the value of the row that has just entered.</summary>
    public void Borrow<T>(int index, int slot, ref T value) => Column<T>(index, slot).Borrow(_passing[index] ? 0 : slot, ref value);

    /// <summary>Takes the row that the window stands on, and those after it.</summary>
    /// <param name="size">The most rows, at least 1.</param>
    /// <param name="moveNext">Moves the source; false at its end.</param>
    public void Fill(int size, Func<bool> moveNext)
    {
        // A batch that took some of the rows would give them to others if it went on.
        _broken?.Throw();
        try
        {
            Reserve(size);
            for (int index = 0; index < _columns.Length; index++) FetchFirst(index);
            Add(slot: 0);
            Hold(0);
            while (Count < size && HasRoom() && moveNext())
            {
                long before = _bytes;
                Enter();
                for (int index = 0; index < _columns.Length; index++) Fetch(index, Count - 1);
                Hold(before);
                Add(Count - 1);
            }
            _held.Become(_bytes);
            _batch!.Prepare();
        }
        catch (Exception e)
        {
            _broken = ExceptionDispatchInfo.Capture(e);
            throw;
        }
        Filled = true;
    }

    /// <summary>Computes the rows.</summary>
    public void Compute()
    {
        _batch!.Compute();
        Computed = true;
    }

    public void Dispose()
    {
        _batch!.Dispose();
        _held.Dispose();
    }

    private void Enter()
    {
        _positions[Count] = _source.Position;
        _batches[Count] = _source.Batch;
        _id(ref _ids[Count]);
        Count++;
    }

    private BufferedColumn<T> Column<T>(int index, int slot)
    {
        // Later rows are fetched when they enter; the first one column by column, as it is read.
        if (slot == 0) FetchFirst(index);
        return (BufferedColumn<T>)_columns[index]!;
    }

    private void FetchFirst(int index)
    {
        if (_fetched[index]) return;
        _fetched[index] = true;
        Fetch(index, 0);
    }

    private void Fetch(int index, int slot)
    {
        if (_columns[index] is not { } column) return;
        long bytes = column.Fetch(_passing[index] ? 0 : slot);
        if (!_passing[index] || _pass.HoldsInputs) _bytes += bytes;
    }

    // A row's size is known only once it is taken, so the largest so far is assumed. It doesn't wait: its own reader may hold the rest.
    private bool HasRoom() => _bytes < MaxBytes && _held.TryTake(_largestRow);

    // The first row of a window is taken in any case.
    private void Hold(long before)
    {
        _largestRow = Math.Max(_largestRow, _bytes - before);
        _held.Become(_bytes);
    }

    private void Add(int slot)
    {
        _row.MoveTo(this, slot);
        _batch!.Add();
    }

    // Working memory grows with the batches: looking at a few rows of a large batch size costs a few rows.
    private void Reserve(int size)
    {
        if (size <= _capacity) return;
        _capacity = size;
        Array.Resize(ref _positions, size);
        Array.Resize(ref _batches, size);
        Array.Resize(ref _ids, size);
        for (int index = 0; index < _columns.Length; index++) _columns[index]?.Resize(_passing[index] ? 1 : size);
        _batch?.Dispose();
        _batch = _pass.CreateBatch(size);
        _batch.Clear();
    }
}
