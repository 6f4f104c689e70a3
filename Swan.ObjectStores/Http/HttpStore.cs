using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Swan.Batch;
using Swan.Batch.Stores;
using Swan.ObjectStores.Addresses;
using Swan.ObjectStores.Remote;
using Swan.ObjectStores.Requests;

namespace Swan.ObjectStores.Http;

/// <summary>Files of a web server, to be read.</summary>
/// <remarks>
/// Keys are paths below the address, or whole URLs, or empty for the address itself. A query of the address (a signature, a token) goes
/// with each path.
/// </remarks>
internal sealed class HttpStore : RemoteStore
{
    private const string Time = "time:", Unsure = StoredObject.Unsure;

    private readonly Uri _base;
    private readonly HttpClient _http;
    private readonly StoreSettings _options;
    private readonly string _full;

    private HttpStore(string address, Uri uri, StoreSettings options)
        : base(StoreAddress.WithoutSecrets(address), "", options, new Secrets(options.Variable, address))
    {
        (_full, _base, _options) = (address, uri, options);
        _http = new HttpClient(new AttemptHandler(options, redirects: true)) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
    }

    internal override bool IsSigned => _full != Address;

    protected override bool ListsInOrder => false;

    protected override int MaxParts => throw ReadOnly();

    /// <summary>Opens a server's address.</summary>
    /// <exception cref="SwanBatchException">It is not such an address.</exception>
    public static HttpStore Open(string address, StoreSettings options) =>
        Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Host.Length > 0
            ? new HttpStore(address, uri, options)
            : throw new SwanBatchException(
                $"'{StoreAddress.WithoutSecrets(address)}' is not a web address. Expected https://server/path.");

    /// <summary>Opens what whole URLs name, of any server.</summary>
    public static HttpStore OpenAny(StoreSettings options) => new("https://", new Uri("https://any.invalid"), options);

