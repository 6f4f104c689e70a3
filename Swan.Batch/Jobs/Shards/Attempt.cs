using System.Diagnostics;
using Swan.Batch.Runs;

namespace Swan.Batch.Jobs;

/// <summary>An attempt at a shard, which says now and then how far it is.</summary>
/// <param name="runs">The job.</param>
/// <param name="plan">The run.</param>
/// <param name="shard">The shard.</param>
internal sealed class Attempt(RunStore runs, RunPlan plan, int shard)
{
    private readonly DateTime _begun = DateTime.UtcNow;
    private readonly Stopwatch _silence = new();

    /// <summary>The unique part of its files' names.</summary>
    public string Name { get; } = RunNames.NewAttempt();

    /// <summary>Rows so far.</summary>
    public long Rows { get; set; }

    public bool IsSilent(TimeSpan since) => _silence.Elapsed > since;

    /// <summary>Says how far it is.</summary>
    /// <param name="at">The image in work.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="outOfMemory">The images for which there was no memory.</param>
    public async Task SayAsync(string? at, CancellationToken cancellation, IReadOnlyList<string>? outOfMemory = null)
    {
        var record = new AttemptRecord(shard, Name, Environment.MachineName, _begun, DateTime.UtcNow, Rows, at, outOfMemory);
        await runs.WriteAsync(RunNames.Attempt(plan.Id, shard, Name), record, RunJson.Document.AttemptRecord, cancellation)
            .ConfigureAwait(false);
        _silence.Restart();
    }
}
