using System.Globalization;
using Npgsql;

namespace PostgresSearch;

/// <summary>What is looked for.</summary>
/// <param name="Query">An embedding of the table's model.</param>
/// <param name="Top">How many rows.</param>
/// <param name="Where">
/// SQL after <c>where</c>; null for all rows. It comes from whoever may run SQL on the server, never from a user of a service.
/// </param>
/// <param name="Exact">Compares every row that passes the filter.</param>
/// <param name="Candidates">pgvector's hnsw.ef_search: rows that HNSW keeps while it walks, 1 to 1000.</param>
/// <param name="IterativeScan">pgvector's hnsw.iterative_scan: off, strict_order or relaxed_order.</param>
internal sealed record SearchRequest(
    float[] Query, int Top = 10, string? Where = null, bool Exact = false, int Candidates = 100, string IterativeScan = "relaxed_order");

/// <summary>A row that was found; the score is the cosine.</summary>
internal sealed record FoundImage(string Path, string? Scene, string? Region, DateOnly Date, double Score);

/// <summary>Finds rows by embedding and filter.</summary>
internal static class ImageSearch
{
    /// <summary>Finds the best rows, best first.</summary>
    public static Task<List<FoundImage>> FindAsync(
        NpgsqlDataSource source, ImageTable table, SearchRequest request, CancellationToken cancellationToken = default) =>
        ReadAsync(source, table, request, "", reader => new FoundImage(
            reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2),
            reader.GetFieldValue<DateOnly>(3), reader.GetDouble(4)), cancellationToken);

    /// <summary>Runs the search, and says how the server did it.</summary>
    public static Task<List<string>> ExplainAsync(
        NpgsqlDataSource source, ImageTable table, SearchRequest request, CancellationToken cancellationToken = default) =>
        ReadAsync(source, table, request, "explain (analyze, costs off, timing off, buffers off) ",
            reader => WithoutNumbers(reader.GetString(0)), cancellationToken);

    // A plan spells out the query's embedding.
    private static string WithoutNumbers(string line) =>
        line.IndexOf("'[", StringComparison.Ordinal) is >= 0 and var start
            && line.IndexOf("]'", start, StringComparison.Ordinal) is > 0 and var end
            ? $"{line[..(start + 2)]}…{line[end..]}"
            : line;

    private static async Task<List<T>> ReadAsync<T>(
        NpgsqlDataSource source, ImageTable table, SearchRequest request, string before, Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await SetAsync(connection, table, request, cancellationToken);
        await using var command = new NpgsqlCommand(before + Sql(table.Storage, request), connection);
        command.Parameters.Add(new() { Value = table.Storage.Parameter(request.Query) });
        command.Parameters.Add(new() { Value = request.Top });
        var found = new List<T>();
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) found.Add(read(reader));
        return found;
    }

    // The inner select has the order that an index serves. The outer one mends what relaxed_order leaves, and orders equal scores.
    private static string Sql(Storage storage, SearchRequest request) => $"""
        with found as materialized (
            select path, scene, region, date, {storage.Score} as score
            from {ImageTable.Name}
            where {(request.Where is null ? "true" : $"({request.Where})")}
            order by {storage.Order(request.Exact)}
            limit $2)
        select path, scene, region, date, score from found order by score desc, path
        """;

    // For this transaction only: a pooled connection goes to others afterwards. Read-only, so that a filter changes nothing.
    private static async Task SetAsync(
        NpgsqlConnection connection, ImageTable table, SearchRequest request, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string> { ["transaction_read_only"] = "on" };
        if (table.Storage.NeedsPgvector && !request.Exact)
        {
            settings["hnsw.ef_search"] = request.Candidates.ToString(CultureInfo.InvariantCulture);
            settings["hnsw.iterative_scan"] = request.IterativeScan;
        }
        foreach ((string name, string value) in settings)
        {
            await using var command = new NpgsqlCommand("select set_config($1, $2, true)", connection);
            command.Parameters.Add(new() { Value = name });
            command.Parameters.Add(new() { Value = value });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
