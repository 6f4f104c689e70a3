using System.Collections.Concurrent;
using Swan.Batch.Stores;
using Swan.ObjectStores.Tests.Conformance;
using Swan.ObjectStores.Tests.Servers;

namespace Swan.ObjectStores.Tests.Failures;

public sealed class HttpFailureTests : StoreFailureTests
{
    [Fact]
    public async Task A_server_that_knows_no_ranges_sends_all_of_it_again()
    {
        await using Scene scene = await SceneAsync();
        ((WebFiles)scene.Proxy.Rules!).HasRanges = false;
        scene.Proxy.Fail(r => r.IsRead, new Cuts(300_000));
        Assert.Equal(Image, await StoreConformance.Bytes(scene.Store, "image"));
        Assert.Equal(2, scene.Reads.Length);
    }

    [Fact]
    public async Task Without_versions_a_body_that_breaks_off_can_only_fail()
    {
        await using Scene scene = await SceneAsync();
        ((WebFiles)scene.Proxy.Rules!).HasTags = false;
        scene.Proxy.Fail(r => r.IsRead, new Cuts(300_000));
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => StoreConformance.Bytes(scene.Store, "image"));
        Assert.Contains("reports no version", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_tells_no_length_is_read_to_the_end()
    {
        await using Scene scene = await SceneAsync();
        ((WebFiles)scene.Proxy.Rules!).HasLength = false;
        using StoredContent? opened = await scene.Store.OpenAsync("image");
        Assert.Equal(-1, opened!.Object.Size);
        var bytes = new MemoryStream();
        await opened.Content.CopyToAsync(bytes);
        Assert.Equal(Image, bytes.ToArray());
    }

    protected override Task<Scene> SceneAsync(Action<ObjectStoreOptions>? set = null)
    {
        var files = new WebFiles { ["/data/image"] = Image };
        var proxy = new StoreProxy(null, files);
        var waits = new ConcurrentQueue<TimeSpan>();
        var options = new ObjectStoreOptions();
        Scene.Set(options, waits, set);
        ObjectStore store = ObjectStores.Open($"{proxy.Address}data", options);
        return Task.FromResult(new Scene(proxy, store, waits, bytes =>
        {
            files["/data/image"] = bytes;
            return Task.CompletedTask;
        }));
    }
}
