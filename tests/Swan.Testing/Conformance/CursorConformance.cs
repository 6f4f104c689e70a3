using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.Testing;

/// <summary>A transformed view gives the same rows whichever columns, cursors and orders are asked for.</summary>
public static class CursorConformance
{
    public static void Check(ITransformer transformer, IDataView data)
    {
        IDataView view = transformer.Transform(data);
        Assert.Equal(transformer.IsRowToRowMapper ? data.GetRowCount() : null, view.GetRowCount());
        Assert.Equal(data.CanShuffle, view.CanShuffle);

        DataViewSchema.Column[] columns = [.. view.Schema];
        List<ViewRow> all = ViewRows.Read(view.GetRowCursor(columns), view, columns);
        Assert.Equal(view.GetRowCount() ?? all.Count, all.Count);
        Assert.NotEmpty(all);
        SameIn(view, all, columns.Where(c => c.Index % 2 == 0));
        SameIn(view, all, columns.Where(c => c.Index % 2 == 1));
        foreach (DataViewSchema.Column column in columns) SameIn(view, all, [column]);
        SameIn(view, all, []);
        SameWithACursorForEachColumn(view, all, columns);
        foreach (Random? random in new[] { null, new Random(3) }) InSetsTheSame(view, all, columns, random);
        if (view.CanShuffle) ShuffledTheSame(view, all, columns);
        StoppedAndStartedTheSame(view, all, columns);
        OnlyColumnsOfTheSchema(view);
    }

    private static void SameIn(IDataView view, List<ViewRow> all, IEnumerable<DataViewSchema.Column> columns)
    {
        DataViewSchema.Column[] active = [.. columns];
        List<ViewRow> rows = ViewRows.Read(view.GetRowCursor(active), view, active);
        Assert.Equal(all.Select(r => (r.Id, r.Position)), rows.Select(r => (r.Id, r.Position)));
        for (int i = 0; i < rows.Count; i++)
            Assert.All(active, c => Assert.Equal(all[i].Values[c.Index], rows[i].Values[c.Index]));
    }

    // All open at once, in step, as ML.NET's own tests do it.
    private static void SameWithACursorForEachColumn(IDataView view, List<ViewRow> all, DataViewSchema.Column[] columns)
    {
        DataViewRowCursor[] cursors = [.. columns.Select(c => view.GetRowCursor([c]))];
        Func<string>[] readers = [.. columns.Select((c, i) => RowValues.Reader(cursors[i], c))];
        foreach (ViewRow row in all)
        {
            for (int i = 0; i < cursors.Length; i++)
            {
                Assert.True(cursors[i].MoveNext());
                Assert.Equal(row.Position, cursors[i].Position);
                Assert.Equal(row.Values[columns[i].Index], readers[i]());
            }
        }
        Assert.All(cursors, c => Assert.False(c.MoveNext()));
        foreach (DataViewRowCursor cursor in cursors) cursor.Dispose();
    }

    private static void InSetsTheSame(IDataView view, List<ViewRow> all, DataViewSchema.Column[] columns, Random? random)
    {
        foreach (DataViewSchema.Column[] active in new[] { columns, [columns[0]], [] })
        {
            DataViewRowCursor[] cursors = view.GetRowCursorSet(active, 3, random);
            Dictionary<DataViewRowId, Dictionary<int, string>> rows =
                cursors.SelectMany(c => ViewRows.Read(c, view, active)).ToDictionary(r => r.Id, r => r.Values);
            Assert.Equal(all.Count, rows.Count);
            foreach (ViewRow row in all) Assert.All(active, c => ViewRows.Same(row.Values[c.Index], rows[row.Id][c.Index]));
        }
    }

    private static void ShuffledTheSame(IDataView view, List<ViewRow> all, DataViewSchema.Column[] columns)
    {
        List<ViewRow> shuffled = ViewRows.Read(view.GetRowCursor(columns, new Random(5)), view, columns);
        Assert.Equal(all.Count, shuffled.Count);
        Dictionary<DataViewRowId, ViewRow> byId = shuffled.ToDictionary(r => r.Id);
        foreach (ViewRow row in all) Assert.All(columns, c => ViewRows.Same(row.Values[c.Index], byId[row.Id].Values[c.Index]));
        Assert.Equal(
            shuffled.Select(r => r.Id), ViewRows.Read(view.GetRowCursor(columns, new Random(5)), view, columns).Select(r => r.Id));
    }

    private static void StoppedAndStartedTheSame(IDataView view, List<ViewRow> all, DataViewSchema.Column[] columns)
    {
        using (DataViewRowCursor stopped = view.GetRowCursor(columns))
        {
            Assert.True(stopped.MoveNext());
            RowValues.Reader(stopped, columns[^1])();
        }
        SameIn(view, all, columns);
    }

    private static void OnlyColumnsOfTheSchema(IDataView view)
    {
        var builder = new DataViewSchema.Builder();
        for (int i = 0; i <= view.Schema.Count; i++) builder.AddColumn("foreign", NumberDataViewType.Single);
        DataViewSchema.Column foreign = builder.ToSchema()[view.Schema.Count];
        // ML.NET's own steps throw the second of the two.
        Refuses(() => view.GetRowCursor([foreign]));
        Refuses(() => view.GetRowCursorSet([foreign], 2));

        static void Refuses(Action action) =>
            Assert.True(Record.Exception(action) is ArgumentOutOfRangeException or IndexOutOfRangeException);
    }
}
