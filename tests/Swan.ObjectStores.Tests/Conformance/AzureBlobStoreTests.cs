using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using Swan.Batch.Stores;
using Swan.ObjectStores.Tests.Servers;

namespace Swan.ObjectStores.Tests.Conformance;

public sealed class AzureBlobStoreTests(AzuriteServer server) : StoreConformance
{
    [Fact]
    public async Task A_listing_of_several_pages_is_one_listing()
    {
        using ObjectStore store = Keep(OpenEmpty());
        var container = new BlobContainerClient(AzuriteServer.Connection(server.Address), AzuriteServer.Container);
        string prefix = store.Address[(store.Address.LastIndexOf('/') + 1)..];
        await Parallel.ForEachAsync(Enumerable.Range(0, 5_100), async (i, cancellation) =>
            await container.GetBlobClient($"{prefix}/{i:D5}").UploadAsync(BinaryData.FromString("x"), cancellation));
        Assert.Equal(Enumerable.Range(0, 5_100).Select(i => $"{i:D5}"), await Keys(store, ""));
    }

    [Fact]
    public async Task A_shared_access_signature_in_the_address_is_enough()
    {
        using ObjectStore store = Keep(OpenEmpty());
        await store.WriteAsync("a b/é.png", Content("x"));
        var container = new BlobContainerClient(AzuriteServer.Connection(server.Address), AzuriteServer.Container);
        Uri signed = container.GenerateSasUri(
            BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List, DateTimeOffset.UtcNow.AddHours(1));
        string prefix = store.Address[(store.Address.LastIndexOf('/') + 1)..];
        using ObjectStore reading = ObjectStores.Open(
            $"https://{AzuriteServer.Account}.blob.core.windows.net/{AzuriteServer.Container}/{prefix}{signed.Query}",
            new ObjectStoreOptions { Endpoint = new Uri(server.Address, AzuriteServer.Account), MaxAttempts = 1, Variable = _ => null });
        Assert.Equal(["a b/é.png"], await Keys(reading, ""));
        Assert.Equal("x", await Text(reading, "a b/é.png"));
        Assert.Equal($"https://{AzuriteServer.Account}.blob.core.windows.net/{AzuriteServer.Container}/{prefix}", reading.Address);
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => reading.WriteAsync("b", Content("x")));
        Assert.Equal(StoreFailure.Denied, error.Failure);
    }

    protected override ObjectStore OpenEmpty()
    {
        StoreProxy proxy = Keep(new StoreProxy(server.Address));
        return server.Open(proxy, o => o.PartSize = 5 << 20);
    }
}
