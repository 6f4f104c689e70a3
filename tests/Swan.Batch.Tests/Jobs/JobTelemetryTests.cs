using System.Diagnostics;

namespace Swan.Batch.Tests.Jobs;

/// <summary>What the meter and the activity source say of jobs.</summary>
[Collection(nameof(AloneInTheProcess))]
public sealed class JobTelemetryTests : IDisposable
{
    private readonly BatchFolder _folder = new();
    private readonly MadeSource _source = new();

    public void Dispose()
    {
        _folder.Dispose();
        _source.Dispose();
    }

    [Fact]
    public async Task Rows_bytes_and_shards_are_counted_and_an_estimate_is_not()
    {
        Put();
        using var measurements = new Measurements();
        await _folder.Job(o => (o.Source, o.Shards, o.SampleSize) = (_source, 2, 10)).PlanAsync(cancellationToken: Token);
        Assert.Empty(measurements.Of("swan.batch.rows"));
        await RunAsync();
        Assert.Equal(
            [(null, 3.0), ("NotAnImage", 2.0)],
            measurements.Of("swan.batch.rows").GroupBy(m => m["error.type"]).Select(g => (g.Key, g.Sum(m => m.Value))).OrderBy(g => g.Key));
        Assert.Equal(5, measurements.Of("swan.batch.read.duration").Count(m => m.Value >= 0));
        Assert.Equal(2, measurements.Sum("swan.batch.shards"));
        ILookup<string?, Measured> bytes = measurements.Of("swan.batch.io").ToLookup(m => m["swan.direction"]);
        Assert.Equal(_source.Keys.Sum(key => _source.Find(key)!.Value.Bytes.Length), bytes["read"].Sum(m => m.Value));
        Assert.Equal(
            _folder.Parquets.Concat(_folder.Files("bad")).Sum(f => new FileInfo(f).Length), bytes["write"].Sum(m => m.Value));
    }

    [Fact]
    public async Task A_run_and_its_shards_are_traced_and_no_tag_names_an_image_or_a_place()
    {
        Put();
        using var activities = new Activities();
        await RunAsync();
        Activity run = Assert.Single(activities.Of("swan.batch.run"));
        string id = Path.GetFileName(Directory.GetDirectories(Path.Combine(_folder.Out, "runs"))[0]);
        Assert.Equal((id, "tiny", 5L), (run.GetTagItem("swan.run"), run.GetTagItem("swan.model"), run.GetTagItem("swan.rows")));
        Activity[] shards = activities.Of("swan.batch.shard");
        Assert.Equal([0, 1], shards.Select(s => s.GetTagItem("swan.shard")));
        Assert.All(shards, s => Assert.Equal((run.SpanId, id), (s.ParentSpanId, s.GetTagItem("swan.run"))));
        Assert.Equal((5L, 2L), (shards.Sum(s => (long)s.GetTagItem("swan.rows")!), shards.Sum(s => (long)s.GetTagItem("swan.faults")!)));
        Assert.All(activities.Of("swan.encode"), encode => Assert.Contains(encode.ParentSpanId, shards.Select(s => s.SpanId)));
        Assert.DoesNotContain(
            [run, .. shards], a => a.TagObjects.Any(tag => $"{tag.Value}".Contains("key-", StringComparison.Ordinal)
                || $"{tag.Value}".Contains(_folder.Out, StringComparison.Ordinal)
                || $"{tag.Value}".Contains("test://", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_shard_that_fails_says_how_and_one_that_is_stopped_is_no_failure()
    {
        Put();
        using var stop = new CancellationTokenSource();
        using var activities = new Activities();
        _source.Opening = _ => throw new IOException("away");
        await Assert.ThrowsAsync<IOException>(RunAsync);
        _source.Opening = _ => stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _folder.Job(o => o.Source = _source).RunAsync(null, stop.Token));
        Assert.Equal(
            [(ActivityStatusCode.Error, "IOException"), (ActivityStatusCode.Unset, null)],
            activities.Of("swan.batch.shard").Select(s => (s.Status, s.GetTagItem("error.type"))));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private void Put()
    {
        for (int i = 0; i < 3; i++) _source.Put($"key-{i}", MadePictures.Of(i));
        _source.Put("key-bad", "no image");
        _source.Put("key-worse", "no image, too");
    }

    private Task<BatchReport> RunAsync() => _folder.RunAsync(o => (o.Source, o.Shards) = (_source, 2));
}
