using System.Runtime.CompilerServices;
using Swan.Batch.Stores;

namespace Swan.Batch.Runs;

/// <summary>The runs of a job: which one's state is valid, and which one is not done.</summary>
/// <param name="Next">The number that a new plan gets.</param>
/// <param name="Valid">The last run whose rows count; null where there is none.</param>
/// <param name="Unfinished">The last run, where it has not ended; null otherwise.</param>
internal sealed record JobHistory(int Next, RunPlan? Valid, RunPlan? Unfinished)
{
    // A store answers each after some time.
    private const int RecordsAtATime = 16;

    /// <summary>Reads what there is, and ends a run whose shards are all done.</summary>
    /// <param name="runs">The job.</param>
    /// <param name="ends">Whether such a run's end is written down; false for readers, which may not write.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static async Task<JobHistory> ReadAsync(RunStore runs, bool ends, CancellationToken cancellation)
    {
        // In this order: what has ended by now was planned before.
        var ended = (await NumbersAsync(runs, RunNames.Outcomes, cancellation).ConfigureAwait(false)).ToHashSet();
        List<int> planned = await NumbersAsync(runs, RunNames.Plans, cancellation).ConfigureAwait(false);
        int last = ended.Count == 0 ? 0 : ended.Max();
        if (last > 0 && !planned.Contains(last)) throw runs.Missing(RunNames.Plan(last));
        RunPlan? unfinished = null;
        if (planned.Count > 0 && !ended.Contains(planned[^1]))
        {
            unfinished = await PlanAsync(runs, planned[^1], cancellation).ConfigureAwait(false);
            if (ends && await TryEndAsync(runs, unfinished, cancellation).ConfigureAwait(false) is not null)
            {
                ended.Add(unfinished.Number);
                unfinished = null;
            }
        }
        int next = planned.Count == 0 ? 1 : planned[^1] + 1;
        for (int i = planned.Count - 1; i >= 0; i--)
        {
            if (!ended.Contains(planned[i])) continue;
            RunOutcome? outcome = await OutcomeAsync(runs, planned[i], cancellation).ConfigureAwait(false);
            if (outcome is not { Valid: true }) continue;
            return new(next, await PlanAsync(runs, planned[i], cancellation).ConfigureAwait(false), unfinished);
        }
        return new(next, null, unfinished);
    }

    /// <summary>How a run ended; null where it hasn't.</summary>
    public static Task<RunOutcome?> OutcomeAsync(RunStore runs, int number, CancellationToken cancellation) =>
        runs.ReadAsync(RunNames.Outcome(number), RunJson.Document.RunOutcome, cancellation);

    /// <summary>A run's plan.</summary>
    public static async Task<RunPlan> PlanAsync(RunStore runs, int number, CancellationToken cancellation) =>
        await runs.ReadAsync(RunNames.Plan(number), RunJson.Document.RunPlan, cancellation).ConfigureAwait(false)
            ?? throw runs.Missing(RunNames.Plan(number));

    /// <summary>The shards of a run that are done.</summary>
    public static async Task<HashSet<int>> DoneAsync(RunStore runs, RunPlan plan, CancellationToken cancellation) =>
        [.. await NumbersAsync(runs, RunNames.Records(plan.Id), cancellation).ConfigureAwait(false)];