    // Without a version, each look finds another one, so the file is read again.
    public override async Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken = default)
    {
        StoredObject? found = await base.FindAsync(key, cancellationToken).ConfigureAwait(false);
        return found?.Stamp.StartsWith($"{Unsure};", StringComparison.Ordinal) == true
            ? found with { Stamp = $"{found.Stamp};{Guid.NewGuid():N}" } : found;
    }

    public override IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        throw new StoreException(
            $"{Address} can't be listed: web servers don't list files. Give a list of paths or URLs, one per line.",
            StoreFailure.NotSupported);

    public override Task WriteAsync(string key, Stream content, CancellationToken cancellationToken = default) => throw ReadOnly();

    public override Task<bool> CreateAsync(string key, Stream content, CancellationToken cancellationToken = default) => throw ReadOnly();

    public override Task DeleteAsync(string key, CancellationToken cancellationToken = default) => throw ReadOnly();

    // The whole URL; it never stands in an error.
    protected override string NameOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length == 0) return _full;
        if (StoreAddress.IsWeb(key)) return key;
        StoreKey.Check(key, Address);
        string path = string.Join('/', key.Split('/').Select(Uri.EscapeDataString));
        string user = _base.UserInfo.Length == 0 ? "" : $"{_base.UserInfo}@";
        return $"{_base.Scheme}://{user}{_base.Authority}{_base.AbsolutePath.TrimEnd('/')}/{path}{_base.Query}";
    }

    protected override Subject About(string key, string doing) => StoreAddress.IsWeb(key)
        ? new Subject($"'{StoreAddress.WithoutSecrets(key)}'", doing, new Secrets(_options.Variable, key))
        : new Subject(key.Length == 0 ? Address : $"'{key}' in {Address}", doing, Secrets);

    // Signatures in a query are for one method. What some servers say to HEAD, they don't say to GET.
    protected override async Task<OpenedBody?> HeadAsync(string name, Attempt attempt)
    {
        if (!name.Contains('?', StringComparison.Ordinal))
        {
            using HttpRequestMessage request = Request(name, HttpMethod.Head);
            HttpResponseMessage response =
                await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, attempt.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.OK && response.Content.Headers.ContentLength > 0)
                return await OpenedAsync(response, attempt).ConfigureAwait(false);
            response.Dispose();
        }
        return await base.HeadAsync(name, attempt).ConfigureAwait(false);
    }

    protected override async Task<OpenedBody?> GetAsync(string name, Wanted wanted, Attempt attempt)
    {
        using HttpRequestMessage request = Request(name, HttpMethod.Get);
        if (wanted.IsPart) request.Headers.Range = new RangeHeaderValue(wanted.Start, wanted.End - 1);
        if (wanted.Stamp is not null) Require(request.Headers, wanted);
        HttpResponseMessage response =
            await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, attempt.Token).ConfigureAwait(false);
        try
        {
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
            {
                response.Dispose();
                return null;
            }
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent)) throw new FaultException(Judge(response));
            return await OpenedAsync(response, attempt).ConfigureAwait(false);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    protected override Task<ListedPage> PageAsync(string prefix, string? next, Attempt attempt) => throw ReadOnly();

    protected override Task<bool> PutAsync(string name, Stream body, bool create, Attempt attempt) => throw ReadOnly();

    protected override PartUpload InParts(string name, bool create) => throw ReadOnly();

    protected override Task<bool> DeleteAsync(string name, Attempt attempt) => throw ReadOnly();

    protected override Fault? Judge(Exception error, Attempt attempt) => null;

    protected override void Dispose(bool disposing)
    {
        _http.Dispose();
        base.Dispose(disposing);
    }

    private static HttpRequestMessage Request(string url, HttpMethod method)
    {
        var uri = new Uri(url);
        string user = Uri.UnescapeDataString(uri.UserInfo);
        Uri plain = user.Length == 0 ? uri : new UriBuilder(uri) { UserName = "", Password = "" }.Uri;
        var request = new HttpRequestMessage(method, plain);
        if (user.Length > 0)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user)));
        // What is compressed on the way has another length.
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        return request;
    }

    private static async Task<OpenedBody> OpenedAsync(HttpResponseMessage response, Attempt attempt)
    {
        HttpContentHeaders headers = response.Content.Headers;
        (long size, long start) = OpenedBody.Whole(headers.ContentRange?.ToString(), headers.ContentLength ?? -1);
        Stream body = await response.Content.ReadAsStreamAsync(attempt.Token).ConfigureAwait(false);
        return new OpenedBody(body, response) { Start = start, Size = size, Stamp = Stamp(response, size) };
    }

    // A weak tag may stay where bytes change.
    private static string Stamp(HttpResponseMessage response, long size)
    {
        EntityTagHeaderValue? etag = response.Headers.ETag;
        DateTimeOffset? modified = response.Content.Headers.LastModified;
        if (etag is { IsWeak: false }) return Wanted.StampOf(etag.Tag);
        return modified is { } time
            ? string.Create(CultureInfo.InvariantCulture, $"{Time}{time.UtcTicks};size:{size}")
            : string.Create(CultureInfo.InvariantCulture, $"{Unsure}{etag};size:{size}");
    }

    private static void Require(HttpRequestHeaders headers, Wanted wanted)
    {
        if (wanted.ETag is { } etag) headers.IfMatch.Add(new EntityTagHeaderValue(etag));
        else if (wanted.Stamp!.StartsWith(Time, StringComparison.Ordinal))
        {
            string ticks = wanted.Stamp[Time.Length..wanted.Stamp.IndexOf(';', StringComparison.Ordinal)];
            headers.IfUnmodifiedSince = new DateTimeOffset(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero);
        }
        else
        {
            throw new FaultException(new Fault(
                StoreFailure.Other, "it would have to be read in parts",
                "The server reports no version of its files (ETag or Last-Modified), so parts may be of different ones. Read it again."));
        }
    }

    private static Fault Judge(HttpResponseMessage response)
    {
        Fault fault = TransportFaults.Of(response.StatusCode, response.StatusCode.ToString());
        return fault.Failure != StoreFailure.Denied ? fault : fault with
        {
            Advice = "The server doesn't let this user read it. A signature in the address may have expired; get a new address.",
        };
    }

    private StoreException ReadOnly() => new(
        $"{Address} can't be written to: web servers are read only. Write to s3://, az:// or a folder.", StoreFailure.NotSupported);
}
