using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.Geo.Scenes;

/// <summary>The reader's cursor over a <see cref="SceneView"/>.</summary>
/// <param name="rows">Its pass; a file that it has open is closed with it.</param>
/// <param name="active">The columns that were asked for.</param>
internal sealed class SceneCursor(IEnumerable<SceneRow> rows, bool[] active) : DataViewRowCursor
{
    private readonly IEnumerator<SceneRow> _rows = rows.GetEnumerator();
    private long _position = -1;

    public override DataViewSchema Schema => SceneColumns.Schema;

    public override long Position => _position;

    public override long Batch => 0;

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
    {
        _ = Current();
        id = new DataViewRowId((ulong)_position, 0);
    };

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < active.Length && active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new ArgumentOutOfRangeException(nameof(column),
                $"The column '{column.Name}' was not asked for when the cursor was made.");
        return SceneColumns.Getter(column.Index, Current) as ValueGetter<TValue> ?? throw new ArgumentException(
            $"The column '{column.Name}' is {column.Type}; values of {typeof(TValue).Name} can't be read from it.", nameof(column));
    }

    public override bool MoveNext()
    {
        bool there = _rows.MoveNext();
        _position = there ? _position + 1 : -1;
        return there;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _rows.Dispose();
        base.Dispose(disposing);
    }

    private SceneRow Current() => _position >= 0
        ? _rows.Current
        : throw new InvalidOperationException("The cursor stands on no row: call MoveNext first, and read while it is true.");
}
