namespace Swan.Batch.Stores;

/// <summary>An object that is open.</summary>
/// <param name="stored">What it is: that which is read, also where a listing said otherwise before.</param>
/// <param name="content">Its bytes, forward only; closed with this.</param>
public sealed class StoredContent(StoredObject stored, Stream content) : IDisposable
{
    /// <summary>What it is: that which is read, also where a listing said otherwise before.</summary>
    public StoredObject Object { get; } = stored;

    /// <summary>Its bytes, forward only.</summary>
    public Stream Content { get; } = content;

    /// <inheritdoc/>
    public void Dispose() => Content.Dispose();
}
