using Microsoft.Extensions.VectorData;
using Swan.MLNet.Search;

namespace Swan.VectorData.Tests;

public sealed class SwanVectorStoreCollectionWritingTests : IAsyncLifetime
{
    private TileStore _tiles = null!;

    private VectorStoreCollection<string, Tile> Tiles => _tiles.Tiles;

    public async ValueTask InitializeAsync() =>
        _tiles = await TileStore.WithFiveAsync(new SwanVectorStoreOptions { WriterTimeout = TimeSpan.FromMilliseconds(50) });

    public ValueTask DisposeAsync()
    {
        _tiles.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_record_replaces_the_one_that_has_its_key()
    {
        await Tiles.UpsertAsync(new Tile { Key = "a", Region = "east", Embedding = Tile.Towards(0, -1) });
        Tile tile = (await Tiles.GetAsync("a", new RecordRetrievalOptions { IncludeVectors = true }))!;
        Assert.Equal(("east", 0, (DateTimeOffset?)null), (tile.Region, tile.Clouds, tile.Taken));
        Assert.Equal([0f, -1, 0, 0], tile.Embedding.ToArray());
        Assert.Equal(5, await Tiles.GetAsync(t => true, 9).CountAsync());
    }

    [Fact]
    public async Task Of_several_records_with_one_key_the_last_stays()
    {
        await Tiles.UpsertAsync([Of("f", "one"), Of("f", "two"), Of("f", "three")]);
        Assert.Equal("three", (await Tiles.GetAsync("f"))!.Region);
    }

    [Fact]
    public async Task A_batch_with_a_record_that_cant_be_stored_changes_nothing()
    {
        Tile[] wrong =
        [
            new() { Key = "g", Embedding = new float[] { 1, 0, 0 } },
            new() { Key = "g" },
            new() { Key = "g", Embedding = new float[] { 0, 0, 0, 0 } },
            new() { Key = "g", Embedding = new float[] { float.NaN, 0, 0, 0 } },
            new() { Key = "", Embedding = Tile.Towards(1, 0) },
            new() { Key = null!, Embedding = Tile.Towards(1, 0) },
            new() { Key = "g", Region = "half \uD83D", Embedding = Tile.Towards(1, 0) },
        ];
        string[] reasons =
        [
            "has 3 values; expected 4", "has 0 values; expected 4", "has no direction", "has no direction", "key", "'Key' is null",
            "'Region'",
        ];
        foreach ((Tile tile, string reason) in wrong.Zip(reasons))
        {
            var e = await Assert.ThrowsAsync<VectorStoreException>(() => Tiles.UpsertAsync([Of("a", "changed"), tile]));
            Assert.Contains(reason, e.Message, StringComparison.Ordinal);
            Assert.Equal("Upsert", e.OperationName);
        }
        Assert.Equal("north", (await Tiles.GetAsync("a"))!.Region);
        Assert.Equal(5, await Tiles.GetAsync(t => true, 9).CountAsync());
    }

    [Fact]
    public async Task Null_is_no_record_and_no_key()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(() => Tiles.UpsertAsync((Tile)null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Tiles.UpsertAsync((IEnumerable<Tile>)null!));
        await Assert.ThrowsAsync<ArgumentException>(() => Tiles.UpsertAsync([Of("f", "x"), null!]));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Tiles.DeleteAsync((string)null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Tiles.DeleteAsync((IEnumerable<string>)null!));
        await Assert.ThrowsAsync<ArgumentException>(() => Tiles.DeleteAsync(["a", null!]));
        await Tiles.UpsertAsync(Array.Empty<Tile>());
        await Tiles.DeleteAsync(Array.Empty<string>());
        Assert.Equal(5, await Tiles.GetAsync(t => true, 9).CountAsync());
    }

    [Fact]
    public async Task Records_are_removed_by_their_keys_and_missing_ones_are_passed_over()
    {
        await Tiles.DeleteAsync("a");
        await Tiles.DeleteAsync("a");
        await Tiles.DeleteAsync(["b", "x", "", "c", "b"]);
        Assert.Equal(["d", "e"], await Tiles.GetAsync(t => true, 9).Select(t => t.Key).ToListAsync());
    }

    [Fact]
    public async Task Writes_that_come_at_the_same_time_take_turns()
    {
        using VectorStore other = new SwanVectorStore(_tiles.Folder);
        VectorStoreCollection<string, Tile> second = other.GetCollection<string, Tile>("tiles");
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => (i % 2 == 0 ? Tiles : second).UpsertAsync(Of($"new {i}", "new"))));
        // Each store sees the other's writes within its interval; one that is opened now sees all.
        using VectorStore now = new SwanVectorStore(_tiles.Folder);
        Assert.Equal(12, await now.GetCollection<string, Tile>("tiles").GetAsync(t => t.Region == "new", 99).CountAsync());
    }

    [Fact]
    public async Task Records_that_are_written_one_by_one_dont_make_a_file_each()
    {
        for (int i = 0; i < 30; i++) await Tiles.UpsertAsync(Of($"new {i}", "new"));
        Assert.InRange(Directory.GetFiles(Path.Combine(_tiles.Folder, "tiles", "segments"), "*.segment").Length, 1, 14);
        Assert.Equal(30, await Tiles.GetAsync(t => t.Region == "new", 99).CountAsync());
    }

    [Fact]
    public async Task A_writer_of_another_program_is_named_after_the_timeout()
    {
        using var index = SwanLiveIndex.Open(Path.Combine(_tiles.Folder, "tiles"));
        using (index.OpenWriter(new SwanIndexWriterOptions { Program = "the other program" }))
        {
            var e = await Assert.ThrowsAsync<VectorStoreException>(() => Tiles.UpsertAsync(Of("f", "x")));
            Assert.Contains($"process {Environment.ProcessId} (the other program)", e.Message, StringComparison.Ordinal);
            Assert.IsType<SwanIndexLockedException>(e.InnerException);
            await Assert.ThrowsAsync<VectorStoreException>(() => Tiles.DeleteAsync("a"));
            await Assert.ThrowsAsync<VectorStoreException>(() => Tiles.EnsureCollectionDeletedAsync());
            Assert.NotNull(await Tiles.GetAsync("a"));
        }
        await Tiles.UpsertAsync(Of("f", "x"));
    }

    [Fact]
    public async Task A_write_waits_for_a_writer_of_another_program()
    {
        using VectorStore patient = new SwanVectorStore(
            _tiles.Folder, new SwanVectorStoreOptions { WriterTimeout = Timeout.InfiniteTimeSpan, RefreshInterval = TimeSpan.Zero });
        using var index = SwanLiveIndex.Open(Path.Combine(_tiles.Folder, "tiles"));
        SwanIndexWriter writer = index.OpenWriter();
        Task waiting = patient.GetCollection<string, Tile>("tiles").UpsertAsync(Of("f", "x"));
        writer.Remove("a");
        writer.Commit();
        Assert.False(waiting.IsCompleted);
        writer.Dispose();
        await waiting;
        VectorStoreCollection<string, Tile> same = patient.GetCollection<string, Tile>("tiles");
        Assert.Null(await same.GetAsync("a"));
        Assert.Equal("x", (await same.GetAsync("f"))!.Region);
    }

    [Fact]
    public async Task A_canceled_write_changes_nothing_and_a_wait_for_the_turn_ends()
    {
        var canceled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Tiles.UpsertAsync(Of("f", "x"), canceled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Tiles.DeleteAsync("a", canceled));
        using VectorStore patient =
            new SwanVectorStore(_tiles.Folder, new SwanVectorStoreOptions { WriterTimeout = Timeout.InfiniteTimeSpan });
        using var index = SwanLiveIndex.Open(Path.Combine(_tiles.Folder, "tiles"));
        using SwanIndexWriter writer = index.OpenWriter();
        using var canceling = new CancellationTokenSource();
        VectorStoreCollection<string, Tile> tiles = patient.GetCollection<string, Tile>("tiles");
        Task first = tiles.UpsertAsync(Of("f", "x"), canceling.Token), second = tiles.DeleteAsync("a", canceling.Token);
        await canceling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.NotNull(await Tiles.GetAsync("a"));
        Assert.Null(await Tiles.GetAsync("f"));
    }

    private static Tile Of(string key, string region) => new() { Key = key, Region = region, Embedding = Tile.Towards(0.6f, 0.8f) };
}
