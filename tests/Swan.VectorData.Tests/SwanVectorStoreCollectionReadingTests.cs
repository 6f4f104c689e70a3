using System.Linq.Expressions;
using Microsoft.Extensions.VectorData;

namespace Swan.VectorData.Tests;

public sealed class SwanVectorStoreCollectionReadingTests : IAsyncLifetime
{
    private TileStore _tiles = null!;

    private VectorStoreCollection<string, Tile> Tiles => _tiles.Tiles;

    public async ValueTask InitializeAsync() => _tiles = await TileStore.WithFiveAsync();

    public ValueTask DisposeAsync()
    {
        _tiles.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_record_comes_back_by_its_key_as_it_was_stored()
    {
        Tile tile = (await Tiles.GetAsync("c", new RecordRetrievalOptions { IncludeVectors = true }))!;
        Assert.Equal(("c", "north", 55, (DateTimeOffset?)null, true), (tile.Key, tile.Region, tile.Clouds, tile.Taken, tile.IsNight));
        Assert.Equal(Tile.Five()[2].Embedding.ToArray(), tile.Embedding.ToArray());
        Assert.Equal("none", tile.Note);
        Assert.Null((await Tiles.GetAsync("d"))!.Region);
        Assert.Equal(Tile.Day(4), (await Tiles.GetAsync("d"))!.Taken);
    }

    [Fact]
    public async Task Vectors_come_only_when_they_are_asked_for()
    {
        Assert.True((await Tiles.GetAsync("a"))!.Embedding.IsEmpty);
        Assert.True((await Tiles.GetAsync("a", new RecordRetrievalOptions()))!.Embedding.IsEmpty);
        Assert.All(await Tiles.GetAsync(["a", "b"]).ToListAsync(), tile => Assert.True(tile.Embedding.IsEmpty));
        var vectors = new FilteredRecordRetrievalOptions<Tile> { IncludeVectors = true };
        Assert.All(await Tiles.GetAsync(t => true, 9, vectors).ToListAsync(), tile => Assert.Equal(4, tile.Embedding.Length));
    }

    [Fact]
    public async Task A_key_that_no_record_has_gives_null()
    {
        Assert.Null(await Tiles.GetAsync("A"));
        Assert.Null(await Tiles.GetAsync(""));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Tiles.GetAsync((string)null!));
    }

    [Fact]
    public async Task Records_come_in_the_order_of_their_keys_without_those_that_are_missing()
    {
        Assert.Equal(["e", "a", "a", "c"], await Tiles.GetAsync(["e", "x", "a", "a", "c"]).Select(t => t.Key).ToListAsync());
        Assert.Empty(await Tiles.GetAsync(Array.Empty<string>()).ToListAsync());
        Assert.Throws<ArgumentNullException>(() => Tiles.GetAsync((IEnumerable<string>)null!));
        Assert.Throws<ArgumentException>(() => Tiles.GetAsync(["a", null!]));
    }

    [Fact]
    public async Task A_filter_finds_records_by_their_properties()
    {
        string[] regions = ["south", "west"];
        int most = 10;
        Assert.Equal(["a", "c", "e"], await KeysAsync(t => t.Region == "north"));
        Assert.Equal(["a", "e"], await KeysAsync(t => t.Region == "north" && t.Clouds <= most));
        Assert.Equal(["b", "d"], await KeysAsync(t => regions.Contains(t.Region) || t.Clouds == 100));
        Assert.Equal(["b", "e"], await KeysAsync(t => t.Taken >= Tile.Day(2) && t.Taken < Tile.Day(4)));
        Assert.Equal(["c"], await KeysAsync(t => t.IsNight));
        Assert.Equal(["a", "b", "d", "e"], await KeysAsync(t => !t.IsNight));
        Assert.Equal(["d"], await KeysAsync(t => t.Region == null));
        Assert.Equal(["b"], await KeysAsync(t => t.Region!.StartsWith("so", StringComparison.Ordinal)));
        Assert.Equal(["a", "b", "c", "d", "e"], await KeysAsync(t => true));
        Assert.Empty(await KeysAsync(t => false));
    }

