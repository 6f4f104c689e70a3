using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.MLNet.DataViews;

/// <summary>A row with the added columns, which follows the row that it reads from.</summary>
internal sealed class RowMapRow : DataViewRow
{
    private readonly RowMap _map;
    private readonly DataViewRow _input;
    private readonly bool[] _active;
    private readonly RowBatch? _batch;
    private long _computed = long.MinValue;
    private bool _disposed;

    public RowMapRow(RowMap map, DataViewRow input, bool[] active)
    {
        _map = map;
        _input = input;
        _active = active;
        _batch = map.AnyAdded(active) ? map.CreateBatch(input, capacity: 1) : null;
    }

    public override DataViewSchema Schema => _map.OutputSchema;

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        RowMapGetters.RequireActive(this, column);
        return column.Index < _map.FirstAdded
            ? _input.GetGetter<TValue>(_input.Schema[column.Index])
            : RowMapGetters.Typed<TValue>(_batch!.Getter(column.Index - _map.FirstAdded, Slot), column);
    }

    protected override void Dispose(bool disposing)
    {
        if (!_disposed)
        {
            _disposed = true;
            if (disposing)
            {
                _batch?.Dispose();
                _input.Dispose();
            }
        }
        base.Dispose(disposing);
    }

    private int Slot()
    {
        RowMapGetters.RequireRow(_input.Position);
        // Rows are mutable: the position tells one from the next.
        if (_computed != _input.Position)
        {
            _batch!.Clear();
            _batch.Add();
            _batch.Compute();
            _batch.Reached(0);
            _computed = _input.Position;
        }
        return 0;
    }
}

/// <summary>A cursor over a source that computes each row when it is read.</summary>
internal sealed class RowByRowCursor(RowMap map, DataViewRowCursor source, bool[] active) : DataViewRowCursor
{
    private readonly RowMapRow _row = new(map, source, active);

    public override DataViewSchema Schema => _row.Schema;

    public override long Position => _row.Position;

    public override long Batch => _row.Batch;

    public override bool MoveNext() => source.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => _row.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _row.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing) _row.Dispose();
        base.Dispose(disposing);
    }
}
