using Azure.Storage.Blobs;
using Swan.Batch.Stores;

[assembly: AssemblyFixture(typeof(Swan.ObjectStores.Tests.Servers.AzuriteServer))]

namespace Swan.ObjectStores.Tests.Servers;

/// <summary>Azurite, Azure's own emulator, in memory.</summary>
public sealed class AzuriteServer : NpmServer
{
    // The account and key that its documentation names.
    public const string Account = "devstoreaccount1", Container = "tests";
    public const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly Lazy<string> _container;

    public AzuriteServer() => _container = new Lazy<string>(() =>
    {
        new BlobContainerClient(Connection(Address), Container).Create();
        return Container;
    });

    protected override string Script => "node_modules/azurite/dist/src/blob/main.js";

    protected override IEnumerable<string> Arguments =>
        ["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent", "--blobHost", "127.0.0.1", "--blobPort", "0"];

    protected override string BeforePort => "listens on http://127.0.0.1:";

    /// <summary>A connection string for a server's address.</summary>
    public static string Connection(Uri address) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={address.AbsoluteUri}{Account};";

    /// <summary>A prefix that no other test has, as a store behind a proxy.</summary>
    internal ObjectStore Open(StoreProxy proxy, Action<ObjectStoreOptions>? set = null)
    {
        var options = new ObjectStoreOptions
        {
            Variable = name => name == "AZURE_STORAGE_CONNECTION_STRING" ? Connection(proxy.Address) : null,
        };
        set?.Invoke(options);
        return ObjectStores.Open($"az://{Account}/{_container.Value}/{Guid.NewGuid():N}", options);
    }
}
