using System.Net;
using Swan.Batch.Stores;
using Swan.ObjectStores.Tests.Conformance;
using Swan.ObjectStores.Tests.Servers;

namespace Swan.ObjectStores.Tests.Failures;

/// <summary>The same for stores that can be written and listed.</summary>
public abstract class WritingFailureTests : StoreFailureTests
{
    private const int Large = 12 << 20;

    [Theory]
    [InlineData("busy")]
    [InlineData("reset")]
    [InlineData("answer lost")]
    public async Task A_write_that_fails_is_done_again(string kind)
    {
        await using Scene scene = await SceneAsync();
        byte[] bytes = StoreConformance.Random(200_000);
        scene.Proxy.Fail(r => r.IsWrite, Fault(kind), times: 2);
        await scene.Store.WriteAsync("new", new MemoryStream(bytes));
        Assert.Equal(bytes, await StoreConformance.Bytes(scene.Store, "new"));
        Assert.Equal(3, scene.Writes.Length);
    }

    [Theory]
    [InlineData("busy")]
    [InlineData("reset")]
    public async Task A_creation_that_fails_is_done_again(string kind)
    {
        await using Scene scene = await SceneAsync();
        byte[] bytes = StoreConformance.Random(200_000);
        scene.Proxy.Fail(r => r.IsWrite, Fault(kind), times: 2);
        Assert.True(await scene.Store.CreateAsync("new", new MemoryStream(bytes)));
        Assert.Equal(bytes, await StoreConformance.Bytes(scene.Store, "new"));
    }

    [Fact]
    public async Task A_creation_whose_answer_is_lost_finds_its_own_object()
    {
        await using Scene scene = await SceneAsync();
        byte[] bytes = StoreConformance.Random(200_000);
        scene.Proxy.Fail(r => r.IsWrite, new LosesAnswer());
        Assert.False(await scene.Store.CreateAsync("new", new MemoryStream(bytes)));
        Assert.Equal(bytes, await StoreConformance.Bytes(scene.Store, "new"));
        Assert.Equal(2, scene.Writes.Length);
    }

    [Theory]
    [InlineData("busy")]
    [InlineData("reset")]
    [InlineData("answer lost")]
    public async Task Of_a_large_write_only_the_part_that_failed_is_sent_again(string kind)
    {
        await using Scene scene = await SceneAsync(o => o.PartSize = 5 << 20);
        byte[] bytes = StoreConformance.Random(Large);
        int puts = 0;
        scene.Proxy.Fail(r => r.Method == "PUT" && ++puts == 2, Fault(kind));
        await scene.Store.WriteAsync("large", new MemoryStream(bytes));
        Assert.Equal(bytes, await StoreConformance.Bytes(scene.Store, "large"));
        // Three parts, one of them twice.
        Assert.Equal(4, scene.Writes.Count(IsPart));
    }

    [Fact]
    public async Task A_large_write_whose_last_answer_is_lost_is_whole()
    {
        await using Scene scene = await SceneAsync(o => o.PartSize = 5 << 20);
        byte[] bytes = StoreConformance.Random(Large);
        scene.Proxy.Fail(IsEnd, new LosesAnswer());
        await scene.Store.WriteAsync("large", new MemoryStream(bytes));
        Assert.Equal(bytes, await StoreConformance.Bytes(scene.Store, "large"));
    }

    [Fact]
    public async Task A_listing_that_fails_between_pages_lists_each_object_once()
    {
        await using Scene scene = await SceneAsync();
        await scene.Store.WriteAsync("other", new MemoryStream([1]));
        scene.Proxy.Fail(r => r.IsListing, new Says(HttpStatusCode.ServiceUnavailable));
        scene.Proxy.Fail(r => r.IsListing, new Cuts(100));
        Assert.Equal(["image", "other"], await StoreConformance.Keys(scene.Store, ""));
        Assert.Equal(3, scene.Requests.Count(r => r.IsListing));
    }

    [Fact]
    public async Task A_delete_whose_answer_is_lost_is_done()
    {
        await using Scene scene = await SceneAsync();
        scene.Proxy.Fail(r => r.Method == "DELETE", new LosesAnswer());
        await scene.Store.DeleteAsync("image");
        Assert.Null(await scene.Store.OpenAsync("image"));
    }

    [Fact]
    public async Task Bytes_of_an_attempt_that_stalled_do_not_get_into_the_next_one()
    {
        await using Scene scene = await SceneAsync(o => o.StallTimeout = TimeSpan.FromSeconds(1));
        byte[] bytes = StoreConformance.Random(3_000_000);
        scene.Proxy.Fail(r => r.IsWrite, new Stalls());
        await scene.Store.WriteAsync("new", new MemoryStream(bytes));
        Assert.Equal(bytes, await StoreConformance.Bytes(scene.Store, "new"));
    }

    [Fact]
    public async Task An_answer_without_a_length_is_not_taken_for_whole()
    {
        await using Scene scene = await SceneAsync();
        scene.Proxy.Fail(r => r.IsRead, new HidesLength(1000));
        Assert.Equal(Image, await StoreConformance.Bytes(scene.Store, "image"));
        Assert.Equal(2, scene.Reads.Length);
    }

    internal abstract bool IsPart(ProxiedRequest request);

    internal abstract bool IsEnd(ProxiedRequest request);

    private static ProxyFault Fault(string kind) => kind switch
    {
        "busy" => new Says(HttpStatusCode.ServiceUnavailable, "SlowDown"),
        "reset" => new Resets(),
        _ => new LosesAnswer(),
    };
}
