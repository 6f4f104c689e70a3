namespace Swan.Samples.Tests.PostgresSearch;

/// <summary>PGlite with pgvector behind a socket, for the tests of a class: PostgreSQL as WebAssembly, one session, no COPY.</summary>
public sealed class PgliteServer : NpmServer
{
    protected override string Script => "node_modules/@electric-sql/pglite-socket/dist/scripts/server.js";

    protected override IEnumerable<string> Arguments =>
        ["--port=0", "--host=127.0.0.1", "--extensions=@electric-sql/pglite-pgvector:vector", "--max-connections=4"];

    // PGliteSocketServer listening on {"port":41234,"host":"127.0.0.1"}
    protected override string BeforePort => "\"port\":";

    public string Connect() =>
        $"Host=127.0.0.1;Port={Address.Port};Username=postgres;Database=postgres;SSL Mode=Disable;GSS Encryption Mode=Disable";
}
