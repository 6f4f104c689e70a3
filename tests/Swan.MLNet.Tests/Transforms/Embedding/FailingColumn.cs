using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.MLNet.Tests.Transforms;

/// <summary>A view one of whose text columns has a bug: at one row, its getter throws.</summary>
internal sealed class FailingColumn(IDataView source, string column, long row, Exception fault) : IDataView
{
    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), column, row, fault);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor source, string column, long row, Exception fault) : DataViewRowCursor
    {
        public override DataViewSchema Schema => source.Schema;

        public override long Position => source.Position;

        public override long Batch => source.Batch;

        public override bool MoveNext() => source.MoveNext();

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column asked) => source.IsColumnActive(asked);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column asked)
        {
            ValueGetter<TValue> getter = source.GetGetter<TValue>(asked);
            if (asked.Name != column) return getter;
            return (ref TValue value) =>
            {
                if (source.Position == row) throw fault;
                getter(ref value);
            };
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) source.Dispose();
            base.Dispose(disposing);
        }
    }
}
