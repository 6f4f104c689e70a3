using Microsoft.Extensions.VectorData;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;

namespace Swan.VectorData.Tests;

public sealed class SwanVectorStoreCollectionTests : IDisposable
{
    private readonly TileStore _tiles = new();

    public void Dispose() => _tiles.Dispose();

    [Fact]
    public async Task A_collection_comes_into_being_once_and_goes_once()
    {
        VectorStoreCollection<string, Tile> tiles = _tiles.Tiles;
        Assert.False(await tiles.CollectionExistsAsync());
        await tiles.EnsureCollectionExistsAsync();
        await tiles.UpsertAsync(Tile.Five()[0]);
        await tiles.EnsureCollectionExistsAsync();
        Assert.True(await tiles.CollectionExistsAsync());
        Assert.NotNull(await tiles.GetAsync("a"));
        await tiles.EnsureCollectionDeletedAsync();
        await tiles.EnsureCollectionDeletedAsync();
        Assert.False(await tiles.CollectionExistsAsync());
    }

    [Fact]
    public async Task What_needs_a_collection_says_that_there_is_none()
    {
        VectorStoreCollection<string, Tile> tiles = _tiles.Tiles;
        Func<Task>[] calls =
        [
            () => tiles.GetAsync("a"),
            async () => await tiles.GetAsync(["a", "b"]).ToListAsync(),
            async () => await tiles.GetAsync(t => t.Region == "north", 3).ToListAsync(),
            () => tiles.UpsertAsync(Tile.Five()[0]),
            () => tiles.UpsertAsync(Tile.Five()),
            () => tiles.DeleteAsync("a"),
            () => tiles.DeleteAsync(["a", "b"]),
            async () => await tiles.SearchAsync(Tile.Towards(1, 0), 3).ToListAsync(),
        ];
        string[] operations = ["Get", "Get", "Get", "Upsert", "Upsert", "Delete", "Delete", "Search"];
        foreach ((Func<Task> call, string operation) in calls.Zip(operations))
        {
            var e = await Assert.ThrowsAsync<VectorStoreException>(call);
            Assert.Contains("Call EnsureCollectionExistsAsync first.", e.Message, StringComparison.Ordinal);
            Assert.Equal(
                ("swan", Path.GetFullPath(_tiles.Folder), "tiles", operation),
                (e.VectorStoreSystemName, e.VectorStoreName, e.CollectionName, e.OperationName));
        }
        Assert.False(await tiles.CollectionExistsAsync());
    }

    [Fact]
    public async Task An_index_has_the_columns_of_the_records_under_their_storage_names()
    {
        await _tiles.Tiles.EnsureCollectionExistsAsync();
        using var index = SwanLiveIndex.Open(Path.Combine(_tiles.Folder, "tiles"));
        Assert.Equal(
            [
                new SwanColumn("Region", SwanColumnType.Text), new SwanColumn("cloud_cover", SwanColumnType.Number),
                new SwanColumn("Taken", SwanColumnType.Date), new SwanColumn("IsNight", SwanColumnType.Boolean),
            ],
            index.Columns);
        Assert.Equal(Tile.Dimensions, index.EmbeddingSize);
    }

    [Fact]
    public async Task The_index_of_a_collection_can_be_asked_for_what_the_contract_lacks()
    {
        Assert.Null(_tiles.Tiles.GetService(typeof(SwanLiveIndex)));
        await _tiles.Tiles.EnsureCollectionExistsAsync();
        await _tiles.Tiles.UpsertAsync(Tile.Five());
        var index = (SwanLiveIndex)_tiles.Tiles.GetService(typeof(SwanLiveIndex))!;
        Assert.Equal(5, index.Count);
        index.Verify();
        // It is the store's.
        index.Dispose();
        Assert.NotNull(await _tiles.Tiles.GetAsync("a"));
    }

    [Fact]
    public void A_collection_says_what_it_is()
    {
        var metadata = (VectorStoreCollectionMetadata)_tiles.Tiles.GetService(typeof(VectorStoreCollectionMetadata))!;
        Assert.Equal(
            ("swan", Path.GetFullPath(_tiles.Folder), "tiles"),
            (metadata.VectorStoreSystemName, metadata.VectorStoreName, metadata.CollectionName));
        Assert.Equal("tiles", _tiles.Tiles.Name);
        IVectorSearchable<Tile> searchable = _tiles.Tiles;
        Assert.Same(_tiles.Tiles, searchable.GetService(typeof(IVectorSearchable<Tile>)));
        Assert.Null(searchable.GetService(typeof(VectorStoreCollectionMetadata), "a key"));
        Assert.Null(searchable.GetService(typeof(string)));
    }

