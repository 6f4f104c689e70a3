using System.Runtime.CompilerServices;
using Swan.Batch.Stores;

namespace Swan.Batch.Archives;

/// <summary>A store in which each <c>.tar</c> and <c>.zip</c> is a folder of the files in it; read only.</summary>
/// <remarks>
/// <para>Keys are <c>archive.tar/entry/name.jpg</c>. Archives are not copied to memory or disk. The store reads the directory of a zip
/// or the headers of a tar, and the bytes of an entry in one request. Zips may be stored or deflated; tars must not be compressed.</para>
/// <para>Open a listed entry with <see cref="OpenAsync(StoredObject, CancellationToken)"/>: its stamp contains its place. To open an
/// entry by its key alone, the store reads the archive's directory each time. Safe for concurrent use.</para>
/// </remarks>
/// <param name="store">Where the archives are; disposed with this.</param>
public sealed class ArchiveStore(ObjectStore store) : ObjectStore
{
    /// <inheritdoc/>
    public override string Address => store.Address;

    /// <inheritdoc/>
    public override async IAsyncEnumerable<StoredObject> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        using var sorted = new SortedObjects();
        string outer = ArchivesOf(prefix).FirstOrDefault() ?? prefix;
        await foreach (StoredObject stored in store.ListAsync(outer, cancellationToken).ConfigureAwait(false))
        {
            await foreach (StoredObject inner in WithinAsync(stored, cancellationToken).ConfigureAwait(false))
            {
                if (inner.Key.StartsWith(prefix, StringComparison.Ordinal)) sorted.Add(inner);
            }
        }
        foreach (StoredObject stored in sorted.InOrder()) yield return stored;
    }

    /// <inheritdoc/>
    public override async Task<StoredContent?> OpenAsync(string key, CancellationToken cancellationToken = default)
    {
        StoreKey.Check(key, Address);
        foreach (string archive in ArchivesOf(key))
        {
            StoredObject? found = null;
            await foreach (StoredObject stored in store.ListAsync(archive, cancellationToken).ConfigureAwait(false))
            {
                if (stored.Key == archive) found = stored;
                break;
            }
            if (found is null) continue;
            StoredObject? last = null;
            await foreach (StoredObject entry in WithinAsync(found, cancellationToken).ConfigureAwait(false))
            {
                // Of several of a name, the last one counts, as when they are unpacked.
                if (entry.Key == key) last = entry;
            }
            return last is null ? null : await OpenAsync(last, cancellationToken).ConfigureAwait(false);
        }
        return await store.OpenAsync(key, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async Task<StoredContent?> OpenAsync(StoredObject listed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(listed);
        if (ArchiveEntry.Of(listed) is not (var archive, var entry))
            return await store.OpenAsync(listed, cancellationToken).ConfigureAwait(false);
        return new StoredContent(listed, await EntryStream.OpenAsync(store, archive, entry, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public override Task WriteAsync(string key, Stream content, CancellationToken cancellationToken = default) => throw ReadOnly();

    /// <inheritdoc/>
    public override Task<bool> CreateAsync(string key, Stream content, CancellationToken cancellationToken = default) => throw ReadOnly();

    /// <inheritdoc/>
    public override Task DeleteAsync(string key, CancellationToken cancellationToken = default) => throw ReadOnly();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        store.Dispose();
        base.Dispose(disposing);
    }

    // What stands before a slash and ends like an archive: a folder may have such a name, too.
    private static IEnumerable<string> ArchivesOf(string key)
    {
        for (int slash = key.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = key.IndexOf('/', slash + 1))
        {
            if (ArchiveFile.Is(key.AsSpan(0, slash))) yield return key[..slash];
        }
    }

    private async IAsyncEnumerable<StoredObject> WithinAsync(
        StoredObject stored, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!ArchiveFile.Is(stored.Key))
        {
            yield return stored;
            yield break;
        }
        await foreach (ArchiveEntry entry in ArchiveFile.EntriesAsync(store, stored, _ => { }, cancellation).ConfigureAwait(false))
            yield return entry.In(stored, Address);
    }

    private StoreException ReadOnly() => new(
        $"{Address} can't be written to: it is opened for the archives in it, which are read only. Write to another store.",
        StoreFailure.NotSupported);
}
