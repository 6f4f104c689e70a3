using System.Globalization;
using System.Net;
using System.Text;
using System.Web;
using Microsoft.AspNetCore.Http;

namespace Swan.ObjectStores.Tests.Servers;

/// <summary>What S3 does and s3rver doesn't: conditions, aborted uploads, objects that are whole when their writing is answered.</summary>
/// <param name="folder">Where s3rver keeps objects.</param>
internal sealed class S3Rules(string folder) : IProxyRules
{
    /// <summary>Listings below this prefix are made up: <see cref="Million"/> keys that are nowhere.</summary>
    public const string MillionPrefix = "million/";

    public const int Million = 1_000_000;

    private readonly HashSet<string> _objects = [];
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Whether conditions are passed over, as s3rver does.</summary>
    public bool IgnoresConditions { get; init; }

    /// <summary>Uploads in parts that were begun and neither completed nor aborted.</summary>
    public int OpenUploads { get; private set; }

    public async Task<HttpResponseMessage> AnswerAsync(
        ProxiedRequest request, HttpContext context, Func<Task<HttpResponseMessage>> forward)
    {
        System.Collections.Specialized.NameValueCollection query = HttpUtility.ParseQueryString(request.Query);
        if (request.IsListing && query["prefix"]?.Contains(MillionPrefix, StringComparison.Ordinal) == true)
            return Page(query["prefix"]!, query["continuation-token"]);
        if (request.Method is "GET" or "HEAD") return await ReadAsync(request, forward);
        await _turn.WaitAsync();
        try
        {
            return await WriteAsync(request, query["uploadId"], forward);
        }
        finally
        {
            _turn.Release();
        }
    }

    private static HttpResponseMessage Error(HttpStatusCode status, string code) => new(status)
    {
        Content = new StringContent(
            $"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message></Message></Error>", Encoding.UTF8, "application/xml"),
    };

    private static async Task<HttpResponseMessage> ReadAsync(ProxiedRequest request, Func<Task<HttpResponseMessage>> forward)
    {
        HttpResponseMessage response = await forward();
        string? etag = request.Header("If-Match");
        if (etag is null || !response.IsSuccessStatusCode || response.Headers.ETag?.Tag == etag) return response;
        response.Dispose();
        return Error(HttpStatusCode.PreconditionFailed, "PreconditionFailed");
    }

    private static HttpResponseMessage Page(string prefix, string? token)
    {
        const int Length = 5_000;
        int start = token is null ? 0 : int.Parse(token, CultureInfo.InvariantCulture), end = Math.Min(start + Length, Million);
        var page = new StringBuilder("<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        for (int i = start; i < end; i++)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<Contents><Key>{prefix}{i:D7}.png</Key><ETag>&quot;{i:x32}&quot;</ETag><Size>{i}</Size></Contents>");
        }
        page.Append(CultureInfo.InvariantCulture, $"<IsTruncated>{(end < Million ? "true" : "false")}</IsTruncated>");
        if (end < Million) page.Append(CultureInfo.InvariantCulture, $"<NextContinuationToken>{end}</NextContinuationToken>");
        page.Append("</ListBucketResult>");
        return new HttpResponseMessage { Content = new StringContent(page.ToString(), Encoding.UTF8, "application/xml") };
    }

    private async Task<HttpResponseMessage> WriteAsync(ProxiedRequest request, string? upload, Func<Task<HttpResponseMessage>> forward)
    {
        bool conditional = request.Header("If-None-Match") == "*" && !IgnoresConditions;
        if (conditional && _objects.Contains(request.Path)) return Error(HttpStatusCode.PreconditionFailed, "PreconditionFailed");
        if (request.Method == "DELETE" && upload is not null)
        {
            OpenUploads--;
            return new HttpResponseMessage(HttpStatusCode.NoContent);
        }
        if (request.Method == "POST" && upload is not null && !Directory.Exists(Path.Combine(Uploads(request), upload)))
            return Error(HttpStatusCode.NotFound, "NoSuchUpload");
        HttpResponseMessage response = await forward();
        if (!response.IsSuccessStatusCode) return response;
        switch (request.Method)
        {
            case "DELETE":
                _objects.Remove(request.Path);
                break;
            case "POST" when upload is null:
                OpenUploads++;
                break;
            case "PUT" when upload is not null:
                string part = HttpUtility.ParseQueryString(request.Query)["partNumber"]!;
                await WrittenAsync(Path.Combine(Uploads(request), upload, part), LengthOf(request));
                break;
            default:
                if (upload is not null) OpenUploads--;
                else await WrittenAsync(ObjectFile(request), LengthOf(request));
                _objects.Add(request.Path);
                break;
        }
        return response;
    }

    // s3rver answers before the last bytes are in the file.
    private static Task WrittenAsync(string file, long length) =>
        Eventually.True(() => new FileInfo(file) is { Exists: true } info && info.Length == length, $"'{file}' has {length} bytes");

    private static long LengthOf(ProxiedRequest request) =>
        long.Parse(request.Header("Content-Length")!, CultureInfo.InvariantCulture);

    private string Uploads(ProxiedRequest request) => Path.Combine(folder, request.Path.Split('/')[1], "._S3rver_uploads");

    private string ObjectFile(ProxiedRequest request) => $"{folder}{request.Path}._S3rver_object";
}
