using System.Diagnostics;
using Microsoft.ML;
using Swan.Batch.Reports;
using Swan.Batch.Runs;
using Swan.Batch.Settings;
using Swan.Batch.Sources;
using Swan.Batch.Stores;
using Swan.MLNet;
using Swan.MLNet.Diagnostics;
using Swan.MLNet.Numerics;

namespace Swan.Batch.Jobs;

/// <summary>A job at work: its source, its output, its model.</summary>
internal sealed class JobWork : IDisposable
{
    private readonly BatchJobOptions _options;
    private readonly ImageSource _source;
    private readonly RunStore _runs;
    private readonly JobProgress _progress;
    private readonly ShardScorer _scorer;
    private readonly JobSettings _settings;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private RunPlanner? _planner;
    private bool _isNew;

    /// <summary>Opens the model.</summary>
    /// <exception cref="SwanBatchException">It can't be used.</exception>
    public JobWork(MLContext context, BatchJobOptions options, ImageSource source, ObjectStore store, JobProgress progress)
    {
        (_options, _source, _runs, _progress) = (options, source, new RunStore(store), progress);
        _scorer = new ShardScorer(context, options);
        _settings = JobSettings.Of(options, source.Address, _scorer.Card);
    }

    /// <summary>Checks that the output is this job's, or unused and suitable for one.</summary>
    /// <param name="writes">False: nothing will be written there.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="SwanBatchException">It is another job's, or no place for one.</exception>
    public async Task BeginAsync(bool writes, CancellationToken cancellation)
    {
        if (await _runs.ReadAsync(RunNames.Job, RunJson.Document.JobSettings, cancellation).ConfigureAwait(false) is { } there)
        {
            there.ThrowIfDifferent(_settings, _runs.Objects.Address);
            return;
        }
        _isNew = true;
        await ThrowIfTakenAsync(cancellation).ConfigureAwait(false);
        if (writes) await StoreProbe.CheckAsync(_runs.Objects, cancellation).ConfigureAwait(false);
    }

    /// <summary>What there is; a run that is to be given up is.</summary>
    public async Task<JobHistory> HistoryAsync(CancellationToken cancellation)
    {
        JobHistory history = await RunEnd.HistoryAsync(_runs, cancellation).ConfigureAwait(false);
        if (history.Unfinished is not { } unfinished || !_options.Supersede) return history;
        await JobHistory.GiveUpAsync(_runs, unfinished, cancellation).ConfigureAwait(false);
        return await RunEnd.HistoryAsync(_runs, cancellation).ConfigureAwait(false);
    }

    /// <summary>Freezes what is to be embedded; null where nothing has changed.</summary>
    public async Task<RunPlan?> PlanAsync(JobHistory history, CancellationToken cancellation)
    {
        RunPlan? plan = await PlanAsync(planner => planner.PlanAsync(history, SettleAsync, cancellation)).ConfigureAwait(false);
        // Without a shard nobody else would.
        if (plan is { Shards: 0 }) await RunEnd.TryEndAsync(_runs, plan, cancellation).ConfigureAwait(false);
        return plan;
    }

    /// <summary>Says what would be frozen; nothing is written.</summary>
    public async Task<RunPlan?> PreviewAsync(CancellationToken cancellation)
    {
        // The output of a new job may not be there yet.
        JobHistory history = _isNew ? new JobHistory(1, null, null)
            : await JobHistory.ReadAsync(_runs, ends: false, cancellation).ConfigureAwait(false);
        if (history.Unfinished is { } unfinished && !_options.Supersede)
            throw new SwanBatchException(Describe(unfinished), canRetry: true);
        return await PlanAsync(planner => planner.PreviewAsync(history, cancellation)).ConfigureAwait(false);
    }

