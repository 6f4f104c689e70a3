using System.Text.Json;
using Swan.Batch.Output;
using Swan.Batch.Runs;
using Swan.Batch.Settings;
using Swan.Batch.Stores;

namespace Swan.Batch.Reports;

/// <summary>Makes the report of a run from the records of its shards; memory depends on their number, not on that of the rows.</summary>
/// <param name="runs">The job.</param>
/// <param name="plan">The run.</param>
internal sealed class RunAccounts(RunStore runs, RunPlan plan)
{
    private const int ExamplesOfAReason = 5;

    private readonly SortedDictionary<string, List<ReportExample>> _examples = new(StringComparer.Ordinal);
    private readonly SlowestInputs _slowest = new();
    private readonly List<double> _seconds = [];
    private DateTime _begun = DateTime.MaxValue, _ended = DateTime.MinValue;
    private double _processorSeconds;
    private long _read, _written;

    /// <summary>Makes the report.</summary>
    /// <param name="settings">What the rows belong to.</param>
    /// <param name="outcome">How the run ended.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task<RunReport> MakeAsync(JobSettings settings, RunOutcome outcome, CancellationToken cancellation)
    {
        await foreach (ShardRecord record in JobHistory.RecordsAsync(runs, plan, cancellation).ConfigureAwait(false))
        {
            Add(record);
            await AddExamplesAsync(record, cancellation).ConfigureAwait(false);
        }
        int attempts = (await runs.KeysAsync(RunNames.Attempts(plan.Id), cancellation).ConfigureAwait(false)).Count;
        _seconds.Sort();
        double elapsed = plan.Shards == 0 ? 0 : (_ended - _begun).TotalSeconds;
        long bad = outcome.Bad.Values.Sum();
        return new RunReport
        {
            Run = plan.Number,
            Id = plan.Id,
            Planned = plan.Planned,
            Ended = outcome.Ended,
            Rows = new ReportRows(
                outcome.Rows, outcome.Rows - bad, outcome.Reused, bad, plan.New, plan.Changed, plan.Again, plan.Unchanged, plan.Gone),
            MaxBadShare = plan.MaxBadShare,
            Bad = [.. outcome.Bad.OrderBy(b => b.Key, StringComparer.Ordinal)
                .Select(b => new ReportFault(b.Key, b.Value, _examples.GetValueOrDefault(b.Key) ?? []))],
            Seconds = Math.Round(elapsed, 3),
            RowsPerSecond = elapsed > 0 ? Math.Round(outcome.Rows / elapsed, 2) : 0,
            ProcessorHours = Math.Round(_processorSeconds / 3600, 6),
            BytesRead = _read,
            BytesWritten = _written,
            Shards = new ReportShards(
                plan.Shards, attempts, Math.Max(0, attempts - plan.Shards), Seconds(0), Seconds(_seconds.Count / 2),
                Seconds(_seconds.Count - 1)),
            Slowest = _slowest.InOrder(),
            Settings = settings.WithoutSecrets(),
        };
    }

    private double Seconds(int place) => _seconds.Count == 0 ? 0 : Math.Round(_seconds[place], 3);

    private void Add(ShardRecord record)
    {
        _seconds.Add(record.Seconds);
        _processorSeconds += record.ProcessorSeconds;
        (_read, _written) = (_read + record.Bytes, _written + record.Written);
        DateTime begun = record.Ended.AddSeconds(-record.Seconds);
        if (begun < _begun) _begun = begun;
        if (record.Ended > _ended) _ended = record.Ended;
        foreach (SlowInput input in record.Slowest ?? []) _slowest.Add(input);
    }

    private async Task AddExamplesAsync(ShardRecord record, CancellationToken cancellation)
    {
        if (record.Bad.Keys.All(reason => Lacks(reason) == 0)) return;
        // It may have been deleted: only people need it.
        using StoredContent? stored =
            await runs.Objects.OpenAsync(RunNames.Bad(plan.Id, record.Shard, record.Attempt), cancellation).ConfigureAwait(false);
        if (stored is null) return;
        var wanted = record.Bad.ToDictionary(bad => bad.Key, bad => Math.Min(bad.Value, Lacks(bad.Key)), StringComparer.Ordinal);
        long left = wanted.Values.Sum();
        using var reader = new StreamReader(stored.Content);
        while (left > 0 && await reader.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            if (Parse(line) is not { } row || wanted.GetValueOrDefault(row.Reason) == 0) continue;
            if (!_examples.TryGetValue(row.Reason, out List<ReportExample>? examples)) _examples[row.Reason] = examples = [];
            examples.Add(new ReportExample(row.Image, row.Message));
            wanted[row.Reason]--;
            left--;
        }
    }

    private long Lacks(string reason) => ExamplesOfAReason - (_examples.GetValueOrDefault(reason)?.Count ?? 0);

    private static BadRow? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, JobJson.Default.BadRow);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
