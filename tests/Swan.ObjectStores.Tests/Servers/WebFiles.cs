using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Swan.ObjectStores.Tests.Servers;

/// <summary>Files of a web server.</summary>
internal sealed class WebFiles : IProxyRules
{
    private readonly ConcurrentDictionary<string, byte[]> _files = new();

    /// <summary>Whether it tells versions.</summary>
    public bool HasTags { get; set; } = true;

    /// <summary>Whether it sends parts of files.</summary>
    public bool HasRanges { get; set; } = true;

    /// <summary>Whether it tells how long a file is.</summary>
    public bool HasLength { get; set; } = true;

    public byte[] this[string path]
    {
        set => _files[path] = value;
    }

    public Task<HttpResponseMessage> AnswerAsync(ProxiedRequest request, HttpContext context, Func<Task<HttpResponseMessage>> forward) =>
        Task.FromResult(Answer(request));

    private HttpResponseMessage Answer(ProxiedRequest request)
    {
        if (!_files.TryGetValue(request.Path, out byte[]? file)) return new HttpResponseMessage(HttpStatusCode.NotFound);
        string tag = $"\"{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(file))}\"";
        if (request.Header("If-Match") is { } wanted && wanted != tag) return new HttpResponseMessage(HttpStatusCode.PreconditionFailed);
        RangeItemHeaderValue? range =
            HasRanges && RangeHeaderValue.TryParse(request.Header("Range"), out RangeHeaderValue? parsed) ? parsed.Ranges.Single() : null;
        if (range?.From >= file.Length) return new HttpResponseMessage(HttpStatusCode.RequestedRangeNotSatisfiable);
        int from = (int)(range?.From ?? 0), length = (int)Math.Min((range?.To ?? file.Length) + 1, file.Length) - from;
        HttpContent content = HasLength ? new ByteArrayContent(file, from, length) : new StreamContent(new Endless(file));
        // A content tells its length when it is asked for it.
        if (HasLength) content.Headers.ContentLength = length;
        var response = new HttpResponseMessage(range is not null ? HttpStatusCode.PartialContent : HttpStatusCode.OK) { Content = content };
        if (HasTags) response.Headers.ETag = new EntityTagHeaderValue(tag);
        if (range is not null) content.Headers.ContentRange = new ContentRangeHeaderValue(from, from + length - 1, file.Length);
        return response;
    }

    // Nobody can ask how long it is.
    private sealed class Endless(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