    /// <summary>Estimates what a run takes that was just planned; null where that is not asked for, or can't be done.</summary>
    public async Task<BatchEstimate?> EstimateAsync(RunPlan plan, CancellationToken cancellation)
    {
        IReadOnlyList<SizeSample.Stratum> sample = _planner!.Sample;
        if (sample.Count == 0) return null;
        try
        {
            GroupReading? groups = _planner.Reads is { } reads ? new GroupReading(reads) : null;
            if (groups is not null)
                await groups.ReadAsync(_source, sample.SelectMany(s => s.Images), cancellation).ConfigureAwait(false);
            // The first images wait for the machine to be ready.
            await using (SampleShard first = Begin())
                await first.EmbedAsync([.. sample.MaxBy(s => s.Rows)!.Images.Take(8)], 0, cancellation).ConfigureAwait(false);
            await using SampleShard shard = Begin();
            BatchEstimate? estimate = await new JobEstimate(
                sample, _options.BatchSize, (inputs, row) => shard.EmbedAsync(inputs, row, cancellation))
                .FindAsync(shard.EndAsync).ConfigureAwait(false);
            return estimate is null || groups is null ? estimate : groups.AddTo(estimate);
        }
        // The plan is good all the same.
        catch (Exception e) when (e is IOException or OutOfMemoryException or SwanException)
        {
            _progress.Say($"Time and bytes could not be estimated: {e.Message}");
            return null;
        }

        SampleShard Begin() => new(plan, _source, _scorer, _options, _planner.Known);
    }

    private async Task<RunPlan?> PlanAsync(Func<RunPlanner, Task<RunPlan?>> make)
    {
        _planner?.Dispose();
        _planner = new RunPlanner(_runs, _source, _options, _progress.Say);
        RunPlan? plan = await make(_planner).ConfigureAwait(false);
        if (plan is not null) Say(plan);
        return plan;
    }

    private void Say(RunPlan plan) =>
        _progress.Say($"run {plan.Number}: {Counted.Of(plan.New, "new image")}, {plan.Changed:N0} changed, {plan.Again:N0} tried again, "
            + $"{plan.Unchanged:N0} unchanged, {plan.Gone:N0} gone; {Counted.Of(plan.Shards, "shard")}");

    /// <summary>Says of a run that it has not ended, and what to do.</summary>
    public string Describe(RunPlan unfinished) => $"Run {unfinished.Number} of '{_runs.Objects.Address}' has not ended: it was planned at "
        + $"{unfinished.Planned:u} with {Counted.Of(unfinished.Shards, "shard")}. Run the shards that are left, or abandon it "
        + "(--supersede).";

    /// <summary>Embeds shards of the run that has not ended; null: all.</summary>
    public async Task<BatchReport> RunShardsAsync(IReadOnlyList<int>? shards, CancellationToken cancellation)
    {
        JobHistory history = await RunEnd.HistoryAsync(_runs, cancellation).ConfigureAwait(false);
        RunPlan plan = history.Unfinished ?? history.Valid
            ?? throw new SwanBatchException($"No run is planned in '{_runs.Objects.Address}'. Plan one first.");
        int[] chosen = shards is null ? [.. Enumerable.Range(0, plan.Shards)] : [.. shards.Distinct()];
        foreach (int shard in chosen)
        {
            if (shard >= 0 && shard < plan.Shards) continue;
            throw new SwanBatchException($"Run {plan.Number} of '{_runs.Objects.Address}' has no shard {shard}: it has {plan.Shards}, "
                + "numbered from 0.");
        }
        SayBegin(plan);
        _progress.Begin(chosen.Sum(plan.RowsOf));
        await RunEachAsync(plan, chosen, cancellation).ConfigureAwait(false);
        return Report(plan) with { MaxBadShare = plan.MaxBadShare };
    }

    /// <summary>Ends a run that was begun, or plans one, and embeds its shards.</summary>
    public async Task<BatchReport> RunAllAsync(CancellationToken cancellation)
    {
        JobHistory history = await HistoryAsync(cancellation).ConfigureAwait(false);
        RunPlan? plan = history.Unfinished;
        if (plan is not null) _progress.Say($"continues run {plan.Number}, planned at {plan.Planned:u}");
        else plan = await PlanAsync(history, cancellation).ConfigureAwait(false);
        if (plan is null) return UpToDate(history.Valid!);
        SayBegin(plan);
        _progress.Begin(plan.Rows);
        await RunEachAsync(plan, [.. Enumerable.Range(0, plan.Shards)], cancellation).ConfigureAwait(false);
        return Report(plan);
    }

