using Swan.Batch.Stores;

namespace Swan.ObjectStores.Tests.Conformance;

public sealed class FolderStoreTests : StoreConformance
{
    [Fact]
    public async Task Temporary_files_are_no_objects()
    {
        using var folder = new TemporaryFolder();
        using var store = new FolderStore(folder.FullName);
        await File.WriteAllTextAsync(folder.File(".a.png.0123.tmp"), "x");
        Assert.Empty(await Keys(store, ""));
        await Assert.ThrowsAsync<StoreException>(() => store.WriteAsync(".a.tmp", Content("x")));
    }

    [Fact]
    public async Task Links_to_files_are_followed_and_links_to_folders_not()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("store/a"));
        await File.WriteAllTextAsync(folder.File("outside.png"), "outside");
        File.CreateSymbolicLink(folder.File("store/link.png"), folder.File("outside.png"));
        File.CreateSymbolicLink(folder.File("store/broken.png"), folder.File("nowhere.png"));
        Directory.CreateSymbolicLink(folder.File("store/a/up"), folder.File("store"));
        using var store = new FolderStore(folder.File("store"));
        StoredObject linked = Assert.Single(await List(store, ""));
        Assert.Equal(("link.png", 7), (linked.Key, linked.Size));
        using StoredContent? opened = await store.OpenAsync("link.png");
        Assert.Equal(linked, opened!.Object);
        Assert.Null(await store.OpenAsync("broken.png"));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_can_not_be_listed_but_written()
    {
        using var folder = new TemporaryFolder();
        using var store = new FolderStore(folder.File("new"));
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => Keys(store, ""));
        Assert.Equal(StoreFailure.NoContainer, error.Failure);
        Assert.Contains(folder.File("new"), error.Message, StringComparison.Ordinal);
        await store.WriteAsync("a/b", Content("x"));
        Assert.Equal(["a/b"], await Keys(store, ""));
    }

    [Fact]
    public async Task A_name_that_a_folder_has_can_not_be_written()
    {
        using var folder = new TemporaryFolder();
        using var store = new FolderStore(folder.FullName);
        await store.WriteAsync("a/b", Content("x"));
        await Assert.ThrowsAnyAsync<IOException>(() => store.WriteAsync("a", Content("x")));
        await Assert.ThrowsAnyAsync<IOException>(() => store.CreateAsync("a", Content("x")));
        await Assert.ThrowsAnyAsync<IOException>(() => store.WriteAsync("a/b/c", Content("x")));
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 };
        Assert.Equal(["a/b"], Directory.GetFiles(folder.FullName, "*", all)
            .Select(f => Path.GetRelativePath(folder.FullName, f)));
    }

    protected override ObjectStore OpenEmpty()
    {
        TemporaryFolder folder = Keep(new TemporaryFolder());
        return new FolderStore(folder.FullName);
    }
}
