using Swan.Batch.Stores;

namespace Swan.Batch.Tests;

/// <summary>A store that a test looks into: what is changed in it can be held up, or fail.</summary>
/// <param name="folder">Where the objects are.</param>
internal sealed class HookedStore(string folder) : ObjectStore
{
    private readonly FolderStore _store = new(folder);

    public override string Address => _store.Address;

    /// <summary>Awaited before anything is written, created or deleted under a key.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Awaited after that.</summary>
    public Func<string, Task> After { get; set; } = _ => Task.CompletedTask;

    public override IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        _store.ListAsync(prefix, cancellationToken);

    public override Task<StoredContent?> OpenAsync(string key, CancellationToken cancellationToken = default) =>
        _store.OpenAsync(key, cancellationToken);

    public override async Task WriteAsync(string key, Stream content, CancellationToken cancellationToken = default)
    {
        await Before(key);
        await _store.WriteAsync(key, content, cancellationToken);
        await After(key);
    }

    public override async Task<bool> CreateAsync(string key, Stream content, CancellationToken cancellationToken = default)
    {
        await Before(key);
        bool created = await _store.CreateAsync(key, content, cancellationToken);
        await After(key);
        return created;
    }

    public override async Task DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        await Before(key);
        await _store.DeleteAsync(key, cancellationToken);
        await After(key);
    }

    protected override void Dispose(bool disposing) => _store.Dispose();
}