    [Fact]
    public async Task A_collection_without_a_store_works_and_owns_its_index()
    {
        var options = new SwanVectorStoreCollectionOptions { RefreshInterval = TimeSpan.Zero };
        VectorStoreCollection<string, Tile> alone = new SwanVectorStoreCollection<string, Tile>(_tiles.Folder, "tiles", options);
        await alone.EnsureCollectionExistsAsync();
        await alone.UpsertAsync(Tile.Five());
        Assert.Equal("north", (await _tiles.Tiles.GetAsync("a"))!.Region);
        alone.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => alone.GetAsync("a"));
        Assert.NotNull(await _tiles.Tiles.GetAsync("a"));
    }

    [Fact]
    public async Task Disposing_a_collection_of_a_store_leaves_the_store_open()
    {
        await _tiles.Tiles.EnsureCollectionExistsAsync();
        _tiles.Store.GetCollection<string, Tile>("tiles").Dispose();
        Assert.Null(await _tiles.Tiles.GetAsync("a"));
    }

    [Fact]
    public async Task A_property_that_a_record_got_later_becomes_a_column()
    {
        await _tiles.Tiles.EnsureCollectionExistsAsync();
        await _tiles.Tiles.UpsertAsync(Tile.Five());
        VectorStoreCollection<string, RatedTile> rated = _tiles.Store.GetCollection<string, RatedTile>("tiles");
        Assert.Null((await rated.GetAsync("a"))!.Rating);
        var e = await Assert.ThrowsAsync<VectorStoreException>(
            () => rated.UpsertAsync(new RatedTile { Key = "f", Rating = 4.5, Embedding = new float[] { 0, 0, 1, 0 } }));
        Assert.Contains("Rating (number)", e.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<VectorStoreException>(async () => await rated.GetAsync(t => t.Rating > 4, 5).ToListAsync());
        await rated.EnsureCollectionExistsAsync();
        await rated.UpsertAsync(new RatedTile { Key = "b", Rating = 4.5, Embedding = new float[] { 0, 0, 1, 0 } });
        Assert.Equal(["b"], await rated.GetAsync(t => t.Rating > 4, 5).Select(t => t.Key).ToListAsync());
        // The columns that this record doesn't know keep their values.
        Assert.Equal(("south", Tile.Day(2)), ((await _tiles.Tiles.GetAsync("b"))!.Region, (await _tiles.Tiles.GetAsync("b"))!.Taken));
    }

    [Fact]
    public async Task Records_that_an_index_is_not_for_are_refused_with_the_reason()
    {
        await _tiles.Tiles.EnsureCollectionExistsAsync();
        VectorStoreCollection<string, LongTile> longer = _tiles.Store.GetCollection<string, LongTile>("tiles");
        VectorStoreCollection<string, OtherTile> other = _tiles.Store.GetCollection<string, OtherTile>("tiles");
        Assert.Contains(
            "It holds embeddings of 4 values, but the vector 'Embedding' has 5 dimensions.",
            (await Assert.ThrowsAsync<VectorStoreException>(() => longer.EnsureCollectionExistsAsync())).Message, StringComparison.Ordinal);
        Assert.Contains(
            "Its column Region (text) has another type than the property 'Region', which is stored as Region (number).",
            (await Assert.ThrowsAsync<VectorStoreException>(() => other.GetAsync("a"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Byte_scans_are_had_by_the_kind_of_index()
    {
        VectorStoreCollection<string, ByteTile> tiles = _tiles.Store.GetCollection<string, ByteTile>("bytes");
        await tiles.EnsureCollectionExistsAsync();
        await tiles.UpsertAsync(Tile.Five().Select(t => new ByteTile { Key = t.Key, Embedding = t.Embedding.ToArray() }));
        string manifest = await File.ReadAllTextAsync(Path.Combine(_tiles.Folder, "bytes", "manifest.json"));
        Assert.Contains("int8", manifest, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["a", "b"], await tiles.SearchAsync(Tile.Towards(1, 0), 2).Select(hit => hit.Record.Key).ToListAsync());
    }

    private sealed class RatedTile
    {
        [VectorStoreKey]
        public string Key { get; set; } = "";

        [VectorStoreData]
        public double? Rating { get; set; }

        [VectorStoreVector(4)]
        public float[]? Embedding { get; set; }
    }

    private sealed class LongTile
    {
        [VectorStoreKey]
        public string Key { get; set; } = "";

        [VectorStoreVector(5)]
        public float[]? Embedding { get; set; }
    }

    private sealed class OtherTile
    {
        [VectorStoreKey]
        public string Key { get; set; } = "";

        [VectorStoreData]
        public int Region { get; set; }

        [VectorStoreVector(4)]
        public float[]? Embedding { get; set; }
    }

    private sealed class ByteTile
    {
        [VectorStoreKey]
        public string Key { get; set; } = "";

        [VectorStoreVector(4, IndexKind = IndexKind.QuantizedFlat)]
        public float[]? Embedding { get; set; }
    }
}
