using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.MLNet.Interop;

/// <summary>A <see cref="RowMap"/> for one row at a time: what prediction engines use.</summary>
internal sealed class RowMapMapper(RowMap map) : IRowToRowMapper
{
    public DataViewSchema InputSchema => map.InputSchema;

    public DataViewSchema OutputSchema => map.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        bool[] active = map.Active(dependingColumns);
        return map.Needed(active, map.AnyAdded(active) ? map.Reads : []);
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Schema != map.InputSchema)
            throw new ArgumentOutOfRangeException(nameof(input), $"The row's schema is not the one that this mapper was made for: found {input.Schema}, expected {map.InputSchema}.");
        return new Row(map, input, map.Active(activeColumns));
    }

    private sealed class Row : DataViewRow
    {
        private readonly RowMap _map;
        private readonly DataViewRow _input;
        private readonly bool[] _active;
        private readonly RowBatch? _batch;
        private long _computed = long.MinValue;
        private bool _disposed;

        public Row(RowMap map, DataViewRow input, bool[] active)
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
}

/// <summary>The checks that every getter of a <see cref="RowMap"/> makes.</summary>
internal static class RowMapGetters
{
    public static void RequireActive(DataViewRow row, DataViewSchema.Column column)
    {
        if (!row.IsColumnActive(column))
            throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' is not active in this cursor. Name it when the cursor is made.");
    }

    public static ValueGetter<TValue> Typed<TValue>(Delegate getter, DataViewSchema.Column column) =>
        getter as ValueGetter<TValue>
        ?? throw new InvalidOperationException($"The column '{column.Name}' has values of {column.Type.RawType}, but {typeof(TValue)} was asked for.");
}
