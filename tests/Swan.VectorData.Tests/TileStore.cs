using Microsoft.Extensions.VectorData;

namespace Swan.VectorData.Tests;

/// <summary>A store in a folder of its own, and its collection of tiles, as an application sees them.</summary>
internal sealed class TileStore : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TileStore(SwanVectorStoreOptions? options = null)
    {
        Store = new SwanVectorStore(Folder, options);
        Tiles = Store.GetCollection<string, Tile>("tiles");
    }

    public string Folder => _folder.File("store");

    public VectorStore Store { get; }

    public VectorStoreCollection<string, Tile> Tiles { get; }

    /// <summary>The same with the five tiles of <see cref="Tile.Five"/>.</summary>
    public static async Task<TileStore> WithFiveAsync(SwanVectorStoreOptions? options = null)
    {
        var store = new TileStore(options);
        await store.Tiles.EnsureCollectionExistsAsync();
        await store.Tiles.UpsertAsync(Tile.Five());
        return store;
    }

    public void Dispose()
    {
        Store.Dispose();
        _folder.Dispose();
    }
}
