using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.MLNet.DataViews;

/// <summary>A cursor over the source's own columns, where nothing is computed.</summary>
/// <param name="schema">The view's schema: the source's columns come first in it.</param>
/// <param name="source">The source's cursor; owned from here on.</param>
/// <param name="active">The columns asked for.</param>
internal sealed class PassThroughCursor(DataViewSchema schema, DataViewRowCursor source, bool[] active) : DataViewRowCursor
{
    private bool _disposed;

    public override DataViewSchema Schema => schema;

    public override long Position => source.Position;

    public override long Batch => source.Batch;

    public override bool MoveNext() => source.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < active.Length && active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        RowGetters.RequireActive(this, column);
        return source.GetGetter<TValue>(source.Schema[column.Index]);
    }

    protected override void Dispose(bool disposing)
    {
        if (!_disposed && disposing) source.Dispose();
        _disposed = true;
        base.Dispose(disposing);
    }
}
