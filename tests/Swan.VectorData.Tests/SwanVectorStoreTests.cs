using Microsoft.Extensions.VectorData;

namespace Swan.VectorData.Tests;

public sealed class SwanVectorStoreTests : IDisposable
{
    private readonly TileStore _tiles = new();

    public void Dispose() => _tiles.Dispose();

    [Fact]
    public async Task A_store_without_collections_lists_none_and_makes_no_folder()
    {
        Assert.Empty(await _tiles.Store.ListCollectionNamesAsync().ToListAsync());
        Assert.False(await _tiles.Store.CollectionExistsAsync("tiles"));
        Assert.False(Directory.Exists(_tiles.Folder));
    }

    [Fact]
    public async Task Collections_are_listed_by_name_and_other_folders_are_not()
    {
        foreach (string name in (string[])["b", "a", "c d.e"])
            await _tiles.Store.GetCollection<string, Tile>(name).EnsureCollectionExistsAsync();
        Directory.CreateDirectory(Path.Combine(_tiles.Folder, "no index"));
        Assert.Equal(["a", "b", "c d.e"], await _tiles.Store.ListCollectionNamesAsync().ToListAsync());
        Assert.True(await _tiles.Store.CollectionExistsAsync("b"));
        Assert.False(await _tiles.Store.CollectionExistsAsync("no index"));
    }

    [Fact]
    public async Task A_collection_that_is_deleted_by_name_is_gone_and_can_be_made_anew()
    {
        await _tiles.Tiles.EnsureCollectionExistsAsync();
        await _tiles.Tiles.UpsertAsync(Tile.Five());
        await _tiles.Store.EnsureCollectionDeletedAsync("tiles");
        await _tiles.Store.EnsureCollectionDeletedAsync("tiles");
        Assert.False(await _tiles.Tiles.CollectionExistsAsync());
        Assert.False(Directory.Exists(Path.Combine(_tiles.Folder, "tiles")));
        await _tiles.Tiles.EnsureCollectionExistsAsync();
        Assert.Null(await _tiles.Tiles.GetAsync("a"));
    }

    [Fact]
    public async Task Deleting_a_collection_leaves_files_of_others_in_its_folder()
    {
        await _tiles.Tiles.EnsureCollectionExistsAsync();
        string notes = Path.Combine(_tiles.Folder, "tiles", "notes.txt");
        await File.WriteAllTextAsync(notes, "mine");
        await _tiles.Store.EnsureCollectionDeletedAsync("tiles");
        Assert.Equal([notes], Directory.EnumerateFileSystemEntries(Path.Combine(_tiles.Folder, "tiles")));
        Assert.Empty(await _tiles.Store.ListCollectionNamesAsync().ToListAsync());
    }

    [Fact]
    public async Task Another_store_of_the_folder_sees_what_one_wrote()
    {
        await _tiles.Tiles.EnsureCollectionExistsAsync();
        await _tiles.Tiles.UpsertAsync(Tile.Five());
        using VectorStore other = new SwanVectorStore(_tiles.Folder, new SwanVectorStoreOptions { RefreshInterval = TimeSpan.Zero });
        VectorStoreCollection<string, Tile> same = other.GetCollection<string, Tile>("tiles");
        Assert.Equal("south", (await same.GetAsync("b"))!.Region);
        await _tiles.Tiles.DeleteAsync("b");
        Assert.Null(await same.GetAsync("b"));
        await _tiles.Store.EnsureCollectionDeletedAsync("tiles");
        Assert.False(await same.CollectionExistsAsync());
        await Assert.ThrowsAsync<VectorStoreException>(() => same.GetAsync("a"));
    }

    [Fact]
    public void The_store_says_what_it_is_and_nothing_else()
    {
        var metadata = (VectorStoreMetadata)_tiles.Store.GetService(typeof(VectorStoreMetadata))!;
        Assert.Equal(("swan", Path.GetFullPath(_tiles.Folder)), (metadata.VectorStoreSystemName, metadata.VectorStoreName));
        Assert.Same(_tiles.Store, _tiles.Store.GetService(typeof(VectorStore)));
        Assert.Null(_tiles.Store.GetService(typeof(VectorStoreMetadata), "a key"));
        Assert.Null(_tiles.Store.GetService(typeof(string)));
        Assert.Throws<ArgumentNullException>(() => _tiles.Store.GetService(null!));
    }

    [Fact]
    public async Task A_disposed_store_and_its_collections_refuse_to_work()
    {
        await _tiles.Tiles.EnsureCollectionExistsAsync();
        _tiles.Store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _tiles.Store.GetCollection<string, Tile>("tiles"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _tiles.Tiles.GetAsync("a"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _tiles.Tiles.UpsertAsync(Tile.Five()));
    }

    [Fact]
    public void Records_that_are_dictionaries_are_sent_to_the_dynamic_collection()
    {
        var e = Assert.Throws<ArgumentException>(() => _tiles.Store.GetCollection<object, Dictionary<string, object?>>("tiles"));
        Assert.Contains("GetDynamicCollection", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_are_not_valid_are_all_named()
    {
        var options = new SwanVectorStoreOptions { WriterTimeout = TimeSpan.FromSeconds(-2), RefreshInterval = TimeSpan.FromSeconds(-3) };
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => new SwanVectorStore(_tiles.Folder, options));
        Assert.Contains("WriterTimeout is -00:00:02", e.Message, StringComparison.Ordinal);
        Assert.Contains("RefreshInterval is -00:00:03", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Canceled_calls_of_the_store_do_nothing()
    {
        await _tiles.Tiles.EnsureCollectionExistsAsync();
        var canceled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _tiles.Store.EnsureCollectionDeletedAsync("tiles", canceled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _tiles.Store.CollectionExistsAsync("tiles", canceled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await _tiles.Store.ListCollectionNamesAsync(canceled).ToListAsync());
        Assert.True(await _tiles.Store.CollectionExistsAsync("tiles"));
    }
}
