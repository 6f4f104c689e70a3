using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace Swan.VectorData.Tests;

public sealed class SwanVectorStoreCollectionSearchTests : IAsyncLifetime
{
    private TileStore _tiles = null!;

    // As code would take it that knows nothing of the store.
    private IVectorSearchable<Tile> Tiles => _tiles.Tiles;

    public async ValueTask InitializeAsync() => _tiles = await TileStore.WithFiveAsync();

    public ValueTask DisposeAsync()
    {
        _tiles.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Records_come_by_falling_cosine_with_their_scores()
    {
        List<VectorSearchResult<Tile>> found = await Tiles.SearchAsync(Tile.Towards(1, 0), 5).ToListAsync();
        Assert.Equal(["a", "b", "c", "d", "e"], found.Select(hit => hit.Record.Key));
        Assert.Equal([1, 0.8, 0.6, 0, -1], found.Select(hit => Math.Round(hit.Score!.Value, 6)));
        Assert.Equal(("south", 0), (found[1].Record.Region, found[1].Record.Clouds));
        Assert.All(found, hit => Assert.True(hit.Record.Embedding.IsEmpty));
    }

    [Fact]
    public async Task A_query_may_be_any_kind_of_embedding_and_of_any_length()
    {
        Assert.Equal(["d"], await KeysAsync(Tile.Towards(0, 7), 1));
        Assert.Equal(["d"], await KeysAsync(new float[] { 0, 7, 0, 0 }, 1));
        Assert.Equal(["d"], await KeysAsync(new Embedding<float>(Tile.Towards(0, 1)), 1));
        Assert.Equal(["d"], await KeysAsync((object)Tile.Towards(0, 1), 1));
    }

    [Fact]
    public async Task Vectors_come_when_they_are_asked_for()
    {
        List<VectorSearchResult<Tile>> found =
            await Tiles.SearchAsync(Tile.Towards(1, 0), 2, new() { IncludeVectors = true }).ToListAsync();
        Assert.Equal([0.8f, 0.6f, 0, 0], found[1].Record.Embedding.ToArray());
    }

    [Fact]
    public async Task A_filter_decides_what_can_be_found_and_not_what_is_left_of_it()
    {
        Assert.Equal(["a", "c"], await KeysAsync(Tile.Towards(1, 0), 2, new() { Filter = t => t.Region == "north" }));
        Assert.Equal(["e"], await KeysAsync(Tile.Towards(1, 0), 2, new() { Filter = t => t.Region == "north" && t.Taken > Tile.Day(1) }));
        Assert.Empty(await KeysAsync(Tile.Towards(1, 0), 2, new() { Filter = t => t.Clouds > 100 }));
    }

    [Fact]
    public async Task Pages_follow_each_other()
    {
        Assert.Equal(["b", "c"], await KeysAsync(Tile.Towards(1, 0), 2, new() { Skip = 1 }));
        Assert.Equal(["e"], await KeysAsync(Tile.Towards(1, 0), 3, new() { Skip = 4 }));
        Assert.Empty(await KeysAsync(Tile.Towards(1, 0), 3, new() { Skip = 5 }));
    }

    [Fact]
    public async Task A_threshold_is_the_lowest_score_and_the_same_score_passes()
    {
        double second = (await Tiles.SearchAsync(Tile.Towards(1, 0), 2).LastAsync()).Score!.Value;
        Assert.Equal(["a", "b"], await KeysAsync(Tile.Towards(1, 0), 5, new() { ScoreThreshold = second }));
        Assert.Equal(["a"], await KeysAsync(Tile.Towards(1, 0), 5, new() { ScoreThreshold = Math.BitIncrement(second) }));
        Assert.Equal(["b"], await KeysAsync(Tile.Towards(1, 0), 5, new() { ScoreThreshold = second, Skip = 1 }));
        Assert.Empty(await KeysAsync(Tile.Towards(1, 0), 5, new() { ScoreThreshold = 7 }));
        Assert.Equal(5, (await KeysAsync(Tile.Towards(1, 0), 5, new() { ScoreThreshold = -7 })).Length);
    }

    [Fact]
    public async Task Cosine_distances_rise_and_their_threshold_is_the_highest()
    {
        VectorStoreCollection<object, Dictionary<string, object?>> tiles = await WithFunctionAsync(DistanceFunction.CosineDistance);
        List<VectorSearchResult<Dictionary<string, object?>>> found = await tiles.SearchAsync(Tile.Towards(1, 0), 5).ToListAsync();
        Assert.Equal([0, 0.2, 0.4, 1, 2], found.Select(hit => Math.Round(hit.Score!.Value, 6)));
        double third = found[2].Score!.Value;
        Assert.Equal(3, await tiles.SearchAsync(Tile.Towards(1, 0), 5, new() { ScoreThreshold = third }).CountAsync());
        Assert.Equal(2, await tiles.SearchAsync(Tile.Towards(1, 0), 5, new() { ScoreThreshold = Math.BitDecrement(third) }).CountAsync());
    }

    [Fact]
    public async Task Dot_products_are_those_of_unit_vectors_and_others_are_refused()
    {
        VectorStoreCollection<object, Dictionary<string, object?>> tiles = await WithFunctionAsync(DistanceFunction.DotProductSimilarity);
        Assert.Equal(0.8, Math.Round((await tiles.SearchAsync(Tile.Towards(1, 0), 2).LastAsync()).Score!.Value, 6));
        var query = await Assert.ThrowsAsync<VectorStoreException>(
            async () => await tiles.SearchAsync(Tile.Towards(2, 0), 2).ToListAsync());
        Assert.Contains("has length 2.", query.Message, StringComparison.Ordinal);
        var record = await Assert.ThrowsAsync<VectorStoreException>(
            () => tiles.UpsertAsync(new Dictionary<string, object?> { ["Key"] = "f", ["Embedding"] = Tile.Towards(0.5f, 0) }));
        Assert.Contains("has length 0.5.", record.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_that_cant_be_asked_is_refused_with_the_reason()
    {
        Assert.Throws<ArgumentNullException>(() => Tiles.SearchAsync((string)null!, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tiles.SearchAsync(Tile.Towards(1, 0), 0));
        Assert.Contains(
            "no generator", Assert.Throws<NotSupportedException>(() => Tiles.SearchAsync("a river", 1)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(
            () => Tiles.SearchAsync(Tile.Towards(1, 0), 1, new() { VectorProperty = t => t.Region }));
        Assert.Throws<NotSupportedException>(() => Tiles.SearchAsync(Tile.Towards(1, 0), 1, new() { VectorProperty = t => t.Note }));
        Assert.Equal(["a"], await KeysAsync(Tile.Towards(1, 0), 1, new() { VectorProperty = t => t.Embedding }));
        Assert.Contains(
            "The query has 2 values; expected 4.",
            (await Assert.ThrowsAsync<VectorStoreException>(() => KeysAsync(new float[] { 1, 0 }, 1))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "no direction",
            (await Assert.ThrowsAsync<VectorStoreException>(() => KeysAsync(new float[4], 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_is_answered_by_one_state_and_can_be_canceled()
    {
        await using IAsyncEnumerator<VectorSearchResult<Tile>> hits = Tiles.SearchAsync(Tile.Towards(1, 0), 5).GetAsyncEnumerator();
        Assert.True(await hits.MoveNextAsync());
        await _tiles.Tiles.DeleteAsync(["b", "c"]);
        Assert.True(await hits.MoveNextAsync());
        Assert.Equal("b", hits.Current.Record.Key);
        Assert.Equal(["a", "d"], await KeysAsync(Tile.Towards(1, 0), 2));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Tiles.SearchAsync(Tile.Towards(1, 0), 1, cancellationToken: new CancellationToken(true)).ToListAsync());
    }

    private async Task<VectorStoreCollection<object, Dictionary<string, object?>>> WithFunctionAsync(string function)
    {
        var definition = new VectorStoreCollectionDefinition
        {
            Properties =
            [
                new VectorStoreKeyProperty("Key", typeof(string)),
                new VectorStoreVectorProperty("Embedding", typeof(ReadOnlyMemory<float>), Tile.Dimensions) { DistanceFunction = function },
            ],
        };
        VectorStoreCollection<object, Dictionary<string, object?>> tiles = _tiles.Store.GetDynamicCollection(function, definition);
        await tiles.EnsureCollectionExistsAsync();
        await tiles.UpsertAsync(Tile.Five().Select(t => new Dictionary<string, object?> { ["Key"] = t.Key, ["Embedding"] = t.Embedding }));
        return tiles;
    }

    private async Task<string[]> KeysAsync<TInput>(TInput query, int top, VectorSearchOptions<Tile>? options = null)
        where TInput : notnull => [.. await Tiles.SearchAsync(query, top, options).Select(hit => hit.Record.Key).ToListAsync()];
}
