using Swan.MLNet.Metadata;

namespace Swan.MLNet.Tests.Metadata;

/// <summary>Columns of values, written and opened again.</summary>
internal static class ColumnParts
{
    /// <summary>A column's bytes.</summary>
    public static byte[] Write(SwanColumn column, IEnumerable<object?> values)
    {
        var builder = new ColumnBuilder(column);
        foreach (object? value in values) builder.Add(column.Check(value));
        using var stream = new MemoryStream();
        builder.Write(stream);
        Assert.Equal(builder.Length, stream.Length);
        Assert.Equal(0, stream.Length % 64);
        return stream.ToArray();
    }

    /// <summary>A column that was written and opened.</summary>
    public static ColumnData Open(SwanColumn column, params object?[] values) =>
        ColumnData.Open(column, values.Length, Write(column, values));

    /// <summary>The rows that pass a filter over one column.</summary>
    public static int[] Rows(SwanFilter filter, ColumnData data)
    {
        var columns = new Dictionary<string, ColumnData> { [data.Column.Name] = data };
        var bits = FilterPlan.Evaluate(filter, columns, data.Count);
        return [.. Enumerable.Range(0, data.Count).Where(row => bits[row])];
    }
}
