using Swan.Batch.Stores;

namespace Swan.Batch.Tests;

public sealed class BatchExitCodeTests
{
    private static readonly StoreFailure[] s_mayPass =
    [
        StoreFailure.Other, StoreFailure.Expired, StoreFailure.Clock, StoreFailure.Throttled, StoreFailure.Unavailable,
        StoreFailure.Unreachable, StoreFailure.Broken, StoreFailure.TimedOut, StoreFailure.Changed,
    ];

    [Fact]
    public void A_failure_of_a_store_is_worth_another_try_only_where_it_may_pass() => Assert.All(
        Enum.GetValues<StoreFailure>(),
        failure => Assert.Equal(
            s_mayPass.Contains(failure) ? BatchExitCode.InputOutput : BatchExitCode.Failed,
            BatchExitCode.For(new StoreException("", failure))));

    [Fact]
    public async Task A_folder_that_is_not_there_and_a_key_that_is_none_end_a_job_for_good()
    {
        using var store = new FolderStore(Path.Combine(Path.GetTempPath(), $"swan-{Guid.NewGuid():N}"));
        var refused = await Assert.ThrowsAsync<StoreException>(async () => await store.ListAsync("").CountAsync());
        Assert.Equal(BatchExitCode.Failed, BatchExitCode.For(refused));
        refused = await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync("../a.png"));
        Assert.Equal(BatchExitCode.Failed, BatchExitCode.For(refused));
    }
}
