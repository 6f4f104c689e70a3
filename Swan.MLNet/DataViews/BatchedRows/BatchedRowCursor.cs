using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.MLNet.DataViews;

/// <summary>The reader's cursor over a <see cref="BatchedRowView"/>: one pass over the source, in small batches of rows.</summary>
/// <remarks>
/// When an added column is first read, the row's values and those of the rows after it are taken from the source, computed together, and
/// replayed. Batches start small and double while the reader goes on from one to the next, so looking at a few rows costs a few rows.
/// From the second batch on, the next one is taken and made ready in the background while this one is computed, where the pass can do
/// that. At most two batches are in memory, however long the data. A batch size of 1 takes no row before the reader asks for it.
/// </remarks>
internal sealed class BatchedRowCursor : DataViewRowCursor
{
    /// <summary>Rows of the first batch.</summary>
    public const int Small = 4;

    private readonly BatchedRowMapper _mapper;
    private readonly DataViewRowCursor _source;
    private readonly bool[] _active;
    private readonly bool[] _buffered;
    private readonly WindowRow _row;
    private readonly RowPass _pass;
    private RowBatchWindow _current;
    private RowBatchWindow? _next;
    private int _slot;

    // Rows of the source that were taken; _position counts those that are delivered.
    private long _taken;
    private long _position = -1;
    private long _reached = -1;
    private long _lastEnd = -1;
    private int _size;
    private bool _goesOn;
    private bool _ended;
    private bool _disposed;
    private ExceptionDispatchInfo? _fault;

    /// <param name="mapper">What is computed.</param>
    /// <param name="source">The source's cursor; owned once this is made.</param>
    /// <param name="active">The columns asked for.</param>
    public BatchedRowCursor(BatchedRowMapper mapper, DataViewRowCursor source, bool[] active)
    {
        _mapper = mapper;
        _source = source;
        _active = active;
        _buffered = active[..mapper.FirstAdded];
        foreach (DataViewSchema.Column column in mapper.Reads) _buffered[column.Index] = true;
        _row = new WindowRow(source, _buffered);
        _pass = mapper.Begin(_row);
        _current = Window();
    }

    public override DataViewSchema Schema => _mapper.OutputSchema;

    public override long Position => _position < 0 || _mapper.DropsRows ? _position : _current.Position(_slot);

    public override long Batch => _position < 0 ? 0 : _current.SourceBatch(_slot);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
    {
        RowGetters.RequireRow(_position);
        id = _current.Id(_slot);
    };

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

    public override bool MoveNext()
    {
        do
        {
            if (!MoveOn())
            {
                _position = -1;
                return false;
            }
            _position++;
        }
        while (_mapper.DropsRows && Dropped());
        return true;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        RowGetters.RequireActive(this, column);
        if (column.Index < _mapper.FirstAdded) return PassedThrough<TValue>(column);
        // Batches take turns, and each has getters of its own.
        RowBatch? last = null;
        ValueGetter<TValue> getter = Of(_current.Batch);
        return (ref TValue value) =>
        {
            RowBatch batch = Computed();
            if (batch != last) getter = Of(batch);
            getter(ref value);
        };

        ValueGetter<TValue> Of(RowBatch batch) =>
            RowGetters.Typed<TValue>((last = batch).Getter(column.Index - _mapper.FirstAdded, () => _slot), column);
    }

    protected override void Dispose(bool disposing)
    {
        if (!_disposed)
        {
            _disposed = true;
            if (disposing)
            {
                _current.Dispose();
                _next?.Dispose();
                _pass.Dispose();
                _source.Dispose();
            }
        }
        base.Dispose(disposing);
    }

    private RowBatchWindow Window() => new(_source, _buffered, _active[.._mapper.FirstAdded], _pass, _row);

    private ValueGetter<TValue> PassedThrough<TValue>(DataViewSchema.Column column)
    {
        if (column.Type.RawType != typeof(TValue)) throw RowGetters.WrongType<TValue>(column);
        // The reader may dispose an image: what is computed from it must be taken before.
        bool takeFirst = typeof(TValue) == typeof(MLImage) && _mapper.Reads.Any(read => read.Index == column.Index);
        return (ref TValue value) =>
        {
            RowGetters.RequireRow(_position);
            if (takeFirst && !_current.Filled) Fill(_current);
            _current.Deliver(column.Index, _slot, ref value);
        };
    }

    // The next row of the window, of the window that was made ready, or of the source.
    private bool MoveOn()
    {
        if (_slot + 1 < _current.Count)
        {
            _slot++;
            return true;
        }

        _slot = 0;
        if (_next is { Count: > 0 } ready)
        {
            _current.Clear();
            (_current, _next) = (ready, _current);
            return true;
        }
        if (MoveSource())
        {
            _current.Begin(_taken - 1);
            return true;
        }
        _current.Clear();
        _position = -1;
        ExceptionDispatchInfo? fault = _fault;
        _fault = null;
        fault?.Throw();
        return false;
    }

    private bool Dropped()
    {
        if (!Computed().Drops(_slot)) return false;
        _position--;
        return true;
    }

    /// <summary>The batch that holds the reader's row, computed.</summary>
    private RowBatch Computed()
    {
        RowGetters.RequireRow(_position);
        if (!_current.Filled) Fill(_current);
        if (!_current.Computed)
        {
            if (_goesOn && _mapper.BatchSize > 1 && _pass.PreparesAhead && (_next ??= Window()).Count == 0 && MoveSource())
            {
                _next.Begin(_taken - 1);
                Fill(_next);
            }
            _current.Compute();
        }
        if (_reached != _current.First + _slot)
        {
            _current.Batch.Reached(_slot);
            _reached = _current.First + _slot;
        }
        return _current.Batch;
    }

    private void Fill(RowBatchWindow window)
    {
        // A reader that rarely comes this far gets small batches; otherwise most of the work would be wasted.
        _goesOn = _lastEnd >= 0 && window.First - _lastEnd < _size;
        _size = Math.Min(_goesOn ? 2 * _size : Small, _mapper.BatchSize);
        window.Fill(_size, MoveSource);
        _lastEnd = window.End;
    }

    private bool MoveSource()
    {
        if (_ended) return false;
        try
        {
            if (_source.MoveNext())
            {
                _taken++;
                return true;
            }
        }
        catch (Exception e)
        {
            // Rows before this one are still to be delivered.
            _fault = ExceptionDispatchInfo.Capture(e);
        }
        _ended = true;
        return false;
    }
}
