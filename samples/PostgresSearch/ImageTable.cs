using Npgsql;
using Swan.MLNet.ModelFiles;

namespace PostgresSearch;

/// <summary>The table of images: how it is made, and what is asked of one that is there.</summary>
/// <remarks>
/// Embeddings of two models can't be compared, though they may have one length. So the table's comment names the model's fingerprint, and
/// <see cref="OpenAsync"/> refuses another one.
/// </remarks>
/// <param name="Storage">How it holds embeddings.</param>
internal sealed record ImageTable(Storage Storage)
{
    public const string Name = "swan_images";
    private const string Index = "swan_images_hnsw";
    private const string Comment = "embeddings of the SWAN model ";

    /// <summary>Makes the table, with an index for filters and none for embeddings: that is faster after loading.</summary>
    /// <param name="source">The server.</param>
    /// <param name="storage">How it holds embeddings.</param>
    /// <param name="model">The model whose embeddings it takes.</param>
    /// <param name="size">Their length.</param>
    /// <param name="replace">Drops a table that is there.</param>
    /// <param name="cancellationToken">Ends it; nothing is left behind.</param>
    /// <exception cref="PostgresSearchException">There is a table, or the server has no pgvector.</exception>
    public static async Task<ImageTable> CreateAsync(
        NpgsqlDataSource source, Storage storage, ModelIdentity model, int size, bool replace,
        CancellationToken cancellationToken = default)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (storage.NeedsPgvector) await CreateExtensionAsync(connection, cancellationToken);
        if (replace) await RunAsync(connection, $"drop table if exists {Name}", cancellationToken);
        else if (await ScalarAsync(connection, $"select to_regclass('{Name}')::text", cancellationToken) is string)
            throw new PostgresSearchException($"The table {Name} already exists. Add --replace to drop it and its rows.");
        await RunAsync(connection, $"""
            create table {Name} (
                path text primary key,
                scene text,
                region text,
                date date not null,
                embedding {storage.ColumnType(size)} not null)
            """, cancellationToken);
        await RunAsync(connection, $"create index on {Name} (region, date)", cancellationToken);
        await RunAsync(connection, $"comment on table {Name} is '{Comment}{model.Fingerprint}'", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        // Npgsql learned the server's types when it connected first. If the extension is new, vector was none of them.
        await connection.ReloadTypesAsync(cancellationToken);
        return new(storage);
    }

    /// <summary>Looks at the table that is there.</summary>
    /// <exception cref="PostgresSearchException">There is none, or its embeddings are another model's.</exception>
    public static async Task<ImageTable> OpenAsync(
        NpgsqlDataSource source, ModelIdentity model, CancellationToken cancellationToken = default)
    {
        await using NpgsqlCommand command = source.CreateCommand($"""
            select format_type(atttypid, atttypmod), obj_description(attrelid, 'pg_class')
            from pg_attribute where attrelid = to_regclass('{Name}') and attname = 'embedding'
            """);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            throw new PostgresSearchException($"There is no table {Name} with embeddings here. Run the command 'create' first.");
        string type = reader.GetString(0), comment = await reader.IsDBNullAsync(1, cancellationToken) ? "" : reader.GetString(1);
        if (comment != Comment + model.Fingerprint)
        {
            throw new PostgresSearchException(
                $"The comment of the table {Name} is '{comment}', but the model is {model}, {model.Fingerprint}. Scores "
                + "between two models mean nothing: give the table's model with --model, or create the table again and load it.");
        }
        return new(Storage.OfColumn(type)
            ?? throw new PostgresSearchException($"{Name}.embedding is of type {type}; expected vector, halfvec or real[]."));
    }

    /// <summary>Makes the HNSW index; rows that come later are added to it.</summary>
    /// <param name="source">The server.</param>
    /// <param name="neighbors">pgvector's m: links of a row in each layer.</param>
    /// <param name="candidates">pgvector's ef_construction: rows looked at for the links of a new one.</param>
    /// <param name="cancellationToken">Ends it; the table stays without index.</param>
    /// <returns>Bytes of the rows and of the index.</returns>
    public async Task<(long Rows, long Index)> BuildIndexAsync(
        NpgsqlDataSource source, int neighbors, int candidates, CancellationToken cancellationToken = default)
    {
        if (!Storage.NeedsPgvector)
            throw new PostgresSearchException("An index needs pgvector's types; this table holds real[]. Every search is exact.");
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
        await RunAsync(connection, $"drop index if exists {Index}", cancellationToken);
        // Minutes for millions of rows: no limit of time for one command.
        await RunAsync(connection, $"""
            create index {Index} on {Name} using hnsw (embedding {Storage.OperatorClass})
            with (m = {neighbors}, ef_construction = {candidates})
            """, cancellationToken, seconds: 0);
        return ((long)(await ScalarAsync(connection, $"select pg_table_size('{Name}')", cancellationToken))!,
            (long)(await ScalarAsync(connection, $"select pg_relation_size('{Index}')", cancellationToken))!);
    }

    /// <summary>Deletes rows; the index forgets theirs at the next vacuum.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<int> RemoveAsync(
        NpgsqlDataSource source, IReadOnlyCollection<string> paths, CancellationToken cancellationToken = default)
    {
        await using NpgsqlCommand command = source.CreateCommand($"delete from {Name} where path = any($1)");
        command.Parameters.Add(new() { Value = paths.ToArray() });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task CreateExtensionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await ScalarAsync(connection, "select 1 from pg_available_extensions where name = 'vector'", cancellationToken) is null)
        {
            throw new PostgresSearchException(
                "This server has no pgvector: 'vector' is not among its available extensions. Install it there, or create the table with "
                + "--type array, which supports everything but HNSW and is slow.");
        }
        await RunAsync(connection, "create extension if not exists vector", cancellationToken);
    }

    private static async Task RunAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken, int? seconds = null)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        if (seconds is { } limit) command.CommandTimeout = limit;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken) is var value and not DBNull ? value : null;
    }
}
