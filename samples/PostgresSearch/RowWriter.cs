using Npgsql;
using NpgsqlTypes;

namespace PostgresSearch;

/// <summary>Two ways of bringing rows into the table. A path that is there already is updated.</summary>
internal static class RowWriter
{
    private const string Columns = "path, scene, region, date, embedding";

    private const string Update = """
        on conflict (path) do update
        set scene = excluded.scene, region = excluded.region, date = excluded.date, embedding = excluded.embedding
        """;

    /// <summary>Writes rows, a transaction for each chunk: what fails or is stopped keeps the chunks before and can be run again.</summary>
    /// <param name="source">The server.</param>
    /// <param name="table">The table.</param>
    /// <param name="rows">Rows, which are taken a chunk ahead; no path twice.</param>
    /// <param name="copy">Whether by COPY, which is the faster and which PGlite doesn't take; else by batches of inserts.</param>
    /// <param name="chunk">Rows of a chunk. Null: 10,000 by COPY, 200 by inserts.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>How many rows were written.</returns>
    public static async Task<long> WriteAsync(
        NpgsqlDataSource source, ImageTable table, IEnumerable<StoredImage> rows, bool copy, int? chunk = null,
        CancellationToken cancellationToken = default)
    {
        long written = 0;
        foreach (StoredImage[] some in rows.Chunk(chunk ?? (copy ? 10_000 : 200)))
        {
            // Opened for each chunk: until the next one is embedded, the connection is free for others.
            await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
            written += copy
                ? await CopyAsync(connection, table, some, cancellationToken)
                : await InsertAsync(connection, table, some, cancellationToken);
        }
        // The planner chooses between an index and a scan by what it knows of the rows; autovacuum would tell it within a minute.
        await using NpgsqlCommand analyze = source.CreateCommand($"analyze {ImageTable.Name}");
        await analyze.ExecuteNonQueryAsync(cancellationToken);
        return written;
    }

    // One round trip and, as a batch has one end, one transaction.
    private static async Task<long> InsertAsync(
        NpgsqlConnection connection, ImageTable table, StoredImage[] rows, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (StoredImage row in rows)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                $"insert into {ImageTable.Name} ({Columns}) values ($1, $2, $3, $4, $5) {Update}")
            {
                Parameters =
                {
                    new() { Value = row.Path },
                    new() { Value = row.Scene ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                    new() { Value = row.Region ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                    new() { Value = row.Date },
                    new() { Value = table.Storage.Parameter(row.Embedding) },
                },
            });
        }
        return await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    // In PostgreSQL's binary format. COPY can't update, so rows go to a temporary table first, and from there into the table.
    private static async Task<long> CopyAsync(
        NpgsqlConnection connection, ImageTable table, StoredImage[] rows, CancellationToken cancellationToken)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var create = new NpgsqlCommand($"create temp table incoming (like {ImageTable.Name}) on commit drop", connection))
            await create.ExecuteNonQueryAsync(cancellationToken);
        await using (NpgsqlBinaryImporter importer = await connection.BeginBinaryImportAsync(
            $"copy incoming ({Columns}) from stdin (format binary)", cancellationToken))
        {
            foreach (StoredImage row in rows)
            {
                await importer.StartRowAsync(cancellationToken);
                await importer.WriteAsync(row.Path, NpgsqlDbType.Text, cancellationToken);
                await WriteTextAsync(importer, row.Scene, cancellationToken);
                await WriteTextAsync(importer, row.Region, cancellationToken);
                await importer.WriteAsync(row.Date, NpgsqlDbType.Date, cancellationToken);
                await importer.WriteAsync(table.Storage.Parameter(row.Embedding), cancellationToken);
            }
            await importer.CompleteAsync(cancellationToken);
        }
        await using var merge = new NpgsqlCommand(
            $"insert into {ImageTable.Name} ({Columns}) select {Columns} from incoming {Update}", connection) { CommandTimeout = 0 };
        int written = await merge.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return written;
    }

    private static Task WriteTextAsync(NpgsqlBinaryImporter importer, string? text, CancellationToken cancellationToken) => text is null
        ? importer.WriteNullAsync(cancellationToken)
        : importer.WriteAsync(text, NpgsqlDbType.Text, cancellationToken);
}
