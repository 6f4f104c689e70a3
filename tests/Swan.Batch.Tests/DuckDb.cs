using DuckDB.NET.Data;

namespace Swan.Batch.Tests;

/// <summary>DuckDB in memory.</summary>
internal sealed class DuckDb : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public DuckDb()
    {
        _connection.Open();
        // Timestamps in UTC are shown in the session's zone.
        _ = Rows("SET TimeZone = 'UTC'");
    }

    /// <summary>What a query gives, row by row; missing values are null, and bytes are arrays.</summary>
    public List<object?[]> Rows(string sql)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        using DuckDBDataReader reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : Kept(reader.GetValue(i)))]);
        return rows;
    }

    public void Dispose() => _connection.Dispose();

    // A stream reads memory that is the row's.
    private static object Kept(object value)
    {
        if (value is not Stream stream) return value;
        using var all = new MemoryStream();
        using (stream) stream.CopyTo(all);
        return all.ToArray();
    }
}
