using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.MLNet.DataViews;

/// <summary>The reader's cursor over a <see cref="RowMapView"/>.</summary>
internal sealed class RowMapCursor : DataViewRowCursor
{
    private readonly RowMap _map;
    private readonly DataViewRowCursor _main;
    private readonly bool[] _active;
    private readonly RowLookahead? _lookahead;
    private readonly PassComparison? _comparison;

    // Rows of the source, counted from 0. _position counts those that are not dropped.
    private long _row = -1;
    private long _position = -1;
    private long _reached = -1;
    private int _slot;
    private bool _disposed;

    /// <param name="map">What is computed.</param>
    /// <param name="main">The cursor for the columns that are passed through; owned from here on.</param>
    /// <param name="ahead">The cursor for what the map reads, owned from here on; null where nothing is computed.</param>
    /// <param name="active">The columns asked for.</param>
    public RowMapCursor(RowMap map, DataViewRowCursor main, DataViewRowCursor? ahead, bool[] active)
    {
        _map = map;
        _main = main;
        _active = active;
        if (ahead is null) return;
        _comparison = new PassComparison(PassComparison.Texts(map), main, ahead);
        _lookahead = new RowLookahead(map, ahead, _comparison);
    }

    public override DataViewSchema Schema => _map.OutputSchema;

    public override long Position => _map.DropsRows ? _position : _main.Position;

    public override long Batch => _main.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _main.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

    public override bool MoveNext()
    {
        do
        {
            if (!_main.MoveNext())
            {
                _position = -1;
                return false;
            }
            _row++;
        }
        while (_map.DropsRows && Here().Batch.Drops(_slot));
        _position++;
        return true;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        RowMapGetters.RequireActive(this, column);
        if (column.Index < _map.FirstAdded) return _main.GetGetter<TValue>(_main.Schema[column.Index]);
        // Batches take turns, and each has getters of its own.
        RowBatch? last = null;
        ValueGetter<TValue> getter = Of(_lookahead!.Batch);
        return (ref TValue value) =>
        {
            RowBatch batch = Here().Batch;
            if (batch != last) getter = Of(batch);
            getter(ref value);
        };

        ValueGetter<TValue> Of(RowBatch batch) => RowMapGetters.Typed<TValue>((last = batch).Getter(column.Index - _map.FirstAdded, () => _slot), column);
    }

    protected override void Dispose(bool disposing)
    {
        if (!_disposed)
        {
            _disposed = true;
            if (disposing)
            {
                _lookahead?.Dispose();
                _main.Dispose();
            }
        }
        base.Dispose(disposing);
    }

    /// <summary>The batch that holds the reader's row, computed.</summary>
    private RowWindow Here()
    {
        if (_row < 0 || _main.Position < 0)
            throw new InvalidOperationException("The cursor doesn't stand on a row: call MoveNext first, and read values only while it returns true.");
        RowWindow window = _lookahead!.At(_row);
        _slot = (int)(_row - window.First);
        if (_reached != _row)
        {
            _comparison!.Require(window.Mark(_row), _row);
            window.Batch.Reached(_slot);
            _reached = _row;
        }
        return window;
    }
}
