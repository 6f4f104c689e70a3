using System.Net;

namespace Swan.ObjectStores.Requests;

/// <summary>A response's body whose failures no SDK retries.</summary>
internal sealed class BodyContent : HttpContent
{
    private readonly HttpContent _content;

    public BodyContent(HttpContent content)
    {
        _content = content;
        foreach ((string name, IEnumerable<string> values) in content.Headers) Headers.TryAddWithoutValidation(name, values);
    }

    protected override async Task<Stream> CreateContentReadStreamAsync() =>
        new BodyStream(await _content.ReadAsStreamAsync().ConfigureAwait(false));

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new BodyStream(await _content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _content.CopyToAsync(stream, context);

    protected override bool TryComputeLength(out long length)
    {
        long? known = _content.Headers.ContentLength;
        length = known ?? 0;
        return known is not null;
    }

    protected override void Dispose(bool disposing)
    {
        _content.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A body broke off.</summary>
/// <remarks>No <see cref="IOException"/>: Azure's SDK would go on reading by requests of its own, out of our count.</remarks>
internal sealed class BodyBrokenException(Exception cause) : Exception("The body broke off.", cause);
