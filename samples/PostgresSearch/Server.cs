using Npgsql;

namespace PostgresSearch;

/// <summary>A server, and what of it decides which statements it takes.</summary>
/// <param name="Source">Connections to it; with pgvector's types, where the server has them.</param>
/// <param name="Version">As it says itself.</param>
internal sealed record Server(NpgsqlDataSource Source, string Version) : IAsyncDisposable
{
    /// <summary>PGlite breaks a connection that copies: its socket answers each message at once, and COPY's data are no message.</summary>
    public bool TakesCopy => !Version.Contains("PGlite", StringComparison.Ordinal);

    /// <summary>Connects.</summary>
    /// <param name="connection">As Npgsql takes it, such as <c>Host=localhost;Username=me;Database=images</c>.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<Server> ConnectAsync(string connection, CancellationToken cancellationToken = default)
    {
        var builder = new NpgsqlDataSourceBuilder(connection);
        builder.UseVector(); // a server without pgvector is not bothered by it
        NpgsqlDataSource source = builder.Build();
        try
        {
            await using NpgsqlCommand command = source.CreateCommand("select version()");
            return new(source, (string)(await command.ExecuteScalarAsync(cancellationToken))!);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
