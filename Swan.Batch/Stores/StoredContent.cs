namespace Swan.Batch.Stores;

/// <summary>An object that is open.</summary>
/// <param name="stored">The object that is read, even if a listing reported another one before.</param>
/// <param name="content">Its bytes, forward only; closed with this.</param>
public sealed class StoredContent(StoredObject stored, Stream content) : IDisposable
{
    /// <summary>The object that is read, even if a listing reported another one before.</summary>
    public StoredObject Object { get; } = stored;

    /// <summary>Its bytes, forward only.</summary>
    public Stream Content { get; } = content;

    /// <inheritdoc/>
    public void Dispose() => Content.Dispose();
}
