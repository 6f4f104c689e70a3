using System.Net.Http.Headers;
using Swan.Batch.Stores;
using Swan.ObjectStores.Requests;

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

    /// <summary>The size of a whole object, of which an answer has a part or all.</summary>
    /// <param name="range">What the answer says of its part, such as <c>bytes 0-9/100</c>.</param>
    /// <param name="length">The length of its body.</param>
    /// <returns>The size, and where the part begins.</returns>
    public static (long Size, long Start) Whole(string? range, long length) =>
        ContentRangeHeaderValue.TryParse(range, out ContentRangeHeaderValue? part) && part is { Length: { } size, From: { } from }
            ? (size, from)
            : (length, 0);

    /// <summary>A store's response, which must have a length: otherwise a truncated body would look complete.</summary>
    /// <exception cref="FaultException">It is not.</exception>
    public static OpenedBody Of(Stream body, IDisposable response, long start, long size, string stamp, Attempt attempt)
    {
        var opened = new OpenedBody(body, response) { Start = start, Size = size, Stamp = stamp };
        if (attempt.Answer is not { HasLength: false }) return opened;
        opened.Dispose();
        throw new FaultException(new Fault(
            StoreFailure.Broken, "the response has no length of the object",
            "Something between here and the store removes the length. Look for a proxy that does."));
    }

    public void Dispose()
    {
        try
        {
            Body.Dispose();
        }
        catch (Exception)
        {
            // The SDK compares checksums once more; what it found is on its way to the caller.
        }
        response.Dispose();
    }
}
