using System.Runtime.CompilerServices;
using Swan.Batch.Reports;
using Swan.Batch.Runs;
using Swan.Batch.Settings;

namespace Swan.Batch.Jobs;

/// <summary>What readers see of a job: how far it is, and which rows count.</summary>
internal static class JobState
{
    /// <summary>Looks how far a job is.</summary>
    public static async Task<BatchStatus> StatusAsync(RunStore runs, CancellationToken cancellation)
    {
        _ = await SettingsAsync(runs, cancellation).ConfigureAwait(false);
        JobHistory history = await RunEnd.HistoryAsync(runs, cancellation).ConfigureAwait(false);
        RunPlan? plan = history.Unfinished;
        List<int> left = [];
        List<BatchAttempt> attempts = [];
        if (plan is not null)
        {
            HashSet<int> done = await JobHistory.DoneAsync(runs, plan, cancellation).ConfigureAwait(false);
            left = [.. Enumerable.Range(0, plan.Shards).Where(shard => !done.Contains(shard))];
            foreach (string key in await runs.KeysAsync(RunNames.Attempts(plan.Id), cancellation).ConfigureAwait(false))
            {
                // One may be gone by now.
                if (await runs.ReadAsync(key, RunJson.Document.AttemptRecord, cancellation).ConfigureAwait(false) is { } said
                    && !done.Contains(said.Shard))
                    attempts.Add(new(said.Shard, said.Host, said.Begun, said.Said, said.RowsDone, said.At));
            }
        }
        return new BatchStatus
        {
            ValidRun = history.Valid?.Number ?? 0,
            Unfinished = plan?.Public,
            ShardsLeft = left,
            Attempts = attempts,
        };
    }

    /// <summary>What became of a run; null: the last that has a report.</summary>
    public static async Task<RunReport> ReportAsync(RunStore runs, int? number, CancellationToken cancellation)
    {
        _ = await SettingsAsync(runs, cancellation).ConfigureAwait(false);
        return await RunEnd.ReportAsync(runs, number, cancellation).ConfigureAwait(false);
    }

    /// <summary>Gives the rows that count.</summary>
    public static async IAsyncEnumerable<BatchRow> RowsAsync(RunStore runs, [EnumeratorCancellation] CancellationToken cancellation)
    {
        _ = await SettingsAsync(runs, cancellation).ConfigureAwait(false);
        JobHistory history = await JobHistory.ReadAsync(runs, ends: false, cancellation).ConfigureAwait(false);
        if (history.Valid is not { } valid) yield break;
        var files = new Dictionary<(int Run, int Shard), string>();
        await foreach (StateLine line in JobHistory.StateAsync(runs, valid, cancellation).ConfigureAwait(false))
        {
            string? file = null;
            if (line.Place is { } place && !files.TryGetValue((place.Run, place.Shard), out file))
                files[(place.Run, place.Shard)] = file =
                    await JobHistory.EmbeddingsAsync(runs, place.Run, place.Shard, cancellation).ConfigureAwait(false);
            yield return new BatchRow(line.Key, line.Hash, file, line.Place?.Row ?? -1, line.Bad);
        }
    }

    /// <summary>What the rows of an output belong to.</summary>
    /// <exception cref="SwanBatchException">There is no job.</exception>
    public static async Task<JobSettings> SettingsAsync(RunStore runs, CancellationToken cancellation) =>
        await runs.ReadAsync(RunNames.Job, RunJson.Document.JobSettings, cancellation).ConfigureAwait(false)
            ?? throw new SwanBatchException($"There is no job in '{runs.Objects.Address}': it has no '{RunNames.Job}'. Give the output of "
                + "'swan embed' or 'swan job plan'.");
}
