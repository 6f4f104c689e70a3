using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.MLNet.DataViews;

/// <summary>The row that a window takes in, as a pass sees it: buffered values instead of a second question to the source.</summary>
/// <param name="source">The source's cursor, which stands on that row.</param>
/// <param name="active">Whether a source column is buffered, by its index.</param>
internal sealed class WindowRow(DataViewRow source, bool[] active) : DataViewRow
{
    private RowBatchWindow? _window;
    private int _slot;

    public override DataViewSchema Schema => source.Schema;

    public override long Position => source.Position;

    public override long Batch => source.Batch;

    /// <summary>Moves to the row that has just come into a window's slot.</summary>
    public void MoveTo(RowBatchWindow window, int slot) => (_window, _slot) = (window, slot);

    public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < active.Length && active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        RowGetters.RequireActive(this, column);
        if (column.Type.RawType != typeof(TValue)) throw RowGetters.WrongType<TValue>(column);
        return (ref TValue value) => _window!.Borrow(column.Index, _slot, ref value);
    }
}
