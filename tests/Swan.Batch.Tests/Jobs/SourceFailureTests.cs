namespace Swan.Batch.Tests.Jobs;

/// <summary>Sources that fail, lie or break off.</summary>
public sealed class SourceFailureTests : IDisposable
{
    private readonly BatchFolder _folder = new();
    private readonly MadeSource _source = new();

    public SourceFailureTests()
    {
        for (int i = 0; i < 6; i++) _source.Put($"{i}", MadePictures.Of(i));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _source.Dispose();
    }

    [Fact]
    public async Task A_source_that_breaks_off_stops_the_job_and_shards_that_are_done_are_kept()
    {
        // Reading goes ahead of the work only within a shard.
        _source.Opening = key => _ = key == "4" ? throw new IOException("The line is dead.") : key;
        var failed = await Assert.ThrowsAsync<IOException>(() => RunAsync());
        Assert.Equal(BatchExitCode.InputOutput, BatchExitCode.For(failed));
        Assert.Contains("The line is dead.", failed.Message, StringComparison.Ordinal);
        Assert.Equal(2, _folder.Records.Length);
        Assert.Empty(await _folder.RowsAsync());

        _source.Opening = _ => { };
        _source.Opened.Clear();
        BatchReport rest = await RunAsync();
        Assert.Equal((6, 4), (rest.Rows, rest.RowsFromBefore));
        Assert.Equal(["4", "5"], _source.Opened.Order(StringComparer.Ordinal));
        Assert.All(await _folder.RowsAsync(), row => Assert.Null(row.Fault));
    }

    [Fact]
    public async Task A_content_that_is_shorter_than_the_source_says_is_a_bad_row()
    {
        _source.Lacking = 3;
        BatchReport report = await RunAsync();
        Assert.Equal(6, report.BadRows["Truncated"]);
        Assert.All(_folder.BadRows(), bad => Assert.Contains("it is being written to", bad.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_image_that_disappears_between_plan_and_work_is_missing_until_it_is_planned_again()
    {
        await Job().PlanAsync(cancellationToken: Token);
        _source.Remove("2");
        Assert.Equal(1, (await RunAsync()).BadRows["Missing"]);
        Assert.Equal("Missing", (await _folder.RowsAsync())[2].Fault);
        Assert.Equal((2, 1), ((await RunAsync()) is var night ? (night.Run, night.RowsGone) : default));
        Assert.Equal(["0", "1", "3", "4", "5"], (await _folder.RowsAsync()).Select(row => row.Image));
    }

    [Fact]
    public async Task An_image_that_changes_between_plan_and_work_is_embedded_as_it_is_and_not_again()
    {
        await Job().PlanAsync(cancellationToken: Token);
        _source.Put("2", MadePictures.Of(30));
        await RunAsync();
        Assert.Equal(1, (await RunAsync()).Run);
        _source.Remove("3");
        await RunAsync(o => o.Output = _folder.File("fresh"));
        Assert.Equal((await BatchFolder.RowsAsync(_folder.File("fresh")))[2].Text, (await _folder.RowsAsync())[2].Text);
    }

    [Fact]
    public async Task A_job_that_is_canceled_keeps_what_is_done()
    {
        using var stop = new CancellationTokenSource();
        _source.Opening = key =>
        {
            if (key == "4") stop.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Job().RunAsync(cancellationToken: stop.Token));
        Assert.Equal(2, _folder.Records.Length);
        Assert.Equal(4, (await RunAsync()).RowsFromBefore);
    }

    [Fact]
    public async Task A_name_that_can_not_be_a_line_is_refused_before_anything_is_planned()
    {
        _source.Put("a\nb", MadePictures.Of(1));
        var refused = await Assert.ThrowsAsync<SwanBatchException>(() => RunAsync());
        Assert.Contains("line break", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Out, "plans")));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private BatchJob Job(Action<BatchJobOptions>? set = null) => _folder.Job(o =>
    {
        (o.Source, o.Shards) = (_source, 3);
        set?.Invoke(o);
    });

    private Task<BatchReport> RunAsync(Action<BatchJobOptions>? set = null) => Job(set).RunAsync(cancellationToken: Token);
}
