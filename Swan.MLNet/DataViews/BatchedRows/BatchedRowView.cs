using Microsoft.ML;

namespace Swan.MLNet.DataViews;

/// <summary>A <see cref="BatchedRowMapper"/> over a data view, lazily and in batches.</summary>
/// <remarks>
/// The source is read once, by one cursor (<see cref="BatchedRowCursor"/>). Nothing is computed for a column that is not read, nor for
/// rows before the first one read. A mapper that drops rows computes all.
/// </remarks>
internal sealed class BatchedRowView : IDataView
{
    private readonly BatchedRowMapper _mapper;
    private readonly IDataView _source;

    public BatchedRowView(BatchedRowMapper mapper, IDataView source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _mapper = mapper;
        _source = source;
    }

    public DataViewSchema Schema => _mapper.OutputSchema;

    public bool CanShuffle => _source.CanShuffle;

    public long? GetRowCount() => _mapper.DropsRows ? null : _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = _mapper.Active(columnsNeeded);
        return Over(_source.GetRowCursor(Needed(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        bool[] active = _mapper.Active(columnsNeeded);
        // n is a hint. A batch keeps all processors busy by itself, and several cursors would tear batches apart.
        if (_mapper.Computes(active) && (_mapper.BatchSize > 1 || _mapper.DropsRows))
            return [Over(_source.GetRowCursor(Needed(active), rand), active)];
        return Array.ConvertAll(_source.GetRowCursorSet(Needed(active), n, rand), cursor => Over(cursor, active));
    }

    private List<DataViewSchema.Column> Needed(bool[] active) => _mapper.Needed(active, _mapper.Computes(active) ? _mapper.Reads : []);

    private DataViewRowCursor Over(DataViewRowCursor source, bool[] active)
    {
        if (!_mapper.Computes(active)) return new PassThroughCursor(_mapper.OutputSchema, source, active);
        try
        {
            return new BatchedRowCursor(_mapper, source, active);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }
}
