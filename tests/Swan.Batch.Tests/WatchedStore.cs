using System.Collections.Concurrent;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests;

/// <summary>A folder as a store that notes what is read of it.</summary>
/// <param name="folder">Where the objects are.</param>
internal sealed class WatchedStore(string folder) : ObjectStore
{
    private readonly FolderStore _store = new(folder);

    public override string Address => _store.Address;

    /// <summary>Whether it says that its address has a signature.</summary>
    public bool HasSignature { get; init; }

    internal override bool IsSigned => HasSignature;

    /// <summary>The keys of objects that were opened, whole or in part.</summary>
    public ConcurrentQueue<string> Opened { get; } = [];

    /// <summary>The keys of objects that were looked at.</summary>
    public ConcurrentQueue<string> Found { get; } = [];

    public override IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        _store.ListAsync(prefix, cancellationToken);

    public override Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken = default)
    {
        Found.Enqueue(key);
        return _store.FindAsync(key, cancellationToken);
    }

    public override Task<StoredContent?> OpenAsync(string key, CancellationToken cancellationToken = default)
    {
        Opened.Enqueue(key);
        return _store.OpenAsync(key, cancellationToken);
    }

    public override Task<Stream> OpenRangeAsync(
        StoredObject stored, long offset, long length, CancellationToken cancellationToken = default)
    {
        Opened.Enqueue(stored.Key);
        return _store.OpenRangeAsync(stored, offset, length, cancellationToken);
    }

    public override Task WriteAsync(string key, Stream content, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public override Task<bool> CreateAsync(string key, Stream content, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public override Task DeleteAsync(string key, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    protected override void Dispose(bool disposing) => _store.Dispose();
}
