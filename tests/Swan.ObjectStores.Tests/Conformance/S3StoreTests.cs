using Swan.Batch;
using Swan.Batch.Stores;
using Swan.ObjectStores.Tests.Servers;

namespace Swan.ObjectStores.Tests.Conformance;

public sealed class S3StoreTests(S3Server server) : StoreConformance
{
    [Fact]
    public async Task Parts_that_nobody_completes_are_deleted()
    {
        var rules = new S3Rules(server.Folder);
        using var proxy = new StoreProxy(server.Address, rules);
        using ObjectStore store = S3Server.Open(proxy, o => (o.PartSize, o.MaxAttempts) = (5 << 20, 1));
        await Assert.ThrowsAnyAsync<IOException>(() => store.WriteAsync("a", new BrokenContent(12 << 20)));
        Assert.Equal(0, rules.OpenUploads);
        Assert.Contains(proxy.Requests, r => r.Method == "DELETE" && r.Query.Contains("uploadId", StringComparison.Ordinal));

        Assert.True(await store.CreateAsync("b", new MemoryStream(Random(11 << 20))));
        Assert.False(await store.CreateAsync("b", new MemoryStream(Random(11 << 20))));
        Assert.Equal(0, rules.OpenUploads);
    }

    [Fact]
    public async Task A_million_keys_are_listed_without_being_held()
    {
        using var proxy = new StoreProxy(server.Address, new S3Rules(server.Folder));
        using ObjectStore store = S3Server.Open(proxy);
        long before = GC.GetTotalMemory(forceFullCollection: true), most = 0;
        int count = 0;
        string last = "";
        await foreach (StoredObject stored in store.ListAsync(S3Rules.MillionPrefix))
        {
            Assert.True(string.CompareOrdinal(last, stored.Key) < 0);
            last = stored.Key;
            if (count++ % 250_000 == 0) most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
        }
        Assert.Equal((S3Rules.Million, "million/0999999.png"), (count, last));
        // All of them would take some 250 MB: 200,000 of them are in memory while they are sorted.
        Assert.InRange(most - before, 0, 100_000_000);
    }

    [Fact]
    public async Task A_store_that_takes_no_notice_of_conditions_is_not_fit()
    {
        using var proxy = new StoreProxy(server.Address, new S3Rules(server.Folder) { IgnoresConditions = true });
        using ObjectStore store = S3Server.Open(proxy);
        SwanBatchException error = await Assert.ThrowsAsync<SwanBatchException>(() => StoreProbe.CheckAsync(store));
        Assert.Contains("ignores conditions", error.Message, StringComparison.Ordinal);
        Assert.Empty(await Keys(store, ""));
    }

    [Fact]
    public async Task A_store_that_keeps_the_framing_of_uploads_is_not_fit()
    {
        // s3rver does.
        using var proxy = new StoreProxy(server.Address, new S3Rules(server.Folder));
        using ObjectStore store = S3Server.Open(proxy, o => o.ChunkedUploads = true);
        SwanBatchException error = await Assert.ThrowsAsync<SwanBatchException>(() => StoreProbe.CheckAsync(store));
        Assert.Contains("keeps the framing of uploads as content", error.Message, StringComparison.Ordinal);
        Assert.Contains("ChunkedUploads", error.Message, StringComparison.Ordinal);
    }

    protected override ObjectStore OpenEmpty()
    {
        StoreProxy proxy = Keep(new StoreProxy(server.Address, new S3Rules(server.Folder)));
        return S3Server.Open(proxy, o => o.PartSize = 5 << 20);
    }
}
