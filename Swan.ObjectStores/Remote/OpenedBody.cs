namespace Swan.ObjectStores.Remote;

/// <summary>An answer to a request for an object, or for the rest of one.</summary>
/// <param name="body">Its bytes.</param>
/// <param name="response">What goes with it; disposed with this.</param>
internal sealed class OpenedBody(Stream body, IDisposable response) : IDisposable
{
    public Stream Body { get; } = body;

    /// <summary>Where in the object the bytes begin.</summary>
    public long Start { get; init; }

    /// <summary>Of the whole object; -1 where the server doesn't say.</summary>
    public required long Size { get; init; }

    /// <summary>As in <see cref="Swan.Batch.Stores.StoredObject"/>.</summary>
    public required string Stamp { get; init; }

    /// <summary>What asks for the rest of just this version; null where there is nothing such.</summary>
    public string? Validator { get; init; }

    public void Dispose()
    {
        Body.Dispose();
        response.Dispose();
    }
}
