using System.Collections.Concurrent;
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
    [InlineData(Flaw.CreatesTwice, "takes no notice of conditions")]
    [InlineData(Flaw.OverwritesAndDenies, "takes no notice of conditions")]
    [InlineData(Flaw.CreatesNever, "refuses to create")]
    [InlineData(Flaw.KeepsFraming, "keeps the framing of uploads")]
    [InlineData(Flaw.ChangesBytes, "other bytes come back")]
    [InlineData(Flaw.Forgets, "can't be read afterwards")]
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

    internal enum Flaw { None, CreatesTwice, OverwritesAndDenies, CreatesNever, KeepsFraming, ChangesBytes, Forgets, ListsLate, DeletesNever, Fails }

    private sealed class FlawedStore(Flaw flaw) : ObjectStore
    {
        private readonly ConcurrentDictionary<string, byte[]> _objects = new();

        public override string Address => "test://store";

        public override async IAsyncEnumerable<StoredObject> ListAsync(
            string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            foreach ((string key, byte[] bytes) in _objects)
            {
                if (flaw != Flaw.ListsLate) yield return new StoredObject(key, bytes.Length, "");
            }
        }

        public override Task<StoredContent?> OpenAsync(string key, CancellationToken cancellationToken = default) =>
            Task.FromResult(_objects.TryGetValue(key, out byte[]? bytes)
                ? new StoredContent(new StoredObject(key, bytes.Length, ""), new MemoryStream(bytes))
                : null);

        public override Task WriteAsync(string key, Stream content, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public override Task<bool> CreateAsync(string key, Stream content, CancellationToken cancellationToken = default)
        {
            if (flaw == Flaw.Fails) throw new IOException("No.");
            bool exists = _objects.ContainsKey(key), created = flaw == Flaw.CreatesTwice || !exists && flaw != Flaw.CreatesNever;
            if (flaw == Flaw.Forgets) return Task.FromResult(true);
            if (!exists || flaw is Flaw.CreatesTwice or Flaw.OverwritesAndDenies) _objects[key] = Kept(content);
            return Task.FromResult(created);
        }

        public override Task DeleteAsync(string key, CancellationToken cancellationToken = default)
        {
            if (flaw != Flaw.DeletesNever) _objects.TryRemove(key, out _);
            return Task.CompletedTask;
        }

        private byte[] Kept(Stream content)
        {
            using var bytes = new MemoryStream();
            if (flaw == Flaw.KeepsFraming) bytes.Write("1000;chunk-signature=0\r\n"u8);
            content.CopyTo(bytes);
            if (flaw == Flaw.ChangesBytes) bytes.GetBuffer()[5] ^= 1;
            return bytes.ToArray();
        }
    }
}
