using Swan.Batch.Stores;

[assembly: AssemblyFixture(typeof(Swan.ObjectStores.Tests.Servers.S3Server))]

namespace Swan.ObjectStores.Tests.Servers;

/// <summary>s3rver, which keeps objects as files. It checks signatures, and knows no conditions.</summary>
public sealed class S3Server : NpmServer
{
    public const string Bucket = "tests", Key = "S3RVER";

    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder.FullName;

    protected override string Script => "node_modules/s3rver/bin/s3rver.js";

    protected override IEnumerable<string> Arguments =>
        ["-d", Folder, "-a", "127.0.0.1", "-p", "0", "--no-vhost-buckets", "--configure-bucket", Bucket];

    protected override string BeforePort => "listening on 127.0.0.1:";

    /// <summary>Options for the store behind a proxy.</summary>
    internal static ObjectStoreOptions Options(StoreProxy proxy) => new() { Endpoint = proxy.Address };

    /// <summary>A prefix that no other test has, as a store behind a proxy.</summary>
    internal static ObjectStore Open(StoreProxy proxy, Action<ObjectStoreOptions>? set = null)
    {
        ObjectStoreOptions options = Options(proxy);
        set?.Invoke(options);
        return ObjectStores.Open($"s3://{Bucket}/{Guid.NewGuid():N}", options);
    }

    public override void Dispose()
    {
        base.Dispose();
        _folder.Dispose();
    }
}
