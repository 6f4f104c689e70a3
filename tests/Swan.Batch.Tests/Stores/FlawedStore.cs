using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Stores;

/// <summary>What is wrong with a store.</summary>
internal enum Flaw
{
    None,
    CreatesTwice,
    OverwritesAndDenies,
    CreatesNever,
    KeepsFraming,
    ChangesBytes,
    Forgets,
    ListsLate,
    DeletesNever,
    Fails,
}

/// <summary>A store in memory that does one thing wrong, and no more than every store must.</summary>
internal sealed class FlawedStore(Flaw flaw) : ObjectStore
{
    private readonly ConcurrentDictionary<string, byte[]> _objects = new();

    public override string Address => "test://store";

    public override async IAsyncEnumerable<StoredObject> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
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
