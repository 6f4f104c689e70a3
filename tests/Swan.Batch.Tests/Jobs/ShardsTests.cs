using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Jobs;

/// <summary>Shards of a run that is planned, done by whoever comes, as often as they like.</summary>
public sealed class ShardsTests : IDisposable
{
    private readonly BatchFolder _folder = new();
    private readonly HookedStore _store;

    public ShardsTests() => _store = new HookedStore(_folder.Out);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Shards_in_any_order_make_the_rows_of_one_job()
    {
        string[] names = _folder.Draw(11);
        BatchPlan plan = (await Job(shards: 4).PlanAsync(cancellationToken: Token))!;
        Assert.Equal((1, 4, 11, 11, 0, 0, 0, 0),
            (plan.Run, plan.Shards, plan.Rows, plan.New, plan.Changed, plan.Again, plan.Unchanged, plan.Gone));
        Assert.Empty(await _folder.RowsAsync());
        foreach (int[] shards in (int[][])[[3], [0, 3], [2]]) await Job().RunShardsAsync(shards, cancellationToken: Token);
        BatchStatus status = await BatchJob.GetStatusAsync(_store, Token);
        Assert.Equal(plan, status.Unfinished);
        Assert.Equal([1], status.ShardsLeft);
        Assert.Empty(status.Attempts);
        Assert.Equal(0, status.ValidRun);
        Assert.Empty(await _folder.RowsAsync());

        BatchReport rest = await Job().RunShardsAsync(cancellationToken: Token);
        Assert.Equal((11, 8), (rest.Rows, rest.RowsFromBefore));
        status = await BatchJob.GetStatusAsync(_store, Token);
        Assert.Equal((1, null), (status.ValidRun, status.Unfinished));
        await _folder.RunAsync(o => o.Output = _folder.File("whole"));
        List<JobRow> rows = await _folder.RowsAsync();
        Assert.Equal(names, rows.Select(r => r.Image));
        Assert.Equal((await BatchFolder.RowsAsync(_folder.File("whole"))).Select(r => r.Text), rows.Select(r => r.Text));
    }

    [Fact]
    public async Task The_status_says_who_is_at_work_from_the_beginning()
    {
        _folder.Draw(2);
        await Job().PlanAsync(cancellationToken: Token);
        BatchStatus? status = null;
        _store.Before = async key =>
        {
            if (!key.Contains("/records/", StringComparison.Ordinal)) return;
            using var reader = new FolderStore(_folder.Out);
            status = await BatchJob.GetStatusAsync(reader, Token);
        };
        await Job().RunShardsAsync([0], cancellationToken: Token);
        BatchAttempt attempt = Assert.Single(status!.Attempts);
        Assert.Equal((0, Environment.MachineName, 0, null), (attempt.Shard, attempt.Host, attempt.RowsDone, attempt.At));
        Assert.InRange(attempt.Begun, DateTime.UtcNow.AddHours(-1), attempt.Said);
    }

