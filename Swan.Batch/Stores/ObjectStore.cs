namespace Swan.Batch.Stores;

/// <summary>Objects under keys: a folder of this machine, or a bucket elsewhere.</summary>
/// <remarks>
/// What a batch job reads from and writes to. An object is whole or not there. Nothing relies on locks or renames, which buckets lack: an
/// object that several processes may write is written with <see cref="CreateAsync"/>, by one of them. Safe for concurrent use.
/// Failures that may pass are tried again by the store before it throws.
/// </remarks>
public abstract class ObjectStore : IDisposable
{
    /// <summary>Where the store is, without anything secret, such as <c>s3://bucket/prefix</c>.</summary>
    public abstract string Address { get; }

    /// <summary>Lists objects, in the order of their keys' UTF-8 bytes.</summary>
    /// <param name="prefix">What their keys begin with; empty: all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="IOException">The store can't be read.</exception>
    public abstract IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>Opens an object; null where there is none.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="cancellationToken">Ends the wait, and every later read of the content.</param>
    /// <returns>The object and its content, forward only; the caller disposes it. A content that breaks off is read on where it broke off,
    /// or throws: it never ends early.</returns>
    /// <exception cref="IOException">The store can't be read, or not by this user.</exception>
    public abstract Task<StoredContent?> OpenAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Writes an object, in place of an earlier one.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="content">Seekable, read from its beginning, again if an attempt fails; not closed.</param>
    /// <param name="cancellationToken">Ends the writing; the object is then whole or as it was.</param>
    /// <exception cref="IOException">The store can't be written, or not by this user.</exception>
    public abstract Task WriteAsync(string key, Stream content, CancellationToken cancellationToken = default);

    /// <summary>Writes an object unless there is one; of several writers, one.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="content">As in <see cref="WriteAsync"/>.</param>
    /// <param name="cancellationToken">Ends the writing; the object is then whole or not there.</param>
    /// <returns>
    /// Whether it was this call that wrote it. A call whose answer was lost may find its own object and say false: whoever must know
    /// reads it.
    /// </returns>
    /// <exception cref="IOException">The store can't be written, or not by this user.</exception>
    public abstract Task<bool> CreateAsync(string key, Stream content, CancellationToken cancellationToken = default);

    /// <summary>Deletes an object, if it is there.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">The store can't be written, or not by this user.</exception>
    public abstract Task DeleteAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Lets go of connections.</summary>
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
