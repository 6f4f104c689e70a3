using Swan.Batch.Stores;
using Swan.ObjectStores.Tests.Servers;

namespace Swan.ObjectStores.Tests.Archives;

public sealed class AzureArchiveTests(AzuriteServer server) : ArchiveConformance
{
    protected override ObjectStore OpenEmpty()
    {
        StoreProxy proxy = Keep(new StoreProxy(server.Address));
        return server.Open(proxy);
    }
}
