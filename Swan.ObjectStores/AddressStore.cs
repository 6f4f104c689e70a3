using System.Collections.Concurrent;
using Swan.Batch;
using Swan.Batch.Stores;
using Swan.ObjectStores.Azure;
using Swan.ObjectStores.Http;

namespace Swan.ObjectStores;

/// <summary>Objects of any store by their whole addresses, each opened by its own store; read only.</summary>
/// <remarks>Objects have the keys that they were opened by. Queries may be secrets, so no message has them.</remarks>
/// <param name="options">How stores are reached.</param>
internal sealed class AddressStore(ObjectStoreOptions options) : ObjectStore
{
    private const string Web = "";

    private readonly ConcurrentDictionary<string, Lazy<ObjectStore>> _stores = new(StringComparer.Ordinal);

    public override string Address => "addresses";

    public override IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        throw new StoreException("Addresses can't be listed. Give a store's own address.", StoreFailure.NotSupported);

    public override async Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken = default)
    {
        (ObjectStore store, string inner) = StoreOf(key);
        StoredObject? found = await store.FindAsync(inner, cancellationToken).ConfigureAwait(false);
        return found is null ? null : found with { Key = key };
    }

    public override async Task<StoredContent?> OpenAsync(string key, CancellationToken cancellationToken = default)
    {
        (ObjectStore store, string inner) = StoreOf(key);
        StoredContent? opened = await store.OpenAsync(inner, cancellationToken).ConfigureAwait(false);
        return opened is null ? null : new StoredContent(opened.Object with { Key = key }, opened.Content);
    }

    public override Task<Stream> OpenRangeAsync(
        StoredObject stored, long offset, long length, CancellationToken cancellationToken = default)
    {
        (ObjectStore store, string inner) = StoreOf(stored.Key);
        return store.OpenRangeAsync(stored with { Key = inner }, offset, length, cancellationToken);
    }

    public override Task WriteAsync(string key, Stream content, CancellationToken cancellationToken = default) => throw ReadOnly();

    public override Task<bool> CreateAsync(string key, Stream content, CancellationToken cancellationToken = default) => throw ReadOnly();

    public override Task DeleteAsync(string key, CancellationToken cancellationToken = default) => throw ReadOnly();

    protected override void Dispose(bool disposing)
    {
        foreach (Lazy<ObjectStore> store in _stores.Values)
        {
            if (store.IsValueCreated) store.Value.Dispose();
        }
        base.Dispose(disposing);
    }

    private static StoreException ReadOnly() =>
        new("Addresses are only read. Write to s3://, az:// or a folder.", StoreFailure.NotSupported);

    private (ObjectStore Store, string Key) StoreOf(string address)
    {
        string scheme = StoreAddress.SchemeOf(address);
        if (scheme is not ("http" or "https")) return Within(address, parts: scheme == "az" ? 2 : 1);
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0)
        {
            throw new SwanBatchException(
                $"'{StoreAddress.WithoutSecrets(address)}' is not a web address. Expected https://server/path.");
        }
        // A signature needs no other credentials.
        if (uri.Query.Length == 0 && AzureAddress.IsAzure(uri)) return Within(uri.AbsoluteUri, parts: 2, Uri.UnescapeDataString);
        return (Opened(Web, () => HttpStore.OpenAny(options.Settings())), address);
    }

    // The store is a bucket, or an account and a container; the rest is the key.
    private (ObjectStore Store, string Key) Within(string address, int parts, Func<string, string>? read = null)
    {
        int end = address.IndexOf("://", StringComparison.Ordinal) + 2;
        for (int i = 0; i < parts && end >= 0; i++) end = address.IndexOf('/', end + 1);
        if (end < 0 || end + 1 == address.Length)
        {
            // Reports which store is unknown.
            using ObjectStore store = ObjectStores.Open(address, options);
            throw new SwanBatchException($"'{StoreAddress.WithoutSecrets(address)}' names no object. Give its whole address.");
        }
        string key = address[(end + 1)..];
        return (Opened(address[..end], () => ObjectStores.Open(address[..end], options)), read is null ? key : read(key));
    }

    private ObjectStore Opened(string address, Func<ObjectStore> open) =>
        _stores.GetOrAdd(address, _ => new Lazy<ObjectStore>(open)).Value;
}