    /// <summary>The records of a run whose shards are all done, by number; several are read at a time.</summary>
    public static async IAsyncEnumerable<ShardRecord> RecordsAsync(
        RunStore runs, RunPlan plan, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = new Queue<Task<ShardRecord>>();
        try
        {
            for (int shard = 0; shard < plan.Shards || reading.Count > 0;)
            {
                while (shard < plan.Shards && reading.Count < RecordsAtATime)
                    reading.Enqueue(RecordAsync(runs, plan, shard++, stop.Token));
                yield return await reading.Dequeue().ConfigureAwait(false);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (Task left in reading) await left.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The record of a shard that is done.</summary>
    public static async Task<ShardRecord> RecordAsync(RunStore runs, RunPlan plan, int shard, CancellationToken cancellation)
    {
        string key = RunNames.Record(plan.Id, shard);
        return await runs.ReadAsync(key, RunJson.Document.ShardRecord, cancellation).ConfigureAwait(false)
            ?? throw runs.Missing(key);
    }

    /// <summary>The key of the Parquet file that a shard's rows are in.</summary>
    public static async Task<string> EmbeddingsAsync(RunStore runs, int run, int shard, CancellationToken cancellation)
    {
        RunPlan plan = await PlanAsync(runs, run, cancellation).ConfigureAwait(false);
        ShardRecord record = await RecordAsync(runs, plan, shard, cancellation).ConfigureAwait(false);
        return RunNames.Embeddings(plan.Id, shard, record.Attempt);
    }

    /// <summary>Writes a run's end down, if all its shards are done.</summary>
    /// <returns>The outcome that was written first; null if a shard is missing.</returns>
    public static async Task<RunOutcome?> TryEndAsync(RunStore runs, RunPlan plan, CancellationToken cancellation)
    {
        if ((await DoneAsync(runs, plan, cancellation).ConfigureAwait(false)).Count < plan.Shards) return null;
        var tally = new Output.Tally();
        long reused = 0;
        await foreach (ShardRecord record in RecordsAsync(runs, plan, cancellation).ConfigureAwait(false))
        {
            tally.Add(new Output.Tally(record.Rows, record.Bad));
            reused += record.Reused;
        }
        return await EndAsync(runs, new(plan.Number, plan.Id, true, Now(), tally.Rows, reused, tally.Reasons), cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>Abandons a run, unless it has ended.</summary>
    public static Task<RunOutcome> GiveUpAsync(RunStore runs, RunPlan plan, CancellationToken cancellation) =>
        EndAsync(runs, new(plan.Number, plan.Id, false, Now(), 0, 0, new Dictionary<string, long>()), cancellation);

    /// <summary>The state after a run, in the order of keys.</summary>
    public static async IAsyncEnumerable<StateLine> StateAsync(
        RunStore runs, RunPlan plan, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using KeyCursor<StateLine> kept = await KeyCursor<StateLine>.OpenAsync(
            runs.LinesAsync(RunNames.Kept(plan.Id), RunJson.Line.StateLine, cancellation), RunNames.Kept(plan.Id), cancellation)
            .ConfigureAwait(false);
        await using KeyCursor<StateLine> rows = await KeyCursor<StateLine>.OpenAsync(
            RowsAsync(runs, plan, cancellation), $"The rows of {plan.Id}", cancellation).ConfigureAwait(false);
        while (KeyCursor<StateLine>.Least(kept.Key, rows.Key) is { } key)
        {
            StateLine? old = await kept.TakeAsync(key).ConfigureAwait(false);
            yield return await rows.TakeAsync(key).ConfigureAwait(false) ?? old!;
        }
    }

    // Shards are stretches of the sorted inputs, so one after another they are sorted, too.
    private static async IAsyncEnumerable<StateLine> RowsAsync(
        RunStore runs, RunPlan plan, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (int shard = 0; shard < plan.Shards; shard++)
        {
            ShardRecord record = await RecordAsync(runs, plan, shard, cancellation).ConfigureAwait(false);
            string key = RunNames.Rows(plan.Id, shard, record.Attempt);
            await foreach (StateLine line in runs.LinesAsync(key, RunJson.Line.StateLine, cancellation).ConfigureAwait(false))
                yield return line;
        }
    }

    // The first outcome decides: an abandoned run stays abandoned, however late its last shard ends.
    private static async Task<RunOutcome> EndAsync(RunStore runs, RunOutcome outcome, CancellationToken cancellation)
    {
        string key = RunNames.Outcome(outcome.Number);
        if (await runs.CreateAsync(key, outcome, RunJson.Document.RunOutcome, cancellation).ConfigureAwait(false)) return outcome;
        return (await OutcomeAsync(runs, outcome.Number, cancellation).ConfigureAwait(false))!;
    }

    private static DateTime Now() => DateTime.UtcNow;

    private static async Task<List<int>> NumbersAsync(RunStore runs, string prefix, CancellationToken cancellation)
    {
        var numbers = new List<int>();
        await foreach (StoredObject stored in runs.Objects.ListAsync(prefix, cancellation).ConfigureAwait(false))
        {
            if (RunNames.NumberOf(stored.Key) is { } number) numbers.Add(number);
        }
        numbers.Sort();
        return numbers;
    }
}