    [Fact]
    public async Task Of_two_attempts_at_a_shard_at_once_one_counts_and_the_other_leaves_no_file()
    {
        _folder.Draw(3);
        File.WriteAllText(Path.Combine(_folder.Images, "bad.png"), "no image");
        await Job().PlanAsync(cancellationToken: Token);
        var both = new Barrier(2);
        _store.Before = key => key.Contains("/records/", StringComparison.Ordinal)
            ? Task.Run(() => both.SignalAndWait(Token), Token) : Task.CompletedTask;
        BatchReport[] reports = await Task.WhenAll(
            Job().RunShardsAsync([0], cancellationToken: Token), Job().RunShardsAsync([0], cancellationToken: Token));

        Assert.Equal([0, 4], reports.Select(r => r.RowsFromBefore).Order());
        Assert.All(reports, r => Assert.Equal((4, 1), (r.Rows, r.BadRows["NotAnImage"])));
        Assert.Single(_folder.Parquets);
        Assert.Single(_folder.Files("bad"));
        Assert.Single(_folder.Files("runs"), file => file.Contains("/rows/", StringComparison.Ordinal));
        Assert.Equal(4, (await _folder.RowsAsync()).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_shard_that_ends_after_its_run_was_given_up_changes_nothing(int shards)
    {
        string[] names = _folder.Draw(4);
        await Job(shards).PlanAsync(cancellationToken: Token);
        List<JobRow>? other = null;
        _store.Before = async key =>
        {
            if (!key.Contains("/records/", StringComparison.Ordinal)) return;
            _store.Before = _ => Task.CompletedTask;
            _folder.Draw(names[0], seed: 50);
            Assert.Equal(2, (await _folder.Job(o => (o.Store, o.Supersede) = (_store, true)).RunAsync(cancellationToken: Token)).Run);
            other = await _folder.RowsAsync();
        };

        var late = await Assert.ThrowsAsync<SwanBatchException>(() => Job().RunShardsAsync([0], cancellationToken: Token));
        Assert.True(late.CanRetry);
        Assert.Contains("was abandoned", late.Message, StringComparison.Ordinal);
        Assert.Equal(other!.Select(r => r.Text), (await _folder.RowsAsync()).Select(r => r.Text));
        Assert.Equal(2, (await BatchJob.GetStatusAsync(_store, Token)).ValidRun);
        Assert.Equal(2, (await _folder.RunAsync()).Run);
    }

    [Fact]
    public async Task Of_two_planners_at_once_one_plans_and_the_other_is_to_try_again()
    {
        _folder.Draw(3);
        var both = new Barrier(2);
        _store.Before = key => key.StartsWith("plans/", StringComparison.Ordinal)
            ? Task.Run(() => both.SignalAndWait(Token), Token) : Task.CompletedTask;
        Task<BatchPlan?>[] plans = [Job().PlanAsync(cancellationToken: Token), Job().PlanAsync(cancellationToken: Token)];
        await Task.WhenAll(plans).ContinueWith(_ => { }, TaskScheduler.Default);

        Task<BatchPlan?> lost = Assert.Single(plans, p => p.IsFaulted);
        var again = Assert.IsType<SwanBatchException>(lost.Exception!.InnerException);
        Assert.True(again.CanRetry);
        Assert.Contains("Another process has planned run 1", again.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await Assert.Single(plans, p => p.IsCompletedSuccessfully))!.Run);
        Assert.Single(_folder.Files("runs").Select(file => Path.GetRelativePath(_folder.Out, file).Split('/')[1]).Distinct());
        Assert.Equal(3, (await Job().RunShardsAsync(cancellationToken: Token)).Rows);
    }

    [Theory]
    [InlineData("plan")]
    [InlineData("status")]
    [InlineData("embed")]
    [InlineData("shard")]
    public async Task A_run_whose_last_worker_died_before_it_could_say_so_is_ended_by_the_next_who_looks(string next)
    {
        _folder.Draw(2);
        _store.Before = key => key.StartsWith("outcomes/", StringComparison.Ordinal) ? throw new IOException("died") : Task.CompletedTask;
        await Assert.ThrowsAsync<IOException>(() => Job().RunAsync(cancellationToken: Token));
        Assert.Empty(await _folder.RowsAsync());
        _store.Before = _ => Task.CompletedTask;

        switch (next)
        {
            case "plan": Assert.Null(await Job().PlanAsync(cancellationToken: Token)); break;
            case "status": Assert.Null((await BatchJob.GetStatusAsync(_store, Token)).Unfinished); break;
            case "embed": Assert.Equal(1, (await Job().RunAsync(cancellationToken: Token)).Run); break;
            default: Assert.Equal(2, (await Job().RunShardsAsync([0], cancellationToken: Token)).RowsFromBefore); break;
        }
        Assert.Equal(2, (await _folder.RowsAsync()).Count);
    }

    [Fact]
    public async Task A_run_that_has_not_ended_is_to_be_ended_or_given_up_before_another()
    {
        _folder.Draw(2);
        await Job().PlanAsync(cancellationToken: Token);
        var refused = await Assert.ThrowsAsync<SwanBatchException>(() => Job().PlanAsync(cancellationToken: Token));
        Assert.True(refused.CanRetry);
        Assert.Contains("has not ended", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await _folder.Job(o => o.Supersede = true).PlanAsync(cancellationToken: Token))!.Run);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public async Task A_shard_that_the_run_does_not_have_is_refused(int shard)
    {
        _folder.Draw(4);
        Assert.Contains("No run is planned",
            (await Assert.ThrowsAsync<SwanBatchException>(() => Job().RunShardsAsync([0], cancellationToken: Token))).Message,
            StringComparison.Ordinal);
        await Job(shards: 2).PlanAsync(cancellationToken: Token);
        Assert.Contains($"has no shard {shard}: it has 2, numbered from 0",
            (await Assert.ThrowsAsync<SwanBatchException>(() => Job().RunShardsAsync([shard], cancellationToken: Token))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Elsewhere_the_job_itself_says_what_was_asked_for()
    {
        _folder.Draw(3);
        string list = _folder.List(["../outside.png", "000.png", "bad.png", "bad2.png"]);
        BatchJob planner = _folder.Job(o => (o.Images, o.List, o.Root, o.Rotations, o.MinValidShare, o.MaxBadShare) =
            (null, list, _folder.Images, 2, 0.25, 0.8));
        await planner.PlanAsync(cancellationToken: Token);
        File.Delete(list); // the shards have their inputs
        using var store = new FolderStore(_folder.Out);
        BatchJobOptions options = await BatchJob.GetOptionsAsync(store, Token);
        Assert.Equal((2, 0.25, true), (options.Rotations, options.MinValidShare, options.RestrictToRoot));
        BatchReport report = await new BatchJob(new Microsoft.ML.MLContext(), options).RunShardsAsync(cancellationToken: Token);
        Assert.Equal(["Missing", "OutsideFolder"], report.BadRows.Keys);
        Assert.Equal((0.8, false), (report.MaxBadShare, report.HasTooManyBadRows));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private BatchJob Job(int shards = 1) => _folder.Job(o => (o.Store, o.Shards) = (_store, shards));
}
