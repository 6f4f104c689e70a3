using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.Testing;

/// <summary>Reads and compares rows of any schema.</summary>
public static class ViewRows
{
    /// <summary>All columns of all rows.</summary>
    public static List<Dictionary<int, string>> All(IDataView view) =>
        [.. Read(view.GetRowCursor(view.Schema), view, [.. view.Schema]).Select(r => r.Values)];

    /// <summary>Reads a cursor to its end, and checks its manners.</summary>
    public static List<ViewRow> Read(DataViewRowCursor cursor, IDataView view, DataViewSchema.Column[] active)
    {
        using (cursor)
        {
            Assert.Same(view.Schema, cursor.Schema);
            foreach (DataViewSchema.Column column in view.Schema)
            {
                bool isActive = active.Any(a => a.Index == column.Index);
                // A cursor may have more active than asked for, never less.
                if (isActive) Assert.True(cursor.IsColumnActive(column));
                else if (!cursor.IsColumnActive(column)) Assert.ThrowsAny<Exception>(() => RowValues.Reader(cursor, column));
            }
            var readers = active.Select(c => (c.Index, Read: RowValues.Reader(cursor, c))).ToArray();
            ValueGetter<DataViewRowId> id = cursor.GetIdGetter();
            var rows = new List<ViewRow>();
            var ids = new HashSet<DataViewRowId>();
            Assert.Equal(-1, cursor.Position);
            while (cursor.MoveNext())
            {
                Assert.True(rows.Count == 0 || cursor.Position > rows[^1].Position, "positions must grow");
                DataViewRowId value = default;
                id(ref value);
                Assert.True(ids.Add(value), $"id {value} occurs twice");
                rows.Add(new ViewRow(value, cursor.Position, readers.ToDictionary(r => r.Index, r => r.Read())));
            }
            Assert.False(cursor.MoveNext());
            return rows;
        }
    }

    /// <summary>Whether the rows of two views agree in all columns that <paramref name="found"/> has, by name.</summary>
    public static void Same(IDataView expected, IDataView found) => Same(expected, All(expected), found);

    /// <summary>The same, with the expected rows given.</summary>
    public static void Same(
        IDataView view, IReadOnlyList<Dictionary<int, string>> expected, IDataView found, Func<string, string>? restored = null)
    {
        List<Dictionary<int, string>> rows = All(found);
        Assert.Equal(expected.Count, rows.Count);
        foreach (DataViewSchema.Column column in found.Schema.Where(c => !c.IsHidden))
        {
            int index = view.Schema[column.Name].Index;
            for (int i = 0; i < rows.Count; i++)
                Same(expected[i][index], restored is null ? rows[i][column.Index] : restored(rows[i][column.Index]));
        }
    }

    /// <summary>Batches of other sizes may round differently: the same up to float32 rounding.</summary>
    public static void Same(string expected, string found)
    {
        if (expected == found) return;
        float[] a = Numbers(expected), b = Numbers(found);
        Assert.Equal(a.Length, b.Length);
        Assert.All(a.Zip(b), pair => Assert.Equal(pair.First, pair.Second, tolerance: 2e-6f));

        float[] Numbers(string values) => Array.ConvertAll(
            values.Split(' '), v => float.TryParse(v, CultureInfo.InvariantCulture, out float number)
                ? number
                : throw new Xunit.Sdk.XunitException($"expected '{expected}', but found '{found}'"));
    }
}
