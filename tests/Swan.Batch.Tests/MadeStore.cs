using System.Collections.Concurrent;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests;

/// <summary>Objects in memory under keys of any kind, to be read.</summary>
internal sealed class MadeStore : ObjectStore
{
    private readonly ConcurrentDictionary<string, (string Stamp, byte[] Bytes)> _objects = new(StringComparer.Ordinal);
    private int _stamp;

    public override string Address => "test://objects";

    /// <summary>Awaited before an object is looked at.</summary>
    public Func<string, Task> Finding { get; set; } = _ => Task.CompletedTask;

    /// <summary>Whether it says how large objects are when they are opened.</summary>
    public bool TellsSizes { get; set; } = true;

    /// <summary>The keys of objects that were opened.</summary>
    public ConcurrentQueue<string> Opened { get; } = [];

    /// <summary>Puts an object there, under a stamp that no other has had.</summary>
    public void Put(string key, byte[] bytes) => _objects[key] = ($"{++_stamp}", bytes);

    /// <summary>Puts an object there that is the same as another one.</summary>
    public void PutAgain(string key, string same) => _objects[key] = _objects[same];

    public void Remove(string key) => _objects.TryRemove(key, out _);

    public override async Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken = default)
    {
        await Finding(key);
        return _objects.TryGetValue(key, out (string Stamp, byte[] Bytes) found)
            ? new StoredObject(key, found.Bytes.Length, found.Stamp) : null;
    }

    public override Task<StoredContent?> OpenAsync(string key, CancellationToken cancellationToken = default)
    {
        Opened.Enqueue(key);
        return Task.FromResult(_objects.TryGetValue(key, out (string Stamp, byte[] Bytes) found)
            ? new StoredContent(
                new StoredObject(key, TellsSizes ? found.Bytes.Length : -1, found.Stamp), new MemoryStream(found.Bytes, writable: false))
            : null);
    }

    public override IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public override Task WriteAsync(string key, Stream content, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public override Task<bool> CreateAsync(string key, Stream content, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public override Task DeleteAsync(string key, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
