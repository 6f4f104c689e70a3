namespace Swan.VectorData.Tests.Collections;

public sealed class CollectionNameTests : IDisposable
{
    private readonly TileStore _tiles = new();

    public void Dispose() => _tiles.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../tiles")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a:b")]
    [InlineData(".hidden")]
    [InlineData("tiles.")]
    [InlineData("tiles ")]
    [InlineData("a\0b")]
    public async Task A_name_that_no_folder_has_everywhere_is_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => _tiles.Store.GetCollection<string, Tile>(name));
        await Assert.ThrowsAsync<ArgumentException>(() => _tiles.Store.CollectionExistsAsync(name));
        await Assert.ThrowsAsync<ArgumentException>(() => _tiles.Store.EnsureCollectionDeletedAsync(name));
        Assert.Throws<ArgumentException>(() => new SwanVectorStoreCollection<string, Tile>(_tiles.Folder, name));
    }

    [Fact]
    public void Null_very_long_names_and_half_characters_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => _tiles.Store.GetCollection<string, Tile>(null!));
        Assert.Throws<ArgumentException>(() => _tiles.Store.GetCollection<string, Tile>(new string('a', 101)));
        Assert.Throws<ArgumentException>(() => _tiles.Store.GetCollection<string, Tile>("half a pair \uD83D"));
    }

    [Theory]
    [InlineData("tiles-2025_06")]
    [InlineData("Kacheln für Köln")]
    [InlineData("v1.2")]
    public async Task A_name_that_a_folder_can_have_is_one(string name)
    {
        await _tiles.Store.GetCollection<string, Tile>(name).EnsureCollectionExistsAsync();
        Assert.Equal([name], await _tiles.Store.ListCollectionNamesAsync().ToListAsync());
    }
}