    [Fact]
    public async Task A_comparison_with_a_missing_value_is_false()
    {
        Assert.Equal(["b"], await KeysAsync(t => t.Region != "north"));
        Assert.Equal(["b", "d"], await KeysAsync(t => !(t.Region == "north")));
    }

    [Fact]
    public async Task Top_and_skip_cut_a_page_out_of_what_passes()
    {
        Assert.Equal(["a", "c"], await KeysAsync(t => t.Region == "north", top: 2));
        Assert.Equal(["c", "e"], await KeysAsync(t => t.Region == "north", options: new() { Skip = 1 }));
        Assert.Empty(await KeysAsync(t => t.Region == "north", options: new() { Skip = 3 }));
        Assert.Equal(5, (await KeysAsync(t => true, top: int.MaxValue)).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => Tiles.GetAsync(t => true, 0));
        Assert.Throws<ArgumentNullException>(() => Tiles.GetAsync((Expression<Func<Tile, bool>>)null!, 1));
    }

    [Fact]
    public async Task Records_are_ordered_by_data_and_by_keys()
    {
        Assert.Equal(["b", "e", "a", "c", "d"], await KeysAsync(t => true, options: new() { OrderBy = o => o.Ascending(t => t.Clouds) }));
        Assert.Equal(["d", "c", "a", "b", "e"], await KeysAsync(t => true, options: new() { OrderBy = o => o.Descending(t => t.Clouds) }));
        Assert.Equal(["e", "d", "c", "b", "a"], await KeysAsync(t => true, options: new() { OrderBy = o => o.Descending(t => t.Key) }));
        Assert.Equal(
            ["d", "e", "c", "a", "b"],
            await KeysAsync(t => true, options: new() { OrderBy = o => o.Ascending(t => t.Region).Descending(t => t.Key) }));
        // A missing date comes first.
        Assert.Equal(["c", "a", "b", "e", "d"], await KeysAsync(t => true, options: new() { OrderBy = o => o.Ascending(t => t.Taken) }));
        Assert.Equal(
            ["a", "c"],
            await KeysAsync(t => true, top: 2, options: new() { Skip = 2, OrderBy = o => o.Ascending(t => t.Clouds) }));
    }

    [Fact]
    public void What_has_no_order_or_no_filter_is_refused_by_name()
    {
        Assert.Contains(
            "'Embedding'",
            Assert.Throws<NotSupportedException>(
                () => Tiles.GetAsync(t => true, 1, new() { OrderBy = o => o.Ascending(t => t.Embedding) })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "'Note'",
            Assert.Throws<NotSupportedException>(() => Tiles.GetAsync(t => t.Note == "none", 1)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "Use GetAsync to get records by key",
            Assert.Throws<NotSupportedException>(() => Tiles.GetAsync(t => t.Key == "a", 1)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "t.Clouds % 2",
            Assert.Throws<NotSupportedException>(() => Tiles.GetAsync(t => t.Clouds % 2 == 0, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_enumerated_stays_as_it_was_when_the_enumeration_began()
    {
        await using IAsyncEnumerator<Tile> all = Tiles.GetAsync(t => true, 9).GetAsyncEnumerator();
        Assert.True(await all.MoveNextAsync());
        await Tiles.DeleteAsync(["b", "c", "d", "e"]);
        var keys = new List<string> { all.Current.Key };
        while (await all.MoveNextAsync()) keys.Add(all.Current.Key);
        Assert.Equal(["a", "b", "c", "d", "e"], keys);
        Assert.Equal(["a"], await KeysAsync(t => true));
    }

    [Fact]
    public async Task Canceled_reads_end()
    {
        var canceled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Tiles.GetAsync("a", cancellationToken: canceled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Tiles.GetAsync(["a"], cancellationToken: canceled).ToListAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Tiles.GetAsync(t => true, 1, cancellationToken: canceled).ToListAsync());
    }

    private async Task<string[]> KeysAsync(
        Expression<Func<Tile, bool>> filter, int top = 9, FilteredRecordRetrievalOptions<Tile>? options = null) =>
        [.. await Tiles.GetAsync(filter, top, options).Select(t => t.Key).ToListAsync()];
}
