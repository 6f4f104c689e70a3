using Microsoft.ML;

namespace Swan.MLNet.DataViews;

/// <summary>A <see cref="RowMap"/> over a data view, lazily and in batches.</summary>
/// <remarks>
/// Two cursors run over the source: the main one, which the reader moves, has the columns passed through; a second one, with nothing but
/// the map's input columns, runs ahead (<see cref="RowLookahead"/>). A batch is computed when the reader asks for the first value in it,
/// so that nothing is computed for a column that is not read, nor for rows before the first one read; a map that drops rows computes all.
/// The source must give the same rows in both passes. A map whose batches are single rows needs no second pass: the reader's cursor does it all,
/// and may be one of a parallel set.
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

    public long? GetRowCount() => _map.DropsRows ? null : _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = _map.Active(columnsNeeded);
        if (!Computes(active)) return new RowMapCursor(_map, _source.GetRowCursor(_map.Needed(active, []), rand), null, active);
        if (RowByRow) return new RowByRowCursor(_map, _source.GetRowCursor(_map.Needed(active, _map.Reads), rand), active);
        // Both cursors must shuffle alike, and one Random can't serve two.
        int? seed = rand?.Next();
        Random? Shuffle() => seed is int s ? new Random(s) : null;
        DataViewRowCursor main = _source.GetRowCursor(_map.Needed(active, PassComparison.Texts(_map)), Shuffle());
        DataViewRowCursor? ahead = null;
        try
        {
            ahead = _source.GetRowCursor(_map.Reads, Shuffle());
            return new RowMapCursor(_map, main, ahead, active);
        }
        catch
        {
            ahead?.Dispose();
            main.Dispose();
            throw;
        }
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        bool[] active = _map.Active(columnsNeeded);
        // n is a hint. A batch keeps all processors busy by itself, and several cursors would tear batches apart.
        bool computes = Computes(active);
        if (computes && !RowByRow) return [GetRowCursor(_map.OutputSchema.Where(c => active[c.Index]), rand)];
        DataViewRowCursor[] cursors = _source.GetRowCursorSet(_map.Needed(active, computes ? _map.Reads : []), n, rand);
        return Array.ConvertAll(cursors, c => computes ? new RowByRowCursor(_map, c, active) : (DataViewRowCursor)new RowMapCursor(_map, c, null, active));
    }

    // A row that is dropped must be known before it is reached, so a map that drops rows looks ahead.
    private bool RowByRow => _map.BatchSize == 1 && !_map.DropsRows;

    private bool Computes(bool[] active) => _map.DropsRows || _map.AnyAdded(active);
}
