using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Swan.MLNet.Metadata;

namespace Swan.VectorData.Tests;

public sealed class DynamicCollectionTests : IDisposable
{
    private readonly TileStore _tiles = new();

    public void Dispose() => _tiles.Dispose();

    [Fact]
    public async Task Dictionaries_come_back_with_the_entries_of_the_definition()
    {
        VectorStoreCollection<object, Dictionary<string, object?>> tiles = await TilesAsync();
        await tiles.UpsertAsync(Entry(7L, "north", new SwanPoint(12.5, 48)));
        Dictionary<string, object?> found = (await tiles.GetAsync(7L))!;
        Assert.Equal(["Id", "Place", "Region"], found.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((7L, "north", new SwanPoint(12.5, 48)), ((long)found["Id"]!, found["Region"], found["Place"]));
        found = (await tiles.GetAsync(7L, new RecordRetrievalOptions { IncludeVectors = true }))!;
        Assert.Equal([1f, 0, 0, 0], ((Embedding<float>)found["Embedding"]!).Vector.ToArray());
    }

    [Fact]
    public async Task An_entry_that_is_not_there_is_a_missing_value()
    {
        VectorStoreCollection<object, Dictionary<string, object?>> tiles = await TilesAsync();
        await tiles.UpsertAsync(new Dictionary<string, object?> { ["Id"] = 8L, ["Embedding"] = new Embedding<float>(Tile.Towards(0, 1)) });
        Assert.Null((await tiles.GetAsync(8L))!["Region"]);
    }

    [Fact]
    public async Task Filters_orders_and_selectors_go_by_the_names_of_entries()
    {
        VectorStoreCollection<object, Dictionary<string, object?>> tiles = await TilesAsync();
        await tiles.UpsertAsync(
            [Entry(1L, "south", null), Entry(2L, "north", new SwanPoint(1, 1)), Entry(10L, "north", new SwanPoint(5, 5))]);
        var box = new SwanBox(0, 0, 2, 2);
        Assert.Equal([2L], await tiles.GetAsync(r => box.Contains((SwanPoint)r["Place"]!), 9).Select(r => r["Id"]).ToListAsync());
        Assert.Equal(
            [10L, 2L, 1L],
            await tiles.GetAsync(r => true, 9, new() { OrderBy = o => o.Ascending(r => r["Region"]).Descending(r => r["Id"]) })
                .Select(r => r["Id"]).ToListAsync());
        Assert.Equal(
            [1L],
            await tiles.SearchAsync(
                Tile.Towards(1, 0), 9, new() { Filter = r => (string?)r["Region"] == "south", VectorProperty = r => r["Embedding"] })
                .Select(hit => hit.Record["Id"]).ToListAsync());
    }

    [Fact]
    public async Task Values_and_keys_of_another_type_than_the_definition_says_are_refused()
    {
        VectorStoreCollection<object, Dictionary<string, object?>> tiles = await TilesAsync();
        Dictionary<string, object?> wrong = Entry(1L, "south", null);
        wrong["Region"] = 5;
        var e = await Assert.ThrowsAsync<VectorStoreException>(() => tiles.UpsertAsync(wrong));
        Assert.Contains("'Region' has a value of type Int32, but the definition says String", e.Message, StringComparison.Ordinal);
        Assert.Contains(
            "The key is of type String, but the record's key 'Id' is of type Int64.",
            (await Assert.ThrowsAsync<VectorStoreException>(() => tiles.GetAsync("1"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dynamic_collection_reads_what_a_typed_one_wrote()
    {
        await _tiles.Tiles.EnsureCollectionExistsAsync();
        await _tiles.Tiles.UpsertAsync(Tile.Five());
        VectorStoreCollection<object, Dictionary<string, object?>> same = _tiles.Store.GetDynamicCollection("tiles", new()
        {
            Properties =
            [
                new VectorStoreKeyProperty("id", typeof(string)),
                new VectorStoreDataProperty("clouds", typeof(double?)) { StorageName = "cloud_cover" },
                new VectorStoreVectorProperty("vector", typeof(float[]), Tile.Dimensions),
            ],
        });
        Assert.Equal(55.0, (await same.GetAsync("c"))!["clouds"]);
    }

    [Fact]
    public void A_definition_that_lacks_something_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => _tiles.Store.GetDynamicCollection("tiles", null!));
        Assert.Contains(
            "doesn't give the property 'Id' a type",
            Assert.Throws<InvalidOperationException>(
                () => _tiles.Store.GetDynamicCollection("tiles", new() { Properties = [new VectorStoreKeyProperty("Id")] })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "the property 'Id' twice",
            Assert.Throws<InvalidOperationException>(
                () => _tiles.Store.GetDynamicCollection("tiles", new()
                {
                    Properties = [new VectorStoreKeyProperty("Id", typeof(int)), new VectorStoreDataProperty("Id", typeof(int))],
                })).Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, object?> Entry(long id, string region, SwanPoint? place) => new()
    {
        ["Id"] = id, ["Region"] = region, ["Place"] = place, ["Embedding"] = new Embedding<float>(Tile.Towards(1, 0)),
    };

    private async Task<VectorStoreCollection<object, Dictionary<string, object?>>> TilesAsync()
    {
        VectorStoreCollection<object, Dictionary<string, object?>> tiles = _tiles.Store.GetDynamicCollection("dynamic", new()
        {
            Properties =
            [
                new VectorStoreKeyProperty("Id", typeof(long)), new VectorStoreDataProperty("Region", typeof(string)),
                new VectorStoreDataProperty("Place", typeof(SwanPoint?)),
                new VectorStoreVectorProperty("Embedding", typeof(Embedding<float>), Tile.Dimensions),
            ],
        });
        await tiles.EnsureCollectionExistsAsync();
        return tiles;
    }
}
