using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Stores;

public sealed class StoreProbeTests
{
    [Fact]
    public async Task A_folder_is_fit()
    {
        using var folder = new TemporaryFolder();
        using var store = new FolderStore(folder.FullName);
        await StoreProbe.CheckAsync(store);
        Assert.Empty(Directory.GetFileSystemEntries(folder.FullName));
    }

    [Theory]
    [InlineData(Flaw.None, null)]
    [InlineData(Flaw.CreatesTwice, "ignores conditions")]
    [InlineData(Flaw.OverwritesAndDenies, "ignores conditions")]
    [InlineData(Flaw.CreatesNever, "refuses to create")]
    [InlineData(Flaw.KeepsFraming, "keeps the framing of uploads")]
    [InlineData(Flaw.ChangesBytes, "other bytes come back")]
    [InlineData(Flaw.Forgets, "can't be read afterward")]
    [InlineData(Flaw.ListsLate, "a listing lacks")]
    [InlineData(Flaw.DeletesNever, "can still be read")]
    [InlineData(Flaw.Fails, "can't be used as the destination of a job. No.")]
    public async Task A_store_that_is_not_fit_is_told_by_what_it_does(object flaw, string? message)
    {
        using var store = new FlawedStore((Flaw)flaw);
        if (message is null)
        {
            await StoreProbe.CheckAsync(store);
            return;
        }
        SwanBatchException error = await Assert.ThrowsAsync<SwanBatchException>(() => StoreProbe.CheckAsync(store));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(store.Address, error.Message, StringComparison.Ordinal);
    }
}
