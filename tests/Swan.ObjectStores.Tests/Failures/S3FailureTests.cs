using System.Collections.Concurrent;
using System.Net;
using Swan.Batch;
using Swan.Batch.Stores;
using Swan.ObjectStores.Tests.Conformance;
using Swan.ObjectStores.Tests.Servers;

namespace Swan.ObjectStores.Tests.Failures;

public sealed class S3FailureTests(S3Server server) : WritingFailureTests
{
    [Theory]
    [InlineData(403, "AccessDenied", StoreFailure.Denied, "s3:ListBucket")]
    [InlineData(403, "InvalidAccessKeyId", StoreFailure.Denied, "doesn't know the access key")]
    [InlineData(403, "SignatureDoesNotMatch", StoreFailure.Denied, "doesn't belong to the access key")]
    [InlineData(400, "ExpiredToken", StoreFailure.Expired, "Renew them")]
    [InlineData(404, "NoSuchBucket", StoreFailure.NoContainer, "There is no bucket 'tests'")]
    [InlineData(301, "PermanentRedirect", StoreFailure.WrongRegion, "in the region eu-north-1")]
    [InlineData(400, "AuthorizationHeaderMalformed", StoreFailure.WrongRegion, "AWS_REGION")]
    [InlineData(403, "RequestTimeTooSkewed", StoreFailure.Clock, "clock is wrong")]
    [InlineData(501, "NotImplemented", StoreFailure.NotSupported, "newer version")]
    public async Task An_error_says_what_it_means(int status, string code, object failure, string advice)
    {
        await using Scene scene = await SceneAsync();
        scene.Proxy.Fail(r => r.IsRead, new Says((HttpStatusCode)status, code, Region: "eu-north-1"), times: 100);
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => scene.Store.OpenAsync("image"));
        Assert.Equal((StoreFailure)failure, error.Failure);
        Assert.Contains(code, error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
        Assert.Single(scene.Reads);
        bool mayPass = error.Failure is StoreFailure.Clock or StoreFailure.Expired; // of this machine, of this process
        Assert.Equal(mayPass ? BatchExitCode.InputOutput : BatchExitCode.Failed, BatchExitCode.For(error));
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_an_error_also_in_fact()
    {
        await using Scene scene = await SceneAsync();
        using ObjectStore store = ObjectStores.Open("s3://nowhere/prefix", S3Server.Options(scene.Proxy));
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync("a"));
        Assert.Equal(StoreFailure.NoContainer, error.Failure);
        SwanBatchException unfit = await Assert.ThrowsAsync<SwanBatchException>(() => StoreProbe.CheckAsync(store));
        Assert.Contains("There is no bucket 'nowhere'", unfit.Message, StringComparison.Ordinal);
        Assert.False(unfit.CanRetry);
    }

    [Fact]
    public async Task An_upload_that_ends_with_an_error_under_status_200_is_tried_again()
    {
        await using Scene scene = await SceneAsync(o => o.PartSize = 5 << 20);
        byte[] bytes = new byte[6 << 20];
        scene.Proxy.Fail(IsEnd, new Says(HttpStatusCode.OK, "InternalError"));
        Assert.True(await scene.Store.CreateAsync("large", new MemoryStream(bytes)));
        Assert.Equal(2, scene.Requests.Count(IsEnd));
    }

    [Theory]
    [InlineData(409, "ConditionalRequestConflict")]
    [InlineData(400, "RequestTimeout")]
    public async Task What_S3_says_in_words_of_its_own_is_tried_again(int status, string code)
    {
        await using Scene scene = await SceneAsync();
        scene.Proxy.Fail(r => r.IsWrite, new Says((HttpStatusCode)status, code));
        Assert.True(await scene.Store.CreateAsync("new", new MemoryStream([1, 2, 3])));
        Assert.Equal(2, scene.Writes.Length);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(999_999)]
    public async Task Bytes_that_are_not_those_of_the_checksum_fail(int at)
    {
        await using Scene scene = await SceneAsync();
        scene.Proxy.Fail(r => r.IsRead, new Corrupts(at));
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => StoreConformance.Bytes(scene.Store, "image"));
        Assert.Contains("checksum", error.Message, StringComparison.Ordinal);
        Assert.Single(scene.Reads);
    }

    internal override bool IsPart(ProxiedRequest request) => request.Query.Contains("partNumber", StringComparison.Ordinal);

    internal override bool IsEnd(ProxiedRequest request) =>
        request.Method == "POST" && request.Query.Contains("uploadId", StringComparison.Ordinal);

    protected override async Task<Scene> SceneAsync(Action<ObjectStoreOptions>? set = null)
    {
        var proxy = new StoreProxy(server.Address, new S3Rules(server.Folder));
        var waits = new ConcurrentQueue<TimeSpan>();
        ObjectStore store = S3Server.Open(proxy, o => Scene.Set(o, waits, set));
        Task Replace(byte[] bytes) => store.WriteAsync("image", new MemoryStream(bytes));
        await Replace(Image);
        return new Scene(proxy, store, waits, Replace);
    }
}
