using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.MLNet.DataViews;

/// <summary>A row with the added columns, which follows the row that it reads from.</summary>
internal sealed class SingleRow : DataViewRow
{
    private readonly BatchedRowMapper _mapper;
    private readonly DataViewRow _input;
    private readonly bool[] _active;
    private readonly RowPass? _pass;
    private readonly RowBatch? _batch;
    private long _computed = long.MinValue;
    private bool _disposed;

    public SingleRow(BatchedRowMapper mapper, DataViewRow input, bool[] active)
    {
        _mapper = mapper;
        _input = input;
        _active = active;
        if (!mapper.AnyAdded(active)) return;
        _pass = mapper.Begin(input);
        _batch = _pass.CreateBatch(capacity: 1);
    }

    public override DataViewSchema Schema => _mapper.OutputSchema;

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        RowGetters.RequireActive(this, column);
        return column.Index < _mapper.FirstAdded
            ? _input.GetGetter<TValue>(_input.Schema[column.Index])
            : RowGetters.Typed<TValue>(_batch!.Getter(column.Index - _mapper.FirstAdded, Slot), column);
    }

    protected override void Dispose(bool disposing)
    {
        if (!_disposed)
        {
            _disposed = true;
            if (disposing)
            {
                _batch?.Dispose();
                _pass?.Dispose();
                _input.Dispose();
            }
        }
        base.Dispose(disposing);
    }

    private int Slot()
    {
        RowGetters.RequireRow(_input.Position);
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
