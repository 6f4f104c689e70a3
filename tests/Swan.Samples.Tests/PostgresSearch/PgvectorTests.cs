using System.Globalization;

namespace Swan.Samples.Tests.PostgresSearch;

/// <summary>The sample's commands on a server with pgvector.</summary>
public sealed class PgvectorTests(PgliteServer server) : IClassFixture<PgliteServer>, IDisposable
{
    private readonly Gallery _gallery = new();

    public void Dispose() => _gallery.Dispose();

    [Theory]
    [InlineData("vector", "vector(6)", 0.0006)]
    [InlineData("halfvec", "halfvec(6)", 0.0015)]
    public async Task A_search_gives_the_models_own_scores_from(string type, string column, double tolerance)
    {
        string connection = server.Connect();
        Assert.Contains(column, await _gallery.RunAsync(connection, "create", "--replace", "--type", type), StringComparison.Ordinal);
        string loaded = await _gallery.RunAsync(connection, "load", "--images", _gallery.Images);
        Assert.Contains("5 images embedded and written by insert", loaded, StringComparison.Ordinal);
        Assert.Contains("1 of the files can't be read", loaded, StringComparison.Ordinal);

        string[] exact = Gallery.Lines(await _gallery.RunAsync(connection, "search", "green river bridge", "--exact"));
        (double Score, string Path)[] expected = _gallery.Expected("green river bridge", Gallery.Paths);
        Assert.Equal(expected.Select(hit => hit.Path), exact.Select(line => line.Split("  ")[1].Trim()));
        Assert.All(expected.Zip(exact), pair =>
            Assert.Equal(pair.First.Score, double.Parse(pair.Second[..6], CultureInfo.InvariantCulture), tolerance));

        Assert.Contains("HNSW index in", await _gallery.RunAsync(connection, "index"), StringComparison.Ordinal);
        Assert.Equal(exact, Gallery.Lines(await _gallery.RunAsync(connection, "search", "green river bridge")));
    }

    [Fact]
    public async Task Filters_see_scene_region_and_date_of_each_image()
    {
        string connection = await LoadedAsync();
        Assert.Equal(["north/bridge_2.png"],
            await _gallery.SearchAsync(connection, "river", "--where", "date >= '2025-01-11' and region = 'north'"));
        Assert.Equal(["south/harbor_1.png", "south/harbor_2.png"],
            (await _gallery.SearchAsync(connection, "river", "--where", "scene = 'harbor'")).Order());
        Assert.Equal(["photo.png"], await _gallery.SearchAsync(connection, "river", "--where", "region is null and scene is null"));
        Assert.Equal(2, (await _gallery.SearchAsync(connection, "river", "--top", "2")).Length);
    }

    [Fact]
    public async Task An_image_as_the_query_finds_itself_first()
    {
        string connection = await LoadedAsync();
        string first = Gallery.Lines(await _gallery.RunAsync(
            connection, "search", "--image", Path.Combine(_gallery.Images, "south", "harbor_1.png")))[0];
        Assert.StartsWith("1.000  south/harbor_1.png", first, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Loading_again_updates_rows_and_remove_deletes_them()
    {
        string connection = await LoadedAsync();
        _gallery.Write("photo.png", seed: 3, "2026-02-02"); // now the same picture as south/harbor_1.png
        await _gallery.RunAsync(connection, "load", "--images", _gallery.Images);
        string[] likeHarbor = await _gallery.SearchAsync(
            connection, "--image", Path.Combine(_gallery.Images, "south", "harbor_1.png"), "--top", "2");
        Assert.Equal(["photo.png", "south/harbor_1.png"], likeHarbor); // equal scores, by path
        Assert.Equal(["photo.png"], await _gallery.SearchAsync(connection, "river", "--where", "date > '2026-01-01'"));

        Assert.Contains("1 of 2 removed", await _gallery.RunAsync(connection, "remove", "photo.png", "none.png"), StringComparison.Ordinal);
        Assert.Equal(Gallery.Paths.Except(["photo.png"]), (await _gallery.SearchAsync(connection, "river")).Order());
    }

    [Fact]
    public async Task Copy_is_refused_where_the_server_would_drop_the_connection()
    {
        string connection = await LoadedAsync();
        string errors = await _gallery.FailAsync(connection, "load", "--images", _gallery.Images, "--by", "copy");
        Assert.Contains("Load with --by insert", errors, StringComparison.Ordinal);
        Assert.Equal(5, (await _gallery.SearchAsync(connection, "river")).Length);
    }

    private async Task<string> LoadedAsync()
    {
        string connection = server.Connect();
        await _gallery.RunAsync(connection, "create", "--replace");
        await _gallery.RunAsync(connection, "index");
        await _gallery.RunAsync(connection, "load", "--images", _gallery.Images);
        return connection;
    }
}
