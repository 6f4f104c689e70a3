using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.MLNet.Interop;

/// <summary>A <see cref="RowMap"/> over a data view, lazily and in batches.</summary>
/// <remarks>
/// Two cursors run over the source: the main one, which the reader moves, has the columns passed through; a second one, with nothing but
/// the map's input columns, runs ahead by up to a batch. A batch is computed when the reader asks for the first value in it, so that
/// nothing is computed for a column that is not read, nor for rows before the first one read. The source must give the same rows in both passes.
/// A map whose batches are single rows needs no second pass: the reader's cursor does it all, and may be one of a parallel set.
/// </remarks>
internal sealed class RowMapView : IDataView
{
    private readonly RowMap _map;
    private readonly IDataView _source;

    public RowMapView(RowMap map, IDataView source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _map = map;
        _source = source;
    }

    public DataViewSchema Schema => _map.OutputSchema;

    public bool CanShuffle => _source.CanShuffle;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = _map.Active(columnsNeeded);
        if (!_map.AnyAdded(active)) return new Cursor(_map, _source.GetRowCursor(_map.Needed(active, []), rand), null, active);
        if (_map.BatchSize == 1) return new RowByRowCursor(_map, _source.GetRowCursor(_map.Needed(active, _map.Reads), rand), active);
        // Both cursors must shuffle alike, and one Random can't serve two.
        int? seed = rand?.Next();
        Random? Shuffle() => seed is int s ? new Random(s) : null;
        DataViewRowCursor main = _source.GetRowCursor(_map.Needed(active, PassComparison.Texts(_map)), Shuffle());
        try
        {
            return new Cursor(_map, main, _source.GetRowCursor(_map.Reads, Shuffle()), active);
        }
        catch
        {
            main.Dispose();
            throw;
        }
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        bool[] active = _map.Active(columnsNeeded);
        bool added = _map.AnyAdded(active);
        // n is a hint. A batch keeps all processors busy by itself, and several cursors would tear batches apart.
        if (added && _map.BatchSize > 1) return [GetRowCursor(_map.OutputSchema.Where(c => active[c.Index]), rand)];
        DataViewRowCursor[] cursors = _source.GetRowCursorSet(_map.Needed(active, added ? _map.Reads : []), n, rand);
        return Array.ConvertAll(cursors, c => added ? new RowByRowCursor(_map, c, active) : (DataViewRowCursor)new Cursor(_map, c, null, active));
    }

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly RowMap _map;
        private readonly DataViewRowCursor _main;
        private readonly DataViewRowCursor? _ahead;
        private readonly bool[] _active;
        private readonly RowBatch? _batch;
        private readonly PassComparison? _comparison;

        // Rows counted from 0; _first.._first+_count-1 are in the batch.
        private long _row = -1;
        private long _aheadRow = -1;
        private long _first;
        private int _count;
        private long _compared = -1;
        private bool _disposed;

        public Cursor(RowMap map, DataViewRowCursor main, DataViewRowCursor? ahead, bool[] active)
        {
            _map = map;
            _main = main;
            _ahead = ahead;
            _active = active;
            if (ahead is null) return;
            _batch = map.CreateBatch(ahead, map.BatchSize);
            _comparison = new PassComparison(PassComparison.Texts(map), main, ahead, map.BatchSize);
        }

        public override DataViewSchema Schema => _map.OutputSchema;

        public override long Position => _main.Position;

        public override long Batch => _main.Batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => _main.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

        public override bool MoveNext()
        {
            if (!_main.MoveNext()) return false;
            _row++;
            return true;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            RowMapGetters.RequireActive(this, column);
            return column.Index < _map.FirstAdded
                ? _main.GetGetter<TValue>(_main.Schema[column.Index])
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
                    _ahead?.Dispose();
                    _main.Dispose();
                }
            }
            base.Dispose(disposing);
        }

        private int Slot()
        {
            RowMapGetters.RequireRow(_row < 0 ? _row : _main.Position);
            if (_row < _first || _row >= _first + _count) Fill();
            int slot = (int)(_row - _first);
            if (_compared != _row) _comparison!.Require(slot, _row);
            _compared = _row;
            return slot;
        }

        private void Fill()
        {
            _count = 0;
            _batch!.Clear();
            while (_aheadRow < _row) Advance();
            int count = 0;
            do
            {
                _comparison!.Remember(count);
                _batch.Add();
                count++;
            }
            while (count < _map.BatchSize && MoveAhead());
            _batch.Compute();
            _first = _row;
            _count = count;
        }

        private void Advance()
        {
            if (!MoveAhead()) throw PassComparison.Changed($"it ended after {_aheadRow + 1} rows, but the first pass is at row {_row}");
        }

        private bool MoveAhead()
        {
            if (!_ahead!.MoveNext()) return false;
            _aheadRow++;
            return true;
        }
    }
}
