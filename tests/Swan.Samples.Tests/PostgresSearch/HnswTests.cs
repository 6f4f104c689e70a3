using Npgsql;
using PostgresSearch;

namespace Swan.Samples.Tests.PostgresSearch;

/// <summary>HNSW beside the exact search on 2,000 random rows, of which a filter without an index of its own leaves 20.</summary>
public sealed class HnswTests(PgliteServer server) : IClassFixture<PgliteServer>
{
    private const int Rows = 2000, Size = 6;

    [Fact]
    public async Task HNSW_finds_nearly_what_the_exact_search_finds()
    {
        await using NpgsqlDataSource source = await WithoutScans();
        ImageTable table = await FilledAsync(source, Storage.Vector);
        var shares = new List<double>();
        for (int seed = 1000; seed < 1020; seed++)
        {
            SearchRequest request = new(UnitVector(seed));
            string[] found = await PathsAsync(source, table, request),
                exact = await PathsAsync(source, table, request with { Exact = true });
            Assert.Equal(10, exact.Length);
            shares.Add(found.Intersect(exact).Count() / 10.0);
        }
        Assert.InRange(shares.Average(), 0.9, 1);
        Assert.Contains(await ImageSearch.ExplainAsync(source, table, new(UnitVector(1))),
            line => line.Contains("Index Scan using swan_images_hnsw", StringComparison.Ordinal));
        Assert.DoesNotContain(await ImageSearch.ExplainAsync(source, table, new(UnitVector(1), Exact: true)),
            line => line.Contains("hnsw", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("strict_order")]
    [InlineData("relaxed_order")]
    public async Task A_filtered_HNSW_search_needs_the_iterative_scan(string scan)
    {
        await using NpgsqlDataSource source = await WithoutScans();
        ImageTable table = await FilledAsync(source, Storage.Halfvec);
        SearchRequest request = new(UnitVector(5), Where: "scene = 's7'", Candidates: 40);
        string[] exact = await PathsAsync(source, table, request with { Exact = true }),
            off = await PathsAsync(source, table, request with { IterativeScan = "off" });
        List<FoundImage> on = await ImageSearch.FindAsync(source, table, request with { IterativeScan = scan });

        Assert.Equal(10, exact.Length);
        Assert.InRange(off.Length, 0, 5); // of 40 candidates, one in a hundred passes
        Assert.Equal(10, on.Count);
        Assert.True(on.Select(hit => hit.Path).Intersect(exact).Count() >= 9);
        Assert.Equal(on.OrderByDescending(hit => hit.Score).Select(hit => hit.Path), on.Select(hit => hit.Path));
    }

    [Fact]
    public async Task A_search_leaves_a_pooled_connections_settings_as_they_were()
    {
        await using NpgsqlDataSource source = await WithoutScans();
        ImageTable table = await FilledAsync(source, Storage.Vector);
        await ImageSearch.FindAsync(source, table, new(UnitVector(1), Candidates: 77));
        foreach ((string setting, string expected) in
            (IEnumerable<(string, string)>)[("hnsw.ef_search", "40"), ("hnsw.iterative_scan", "off"), ("transaction_read_only", "off")])
        {
            await using NpgsqlCommand command = source.CreateCommand($"select current_setting('{setting}')");
            Assert.Equal(expected, await command.ExecuteScalarAsync());
        }
    }

    // The planner reads a small table from end to end, and rightly so; here it must not.
    private async Task<NpgsqlDataSource> WithoutScans()
    {
        var builder = new NpgsqlDataSourceBuilder($"{server.Connect()};Maximum Pool Size=1;No Reset On Close=true");
        builder.UseVector();
        NpgsqlDataSource source = builder.Build();
        foreach (string setting in (string[])["enable_seqscan", "enable_bitmapscan"])
        {
            await using NpgsqlCommand command = source.CreateCommand($"set {setting} = off");
            await command.ExecuteNonQueryAsync();
        }
        return source;
    }

    // One data source from the extension to the last row: its types are read again after the extension is made.
    private static async Task<ImageTable> FilledAsync(NpgsqlDataSource source, Storage storage)
    {
        ImageTable table = await ImageTable.CreateAsync(source, storage, Gallery.OtherModel, Size, replace: true);
        IEnumerable<StoredImage> rows = Enumerable.Range(0, Rows)
            .Select(i => new StoredImage($"{i:D4}", $"s{i % 100}", "noise", new DateOnly(2025, 1, 1), UnitVector(i + 10_000)));
        Assert.Equal(Rows, await RowWriter.WriteAsync(source, table, rows, copy: false));
        await table.BuildIndexAsync(source, neighbors: 16, candidates: 64);
        return table;
    }

    private static async Task<string[]> PathsAsync(NpgsqlDataSource source, ImageTable table, SearchRequest request) =>
        [.. (await ImageSearch.FindAsync(source, table, request)).Select(hit => hit.Path)];

    private static float[] UnitVector(int seed)
    {
        var random = new Random(seed * 7919);
        double[] values = [.. Enumerable.Range(0, Size).Select(_ => random.NextDouble() - 0.5)];
        double norm = Math.Sqrt(values.Sum(v => v * v));
        return Array.ConvertAll(values, v => (float)(v / norm));
    }
}
