namespace Swan.Batch.Stores;

/// <summary>Objects under keys: a folder of this machine, or a bucket elsewhere.</summary>
/// <remarks>
/// A batch job reads from stores and writes to one. An object is complete or absent. Nothing relies on locks or renames, which buckets
/// lack: of several processes that write an object with <see cref="CreateAsync"/>, one succeeds. Safe for concurrent use. The store
/// retries transient failures before it throws.
/// </remarks>
public abstract class ObjectStore : IDisposable
{
    /// <summary>The store's address, without secrets, such as <c>s3://bucket/prefix</c>.</summary>
    public abstract string Address { get; }

    /// <summary>Whether access needs more than <see cref="Address"/>, such as a signature in a query.</summary>
    internal virtual bool IsSigned => false;

    /// <summary>Lists objects, in the order of their keys' UTF-8 bytes.</summary>
    /// <param name="prefix">A prefix of their keys; empty for all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="IOException">The store can't be read.</exception>
    public abstract IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>Looks at an object; null where there is none.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The object. Its content is not read if the store can avoid it.</returns>
    /// <exception cref="IOException">The store can't be read, or not by this user.</exception>
    public virtual async Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken = default)
    {
        using StoredContent? opened = await OpenAsync(key, cancellationToken).ConfigureAwait(false);
        return opened?.Object;
    }

    /// <summary>Opens an object; null where there is none.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="cancellationToken">Ends the wait, and every later read of the content.</param>
    /// <returns>The object and its content, forward only; the caller disposes it. Content that breaks off is resumed, or throws: it never
    /// ends early.</returns>
    /// <exception cref="IOException">The store can't be read, or not by this user.</exception>
    public abstract Task<StoredContent?> OpenAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Opens a listed object, or the one that now has its key; null if there is none.</summary>
    /// <param name="listed">As this store listed it. A store of archives finds the entry without reading the archive's directory
    /// again.</param>
    /// <param name="cancellationToken">As in <see cref="OpenAsync(string, CancellationToken)"/>.</param>
    /// <returns>As in <see cref="OpenAsync(string, CancellationToken)"/>.</returns>
    /// <exception cref="IOException">The store can't be read, or not by this user.</exception>
    public virtual Task<StoredContent?> OpenAsync(StoredObject listed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(listed);
        return OpenAsync(listed.Key, cancellationToken);
    }

    /// <summary>Opens a part of exactly this version of an object.</summary>
    /// <param name="stored">As this store listed or opened it.</param>
    /// <param name="offset">Where the part begins, in bytes.</param>
    /// <param name="length">Its length; the object must not end before.</param>
    /// <param name="cancellationToken">As in <see cref="OpenAsync(string, CancellationToken)"/>.</param>
    /// <returns>The part's bytes, forward only; the caller disposes it.</returns>
    /// <exception cref="IOException">The store can't be read, or the object is missing or has changed; also when it is read.</exception>
    public virtual async Task<Stream> OpenRangeAsync(
        StoredObject stored, long offset, long length, CancellationToken cancellationToken = default)
    {
        CheckRange(stored, offset, length);
        StoredContent opened = await OpenAsync(stored.Key, cancellationToken).ConfigureAwait(false) ?? throw Changed(stored);
        try
        {
            if (opened.Object.Stamp != stored.Stamp) throw Changed(stored);
            var part = new PartStream(opened.Content, length, opened);
            await part.SkipAsync(offset, cancellationToken).ConfigureAwait(false);
            return part;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Writes an object, replacing an earlier one.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="content">Seekable, read from its beginning, again if an attempt fails; not closed.</param>
    /// <param name="cancellationToken">Ends the writing; the object is then complete or unchanged.</param>
    /// <exception cref="IOException">The store can't be written, or not by this user.</exception>
    public abstract Task WriteAsync(string key, Stream content, CancellationToken cancellationToken = default);

    /// <summary>Writes an object unless it exists; of several writers, one succeeds.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="content">As in <see cref="WriteAsync"/>.</param>
    /// <param name="cancellationToken">Ends the writing; the object is then complete or absent.</param>
    /// <returns>
    /// Whether this call wrote it. A call whose response was lost may find its own object and return false: read the object to be
    /// sure.
    /// </returns>
    /// <exception cref="IOException">The store can't be written, or not by this user.</exception>
    public abstract Task<bool> CreateAsync(string key, Stream content, CancellationToken cancellationToken = default);

    /// <summary>Deletes an object, if it exists.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">The store can't be written, or not by this user.</exception>
    public abstract Task DeleteAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Refuses a part that no object of that size has.</summary>
    internal static void CheckRange(StoredObject stored, long offset, long length)
    {
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (stored.Size >= 0) ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, stored.Size - length);
    }

    /// <summary>The error of a part whose object is another one.</summary>
    internal StoreException Changed(StoredObject stored) => new(
        $"'{stored.Key}' in {Address} was replaced or deleted after it was listed. List the store again.",
        StoreFailure.Changed);

    /// <summary>Closes connections.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Dispose()"/>
    /// <param name="disposing">Always true: there is no finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
