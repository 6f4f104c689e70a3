using Swan.Batch.Jobs;
using Swan.Batch.Reports;
using Swan.Batch.Runs;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Reports;

/// <summary>What the report of a run says, and that there is one whatever happens.</summary>
public sealed class RunReportTests : IDisposable
{
    private readonly BatchFolder _folder = new();
    private readonly MadeSource _source = new();
    private readonly HookedStore _store;

    public RunReportTests() => _store = new HookedStore(_folder.Out);

    public void Dispose()
    {
        _store.Dispose();
        _source.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_report_has_the_numbers_of_its_run()
    {
        for (int i = 0; i < 6; i++) _source.Put($"{i}", MadePictures.Of(i));
        _source.Put("bad", "no image");
        await NightAsync(shards: 3);
        RunReport first = await ReportAsync();
        Assert.Equal((1, new ReportRows(7, 6, 0, 1, 7, 0, 0, 0, 0), 1.0), (first.Run, first.Rows, first.MaxBadShare));
        Assert.Equal((3, 3, 0), (first.Shards.Count, first.Shards.Attempts, first.Shards.LostAttempts));
        Assert.Equal(_source.Keys.Sum(key => _source.Find(key)!.Value.Bytes.Length), first.BytesRead);
        Assert.Equal(
            _folder.Parquets.Concat(_folder.Files("bad")).Sum(file => new FileInfo(file).Length), first.BytesWritten);
        Assert.InRange(first.Shards.MinSeconds, 0.001, first.Shards.MedianSeconds);
        Assert.InRange(first.Shards.MedianSeconds, first.Shards.MinSeconds, first.Shards.MaxSeconds);
        Assert.InRange(first.Seconds, first.Shards.MaxSeconds - 0.002, (first.Ended - first.Planned).TotalSeconds + 0.002);
        Assert.Equal(first.Rows.All, first.RowsPerSecond * first.Seconds, 0.5); // both are rounded
        Assert.InRange(first.ProcessorHours, 1e-6, 1);
        Assert.Equal("tiny", first.Settings.ModelName);

        _source.Put("0", MadePictures.Of(20)); // changed
        _source.Put("6", MadePictures.Of(1)); // known
        _source.Remove("2");
        await NightAsync();
        Assert.Equal((2, new ReportRows(2, 2, 1, 0, 1, 1, 0, 5, 1)), ((await ReportAsync()).Run, (await ReportAsync()).Rows));
        Assert.Equal(first.Rows, (await ReportAsync(1)).Rows);
        Assert.Equal(
            ["000001.html", "000001.json", "000002.html", "000002.json"], _folder.Files("reports").Select(Path.GetFileName));

        _source.Remove("3");
        await NightAsync();
        RunReport gone = await ReportAsync();
        Assert.Equal((new ReportRows(0, 0, 0, 0, 0, 0, 0, 6, 1), 0, 0.0), (gone.Rows, gone.Shards.Count, gone.RowsPerSecond));
    }

    [Fact]
    public async Task The_images_that_took_longest_are_named_with_what_took_long()
    {
        _source.Put("slow", MadePictures.Of(1));
        _source.Put("quick", MadePictures.Of(2));
        _source.Put("bad", "no image");
        // What is measured: reading takes at least as long as the sleep.
        _source.Opening = key => Thread.Sleep(key == "slow" ? 120 : 0);
        await NightAsync();
        RunReport report = await ReportAsync();
        Assert.Equal(["bad", "quick", "slow"], report.Slowest.Select(s => s.Image).Order(StringComparer.Ordinal));
        Assert.Equal(report.Slowest.OrderByDescending(s => s.Seconds), report.Slowest);
        Assert.InRange(report.Slowest.Single(s => s.Image == "slow").ReadSeconds, 0.1, 1000);
        Assert.All(report.Slowest, s => Assert.True(s.Image == "bad" || s.DecodeSeconds > 0));
    }

    [Fact]
    public void Of_any_images_the_ten_slowest_are_kept()
    {
        var random = new Random(4);
        SlowInput[] inputs = [.. Enumerable.Range(0, 200).Select(i => new SlowInput($"{i}", random.NextDouble(), random.NextDouble()))];
        var slowest = new SlowestInputs();
        foreach (SlowInput input in inputs) slowest.Add(input);
        Assert.Equal(inputs.OrderByDescending(i => i.Seconds).Take(10), slowest.InOrder());
    }

    [Fact]
    public async Task Five_rows_of_each_reason_are_examples()
    {
        for (int i = 0; i < 9; i++) _source.Put($"text-{i}", $"no image {i}");
        _source.Put("nothing", "");
        _source.Put("good", MadePictures.Of(1));
        await NightAsync(shards: 4);
        RunReport report = await ReportAsync();
        Assert.Equal([("Empty", 1L, 1), ("NotAnImage", 9L, 5)], report.Bad.Select(b => (b.Reason, b.Rows, b.Examples.Count)));
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"text-{i}"), report.Bad[1].Examples.Select(e => e.Image));
        Assert.All(report.Bad[1].Examples, e => Assert.Contains($"'{e.Image}'", e.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("html")]
    public async Task Whoever_looks_next_writes_what_somebody_who_was_killed_did_not(string ending)
    {
        _source.Put("a", MadePictures.Of(1));
        _store.Before = key => key == $"reports/000001.{ending}" ? throw new IOException("killed") : Task.CompletedTask;
        await Assert.ThrowsAsync<IOException>(() => NightAsync());
        Assert.Equal(ending == "json" ? [] : ["000001.json"], _folder.Files("reports").Select(Path.GetFileName));
        // Who only looks is not stopped by what can't be written.
        Assert.Equal(1, (await BatchJob.GetStatusAsync(_store, Token)).ValidRun);
        await Assert.ThrowsAsync<IOException>(() => ReportAsync(1));

        _store.Before = _ => Task.CompletedTask;
        Assert.Equal(1, (await BatchJob.GetStatusAsync(_store, Token)).ValidRun);
        Assert.Equal(["000001.html", "000001.json"], _folder.Files("reports").Select(Path.GetFileName));
        Assert.Equal(1, (await ReportAsync()).Rows.Embedded);
        string page = await File.ReadAllTextAsync(_folder.Files("reports")[0], Token);
        Assert.EndsWith("</html>\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attempts_that_came_to_nothing_are_counted()
    {
        _source.Put("a", MadePictures.Of(1));
        _store.Before = key => key.StartsWith("embeddings/", StringComparison.Ordinal) ? throw new IOException("full") : Task.CompletedTask;
        await Assert.ThrowsAsync<IOException>(() => NightAsync());
        _store.Before = _ => Task.CompletedTask;
        await NightAsync();
        ReportShards shards = (await ReportAsync()).Shards;
        Assert.Equal((1, 2, 1), (shards.Count, shards.Attempts, shards.LostAttempts));
    }

    [Fact]
    public async Task Runs_that_are_not_valid_and_those_that_compact_have_no_report_and_say_why()
    {
        await NoReportAsync("There is no job", null);
        _source.Put("a", MadePictures.Of(1));
        await Job().PlanAsync(cancellationToken: Token);
        await NoReportAsync("No run of", null);
        await NoReportAsync("has not ended", 1);
        await Job(o => o.Supersede = true).PlanAsync(cancellationToken: Token);
        await Job().RunShardsAsync(cancellationToken: Token);
        await NoReportAsync("was abandoned", 1);
        _source.Remove("a");
        _source.Put("b", MadePictures.Of(2));
        await NightAsync();
        await BatchJob.CompactAsync(_store, cancellationToken: Token);
        await NoReportAsync("only merged the rows of earlier runs", 4);
        await NoReportAsync("numbered from 1 to 4", 5);
        Assert.Equal(3, (await ReportAsync()).Run);
        Assert.Equal(2, (await ReportAsync(2)).Run);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private BatchJob Job(Action<BatchJobOptions>? set = null) => _folder.Job(o =>
    {
        (o.Source, o.Store) = (_source, _store);
        set?.Invoke(o);
    });

    private Task<BatchReport> NightAsync(int? shards = null) => Job(o => o.Shards = shards).RunAsync(cancellationToken: Token);

    private Task<RunReport> ReportAsync(int? run = null) => JobState.ReportAsync(new RunStore(_store), run, Token);

    private async Task NoReportAsync(string why, int? run) => Assert.Contains(
        why, (await Assert.ThrowsAsync<SwanBatchException>(() => ReportAsync(run))).Message, StringComparison.Ordinal);
}