    public void Dispose()
    {
        _planner?.Dispose();
        _scorer.Dispose();
    }

    private async Task RunEachAsync(RunPlan plan, int[] shards, CancellationToken cancellation)
    {
        using Activity? activity = BatchTelemetry.StartRun(plan.Id, _settings.ModelName, shards.Sum(plan.RowsOf));
        if (plan.Source is { } planned) _source.GoOn(planned);
        var runner = new ShardRunner(_runs, _settings, _source, _scorer, _options);
        foreach (int shard in shards)
        {
            cancellation.ThrowIfCancellationRequested();
            (ShardRecord record, bool before) = await runner.RunAsync(plan, shard, _progress.Advance, cancellation).ConfigureAwait(false);
            _progress.Add(record, before);
        }
        // One that was given up may lack shards for ever.
        RunOutcome? outcome = await RunEnd.TryEndAsync(_runs, plan, cancellation).ConfigureAwait(false)
            ?? await JobHistory.OutcomeAsync(_runs, plan.Number, cancellation).ConfigureAwait(false);
        if (outcome is not { Valid: false }) return;
        throw new SwanBatchException($"Run {plan.Number} of '{_runs.Objects.Address}' was abandoned by another process meanwhile. "
            + "Its rows don't count. Start again to plan what has changed since.", canRetry: true);
    }

    // Only now: a mistyped folder of images must not make the output that folder's.
    private async Task SettleAsync(CancellationToken cancellation)
    {
        await _runs.CreateAsync(RunNames.Job, _settings, RunJson.Document.JobSettings, cancellation).ConfigureAwait(false);
        JobSettings there = (await _runs.ReadAsync(RunNames.Job, RunJson.Document.JobSettings, cancellation).ConfigureAwait(false))!;
        there.ThrowIfDifferent(_settings, _runs.Objects.Address);
    }

    private async Task ThrowIfTakenAsync(CancellationToken cancellation)
    {
        foreach (string key in (string[])["manifest.json", "embeddings/"])
        {
            try
            {
                if ((await _runs.KeysAsync(key, cancellation).ConfigureAwait(false)).Count == 0) continue;
            }
            catch (StoreException e) when (e.Failure == StoreFailure.NoContainer)
            {
                return; // Writing makes it, or says why not.
            }
            throw new SwanBatchException(
                $"'{_runs.Objects.Address}' holds '{key.TrimEnd('/')}', but no {RunNames.Job}: another "
                + "program or an earlier version of Swan wrote there. Nothing was changed. Choose another output.");
        }
    }

    private void SayBegin(RunPlan plan) => _progress.Say(
        $"{Counted.Of(plan.Rows, "image")}, model '{_settings.ModelName}' ({_settings.ModelFingerprint[..8]}), {_scorer.Device}");

    private BatchReport Report(RunPlan plan) => new()
    {
        Run = plan.Number,
        Rows = _progress.All.Rows,
        RowsFromBefore = _progress.FromBefore,
        RowsReused = _progress.Reused,
        RowsUnchanged = plan.Unchanged,
        RowsKnownBad = plan.KnownBad,
        RowsGone = plan.Gone,
        BadRows = _progress.All.Reasons,
        MaxBadShare = _options.MaxBadShare,
        Elapsed = _clock.Elapsed,
    };

    // Of this run, not of the valid one.
    private BatchReport UpToDate(RunPlan valid)
    {
        (long unchanged, long knownBad) = (_planner!.Unchanged, _planner.KnownBad);
        _progress.Say($"nothing to do: {Counted.Of(unchanged, "image")} {Counted.Verb(unchanged, "is", "are")} unchanged since "
            + $"run {valid.Number}");
        return Report(valid) with { RowsUnchanged = unchanged, RowsKnownBad = knownBad, RowsGone = 0 };
    }
}
