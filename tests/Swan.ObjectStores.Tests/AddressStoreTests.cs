using System.Net;
using Swan.Batch;
using Swan.Batch.Stores;
using Swan.ObjectStores.Tests.Conformance;
using Swan.ObjectStores.Tests.Servers;

namespace Swan.ObjectStores.Tests;

public sealed class AddressStoreTests(S3Server s3, AzuriteServer azurite)
{
    private const string Query = "?sig=pl4ntedS1gnature";

    [Fact]
    public async Task Objects_of_all_stores_are_found_and_read_by_their_addresses()
    {
        using var web = new StoreProxy(null, new WebFiles { ["/a b/é.png"] = [1], ["/empty"] = [] });
        using var s3Proxy = new StoreProxy(s3.Address, new S3Rules(s3.Folder));
        using var azureProxy = new StoreProxy(azurite.Address);
        using ObjectStore bucket = S3Server.Open(s3Proxy);
        using ObjectStore container = azurite.Open(azureProxy);
        await bucket.WriteAsync("é ?.png", new MemoryStream([2]));
        await container.WriteAsync("x/é ?.png", new MemoryStream([3, 3]));
        string[] addresses =
            [$"{web.Address}a%20b/é.png", $"{web.Address}empty", $"{bucket.Address}/é ?.png", $"{container.Address}/x/é ?.png"];
        int[] sizes = [1, 0, 1, 2];
        for (int i = 0; i < addresses.Length; i++)
        {
            // One endpoint is of all stores.
            using ObjectStore store = ObjectStores.OpenAddresses(new ObjectStoreOptions
            {
                Endpoint = addresses[i].StartsWith("s3:", StringComparison.Ordinal) ? s3Proxy.Address : null,
                Variable = name => name == "AZURE_STORAGE_CONNECTION_STRING" ? AzuriteServer.Connection(azureProxy.Address) : null,
            });
            StoredObject found = (await store.FindAsync(addresses[i]))!;
            Assert.Equal((addresses[i], sizes[i]), (found.Key, found.Size));
            using StoredContent opened = (await store.OpenAsync(addresses[i]))!;
            Assert.Equal((addresses[i], sizes[i], found.Stamp), (opened.Object.Key, opened.Object.Size, opened.Object.Stamp));
            Assert.Null(await store.FindAsync($"{addresses[i][..addresses[i].LastIndexOf('/')]}/gone.png"));
        }
    }

    [Theory]
    [InlineData("", "HEAD")]
    [InlineData(Query, "GET")]
    public async Task A_signature_is_used_with_the_method_that_it_is_for(string query, string method)
    {
        using var web = new StoreProxy(null, new WebFiles { ["/a.png"] = new byte[100] });
        using ObjectStore store = ObjectStores.OpenAddresses();
        Assert.Equal(100, (await store.FindAsync($"{web.Address}a.png{query}"))!.Size);
        ProxiedRequest asked = Assert.Single(web.Requests);
        Assert.Equal((method, query), (asked.Method, asked.Query));
        Assert.Equal(method == "GET" ? "bytes=0-0" : null, asked.Header("Range"));
    }

    [Fact]
    public async Task A_server_that_refuses_HEAD_is_asked_by_GET()
    {
        using var web = new StoreProxy(null, new WebFiles { ["/a.png"] = new byte[100] });
        web.Fail(r => r.Method == "HEAD", new Says(HttpStatusCode.MethodNotAllowed));
        using ObjectStore store = ObjectStores.OpenAddresses();
        Assert.Equal(100, (await store.FindAsync($"{web.Address}a.png"))!.Size);
        Assert.Equal(["HEAD", "GET"], web.Requests.Select(r => r.Method));
    }

    [Fact]
    public async Task Where_a_server_tells_no_version_each_look_finds_another_one()
    {
        using var web = new StoreProxy(null, new WebFiles { ["/a.png"] = new byte[100], HasTags = false });
        using ObjectStore store = ObjectStores.OpenAddresses();
        var stamps = new HashSet<string>();
        for (int i = 0; i < 3; i++) stamps.Add((await store.FindAsync($"{web.Address}a.png"))!.Stamp);
        Assert.Equal(3, stamps.Count);
    }

    [Fact]
    public async Task What_can_not_be_reached_or_has_no_container_is_an_error_without_the_query()
    {
        using var proxy = new StoreProxy(s3.Address, new S3Rules(s3.Folder));
        using ObjectStore store = ObjectStores.OpenAddresses(new ObjectStoreOptions
        {
            Endpoint = proxy.Address, MaxAttempts = 2, Wait = (_, _) => Task.CompletedTask,
        });
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => store.FindAsync($"http://127.0.0.1:1/a.png{Query}"));
        Assert.Equal(StoreFailure.Unreachable, error.Failure);
        Assert.DoesNotContain("pl4nted", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:1/a.png", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<StoreException>(() => store.FindAsync("s3://no-such-bucket/a.png"));
        Assert.Equal(StoreFailure.NoContainer, error.Failure);
    }

    [Theory]
    [InlineData("gs://bucket/a.png", "storage.googleapis.com")]
    [InlineData("s3://bucket", "names no object")]
    [InlineData("s3://bucket/", "names no object")]
    [InlineData("az://account/container", "names no object")]
    [InlineData("https://", "not a web address")]
    [InlineData("nothing", "names no object")]
    public async Task What_is_no_address_of_an_object_is_refused(string address, string expected)
    {
        using ObjectStore store = ObjectStores.OpenAddresses(new ObjectStoreOptions { Region = "eu-central-1", Anonymous = true });
        var refused = await Assert.ThrowsAsync<SwanBatchException>(() => store.FindAsync(address));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://bucket/a/b.tar", "s3://bucket/a", "b.tar")]
    [InlineData("s3://bucket/b.tar", "s3://bucket", "b.tar")]
    [InlineData("az://account/container/b.tar", "az://account/container", "b.tar")]
    [InlineData("https://h/a/b%20c.tar?sig=1", "https://h/a", "b c.tar")]
    [InlineData("/a/b.tar", "/a", "b.tar")]
    [InlineData("file:///a/b%20c.tar", "/a", "b c.tar")]
    public void The_store_of_an_object_begins_one_folder_above(string address, string expected, string expectedKey)
    {
        using ObjectStore store = ObjectStores.OpenFolderOf(
            address, out string key, new ObjectStoreOptions { Region = "eu-central-1", Anonymous = true });
        Assert.Equal((expected, expectedKey), (store.Address, key));
        Assert.Equal(address.Contains('?', StringComparison.Ordinal), store.IsSigned);
        Assert.Throws<SwanBatchException>(() => ObjectStores.OpenFolderOf("s3://bucket", out _));
    }
}
