using Microsoft.ML;
using Swan.Batch;
using Swan.Batch.Sources;
using Swan.Batch.Stores;
using Swan.ObjectStores.Tests.Servers;

namespace Swan.ObjectStores.Tests.Failures;

/// <summary>A job that is stopped while a store keeps it waiting: a scheduler kills it soon.</summary>
public sealed class CanceledJobTests(S3Server server) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("download"), InlineData("body"), InlineData("upload")]
    public async Task A_job_need_not_wait_for_a_store_that_stalls(string stalled)
    {
        await using var proxy = new StoreProxy(server.Address, new S3Rules(server.Folder));
        // Without the cancellation, each of these would take minutes.
        using ObjectStore store = S3Server.Open(proxy, o => o.StallTimeout = o.Timeout = TimeSpan.FromMinutes(5));
        using (var image = new MemoryStream(File.ReadAllBytes(TinyImages.Write(_folder.FullName, "a.png", seed: 1))))
            await store.WriteAsync("images/a.png", image, Token);
        using var source = new StoreSource(store, "images/");
        var options = new BatchJobOptions { Model = TinyModel.Write(_folder.FullName), Source = source, Store = store };
        proxy.Fail(r => stalled == "upload" ? r.IsWrite && r.Path.Contains("/embeddings/", StringComparison.Ordinal)
            : r.IsRead && r.Path.EndsWith("a.png", StringComparison.Ordinal),
            stalled == "body" ? new Cuts(10, Stalls: true) : new Stalls());

        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<BatchReport> job = new MLContext().Swan().Batch(options).RunAsync(cancellationToken: cancellation.Token);
        await Eventually.True(() => job.IsCompleted || proxy.HasFailed, "the store stalled");
        await cancellation.CancelAsync();
        var stopped = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job.WaitAsync(TimeSpan.FromMinutes(2)));
        Assert.Equal(BatchExitCode.TryAgain, BatchExitCode.For(stopped));

        Assert.Equal(1, (await new MLContext().Swan().Batch(options).RunAsync(cancellationToken: Token)).Rows);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
