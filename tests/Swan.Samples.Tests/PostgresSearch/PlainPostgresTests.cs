using Npgsql;
using PostgresSearch;

namespace Swan.Samples.Tests.PostgresSearch;

/// <summary>The sample's commands on a server without pgvector: binary COPY, filters, updates, transactions.</summary>
public sealed class PlainPostgresTests(DebianServer server) : IClassFixture<DebianServer>, IDisposable
{
    // Ends the search's statement, and completes what is left of it.
    private const string Injection =
        "true) limit 1) select 1; drop table swan_images; with found as (select *, 1 as score from swan_images where (true";

    private readonly Gallery _gallery = new();

    public void Dispose() => _gallery.Dispose();

    [Theory]
    [InlineData("copy")]
    [InlineData("insert")]
    public async Task Rows_can_be_loaded_updated_found_and_removed_by(string way)
    {
        string connection = server.Connect();
        await _gallery.RunAsync(connection, "create", "--replace", "--type", "array");
        Assert.Contains($"5 images embedded and written by {way}",
            await _gallery.RunAsync(connection, "load", "--images", _gallery.Images, "--by", way), StringComparison.Ordinal);
        Assert.Equal(_gallery.Expected("planes", Gallery.Paths).Select(hit => hit.Path), await _gallery.SearchAsync(connection, "planes"));
        Assert.Equal(["north/bridge_2.png"],
            await _gallery.SearchAsync(connection, "planes", "--where", "date >= '2025-01-11' and region = 'north'"));

        _gallery.Write("photo.png", seed: 9, "2026-02-02");
        await _gallery.RunAsync(connection, "load", "--images", _gallery.Images, "--by", way);
        Assert.Equal(["photo.png"], await _gallery.SearchAsync(connection, "planes", "--where", "date > '2026-01-01'"));
        Assert.Equal(_gallery.Expected("planes", Gallery.Paths).Select(hit => hit.Path), await _gallery.SearchAsync(connection, "planes"));
        await _gallery.RunAsync(connection, "remove", "photo.png");
        Assert.DoesNotContain("photo.png", await _gallery.SearchAsync(connection, "planes"));
    }

    [Fact]
    public async Task Copy_is_what_a_server_that_takes_it_gets()
    {
        string connection = server.Connect();
        await _gallery.RunAsync(connection, "create", "--replace", "--type", "array");
        Assert.Contains("written by copy",
            await _gallery.RunAsync(connection, "load", "--images", _gallery.Images), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_chunk_that_fails_leaves_the_chunks_before_and_nothing_of_itself(bool copy)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.Connect());
        ImageTable table = await ImageTable.CreateAsync(
            source, Storage.RealArray, Gallery.OtherModel, TinyModel.EmbeddingSize, replace: true);
        StoredImage[] rows = [.. Enumerable.Range(0, 6)
            .Select(i => new StoredImage($"{i}", null, null, new DateOnly(2025, 1, 1), new float[i == 4 ? 5 : TinyModel.EmbeddingSize]))];
        await Assert.ThrowsAsync<PostgresException>(() => RowWriter.WriteAsync(source, table, rows, copy, chunk: 3));
        await using NpgsqlCommand command = source.CreateCommand("select string_agg(path, ',' order by path) from swan_images");
        Assert.Equal("0,1,2", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Without_pgvector_create_says_what_to_do_and_makes_nothing()
    {
        string connection = server.Connect();
        string errors = await _gallery.FailAsync(connection, "create", "--replace", "--type", "halfvec");
        Assert.Contains("has no pgvector", errors, StringComparison.Ordinal);
        Assert.Contains("--type array", errors, StringComparison.Ordinal);
        await _gallery.RunAsync(connection, "create", "--replace", "--type", "array");
        Assert.Contains("needs pgvector's types", await _gallery.FailAsync(connection, "index"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_is_there_is_dropped_only_when_asked()
    {
        string connection = server.Connect();
        await _gallery.RunAsync(connection, "create", "--replace", "--type", "array");
        await _gallery.RunAsync(connection, "load", "--images", _gallery.Images);
        Assert.Contains("--replace", await _gallery.FailAsync(connection, "create", "--type", "array"), StringComparison.Ordinal);
        Assert.Equal(5, (await _gallery.SearchAsync(connection, "planes")).Length);
    }

    [Fact]
    public async Task Embeddings_of_another_model_are_not_mixed_in()
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.Connect());
        await ImageTable.CreateAsync(source, Storage.RealArray, Gallery.OtherModel, TinyModel.EmbeddingSize, replace: true);
        Assert.Contains("Scores between two models mean nothing",
            await _gallery.FailAsync(server.Connect(), "load", "--images", _gallery.Images), StringComparison.Ordinal);
        Assert.Contains("Scores between two models mean nothing",
            await _gallery.FailAsync(server.Connect(), "search", "planes"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing = 1", "column \"nothing\" does not exist")]
    [InlineData("nextval('counter') > 0", "read-only transaction")]
    [InlineData(Injection, "cannot insert multiple commands")]
    public async Task A_filter_that_is_wrong_or_would_write_is_an_error(string where, string expected)
    {
        string connection = server.Connect();
        await _gallery.RunAsync(connection, "create", "--replace", "--type", "array");
        await _gallery.RunAsync(connection, "load", "--images", _gallery.Images);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connection);
        await using NpgsqlCommand sequence = source.CreateCommand("create sequence if not exists counter");
        await sequence.ExecuteNonQueryAsync();
        Assert.Contains(expected, await _gallery.FailAsync(connection, "search", "planes", "--where", where), StringComparison.Ordinal);
        Assert.Equal(5, (await _gallery.SearchAsync(connection, "planes")).Length);
    }
}
