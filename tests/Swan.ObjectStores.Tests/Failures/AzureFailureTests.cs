using System.Collections.Concurrent;
using System.Net;
using Azure;
using Azure.Identity;
using Swan.Batch;
using Swan.Batch.Stores;
using Swan.ObjectStores.Azure;
using Swan.ObjectStores.Requests;
using Swan.ObjectStores.Tests.Servers;

namespace Swan.ObjectStores.Tests.Failures;

public sealed class AzureFailureTests(AzuriteServer server) : WritingFailureTests
{
    [Theory]
    [InlineData(403, "AuthenticationFailed", StoreFailure.Denied, "Get a new one")]
    [InlineData(403, "AuthorizationPermissionMismatch", StoreFailure.Denied, "Storage Blob Data Reader")]
    [InlineData(404, "ContainerNotFound", StoreFailure.NoContainer, "There is no container 'tests'")]
    [InlineData(404, "ResourceNotFound", StoreFailure.Denied, "a shared access signature, or credentials")]
    public async Task An_error_says_what_it_means(int status, string code, object failure, string advice)
    {
        await using Scene scene = await SceneAsync();
        scene.Proxy.Fail(r => r.IsRead, new Says((HttpStatusCode)status, code), times: 100);
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => scene.Store.OpenAsync("image"));
        Assert.Equal((StoreFailure)failure, error.Failure);
        Assert.Contains(code, error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
        Assert.Single(scene.Reads);
        Assert.Equal(BatchExitCode.Failed, BatchExitCode.For(error));
    }

    [Theory]
    [InlineData(503, true)]
    [InlineData(0, true)]
    [InlineData(400, false)]
    public void Credentials_that_somebody_can_not_give_out_for_now_may_come_later(int status, bool mayPass)
    {
        var failed = new AuthenticationFailedException("planted", new AggregateException(new RequestFailedException(status, "")));
        Assert.Equal(mayPass ? StoreFailure.Unavailable : StoreFailure.NoCredentials, FailureOf(failed));
        Assert.Equal(StoreFailure.NoCredentials, FailureOf(new CredentialUnavailableException("planted", failed)));

        static StoreFailure FailureOf(Exception error)
        {
            using var attempt = new Attempt(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), default);
            return AzureFaults.Of(error, attempt, AzureAddress.Parse("az://account/container"))!.Failure;
        }
    }

    [Fact]
    public async Task A_lease_of_another_program_may_end()
    {
        await using Scene scene = await SceneAsync();
        scene.Proxy.Fail(r => r.IsWrite, new Says(HttpStatusCode.PreconditionFailed, "LeaseIdMissing"), times: 1);
        await scene.Store.WriteAsync("image", new MemoryStream(new byte[10]));
        Assert.Equal(2, scene.Writes.Length);
    }

    [Fact]
    public async Task A_container_that_is_not_there_is_an_error_also_in_fact()
    {
        using ObjectStore store = ObjectStores.Open(
            $"az://{AzuriteServer.Account}/nowhere", new ObjectStoreOptions { Variable = _ => AzuriteServer.Connection(server.Address) });
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync("a"));
        Assert.Equal(StoreFailure.NoContainer, error.Failure);
    }

    [Fact]
    public void A_connection_string_of_another_account_is_refused()
    {
        SwanBatchException error = Assert.Throws<SwanBatchException>(() => ObjectStores.Open(
            "az://other/tests", new ObjectStoreOptions { Variable = _ => AzuriteServer.Connection(new Uri("http://127.0.0.1:1")) }));
        Assert.Contains("is for the account 'devstoreaccount1'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(AzuriteServer.Key, error.ToString(), StringComparison.Ordinal);
    }

    internal override bool IsPart(ProxiedRequest request) => request.Query.Contains("comp=block&", StringComparison.Ordinal);

    internal override bool IsEnd(ProxiedRequest request) => request.Query.Contains("comp=blocklist", StringComparison.Ordinal);

    protected override async Task<Scene> SceneAsync(Action<ObjectStoreOptions>? set = null)
    {
        var proxy = new StoreProxy(server.Address);
        var waits = new ConcurrentQueue<TimeSpan>();
        ObjectStore store = server.Open(proxy, o => Scene.Set(o, waits, set));
        Task Replace(byte[] bytes) => store.WriteAsync("image", new MemoryStream(bytes));
        await Replace(Image);
        return new Scene(proxy, store, waits, Replace);
    }
}
