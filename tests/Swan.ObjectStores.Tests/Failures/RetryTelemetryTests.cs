using Swan.Batch.Stores;
using Swan.ObjectStores.Addresses;
using Swan.ObjectStores.Requests;

namespace Swan.ObjectStores.Tests.Failures;

[Collection(nameof(Alone))]
public sealed class RetryTelemetryTests
{
    [Fact]
    public async Task A_request_is_counted_each_time_that_it_is_tried_again_and_not_at_its_end()
    {
        var settings = new StoreSettings
        {
            Endpoint = null, Region = null, Anonymous = true, ChunkedUploads = null, PartSize = 0, MaxAttempts = 3,
            FirstDelay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero, StallTimeout = TimeSpan.FromMinutes(5), Timeout = TimeSpan.FromMinutes(5),
            Logger = null, Variable = _ => null, Wait = (_, _) => Task.CompletedTask,
        };
        var attempts = new Attempts(settings, (_, _) => new Fault(StoreFailure.Throttled, "503 SlowDown"));
        var subject = new Subject("'secret-key' in s3://bucket", "read", new Secrets(_ => null));
        using var measurements = new Measurements();
        await Assert.ThrowsAsync<StoreException>(() => attempts.RunAsync<int>(
            subject, new Budget(settings.Timeout), _ => throw new InvalidOperationException(), CancellationToken.None));
        Measured[] retries = measurements.Of("swan.store.retries");
        Assert.Equal([1.0, 1.0], retries.Select(r => r.Value));
        Assert.All(retries, r => Assert.Equal([("error.type", "Throttled")], r.Tags.Select(t => (t.Key, $"{t.Value}"))));
    }
}
