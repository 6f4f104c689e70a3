using System.Diagnostics;
using System.Globalization;
using Swan.Batch.Runs;
using Swan.Batch.Settings;
using Swan.Batch.Sources;
using Swan.MLNet.Diagnostics;

namespace Swan.Batch.Jobs;

/// <summary>Embeds the images of shards.</summary>
/// <param name="runs">The job.</param>
/// <param name="settings">What its rows belong to.</param>
/// <param name="source">Where its images are.</param>
/// <param name="scorer">The model.</param>
/// <param name="options">How images are read, and how many at a time.</param>
internal sealed class ShardRunner(
    RunStore runs, JobSettings settings, ImageSource source, ShardScorer scorer, BatchJobOptions options)
{
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(30);

    /// <summary>Embeds a shard, unless it is done.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="shard">The shard's number.</param>
    /// <param name="advance">Called for each row.</param>
    /// <param name="cancellation">Ends the work; nothing of it counts then.</param>
    /// <returns>What is known of the shard, by whichever attempt was first; and whether it was there before.</returns>
    public async Task<(ShardRecord Record, bool Before)> RunAsync(
        RunPlan plan, int shard, Action advance, CancellationToken cancellation)
    {
        string key = RunNames.Record(plan.Id, shard);
        if (await runs.ReadAsync(key, RunJson.Document.ShardRecord, cancellation).ConfigureAwait(false) is { } done) return (done, true);
        using Activity? activity = BatchTelemetry.StartShard(plan.Id, shard, plan.RowsOf(shard));
        try
        {
            return await RunAsync(plan, shard, key, activity, advance, cancellation).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            BatchTelemetry.Failed(activity, e);
            throw;
        }
    }

    private async Task<(ShardRecord Record, bool Before)> RunAsync(
        RunPlan plan, int shard, string key, Activity? activity, Action advance, CancellationToken cancellation)
    {
        ExhaustedMemory exhausted = await ExhaustedMemory.ReadAsync(runs, plan, shard, cancellation).ConfigureAwait(false);
        var attempt = new Attempt(runs, plan, shard);
        await attempt.SayAsync(null, cancellation).ConfigureAwait(false);
        var clock = Stopwatch.StartNew();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        await using var files = new ShardFiles(plan, shard, Metadata(plan, shard), BatchTelemetry.RowDone);
        InputEmbedding embedding;
        try
        {
            embedding = await EmbedAsync(plan, shard, files, exhausted, attempt, advance, cancellation).ConfigureAwait(false);
        }
        catch (ImageMemoryException e)
        {
            await attempt.SayAsync(e.Images[^1], cancellation, outOfMemory: e.Images).ConfigureAwait(false);
            throw;
        }
        long written = await files.WriteAsync(runs, attempt.Name, cancellation).ConfigureAwait(false);
        var record = new ShardRecord(
            shard, attempt.Name, files.Tally.Rows, files.Reused, files.Tally.Reasons, embedding.Bytes, clock.Elapsed.TotalSeconds,
            (Environment.CpuUsage.TotalTime - processor).TotalSeconds, DateTime.UtcNow, written, embedding.Slowest.InOrder());
        if (await runs.CreateAsync(key, record, RunJson.Document.ShardRecord, cancellation).ConfigureAwait(false))
        {
            BatchTelemetry.ShardDone(activity, record.Bad.Values.Sum(), written);
            return (record, false);
        }
        // Another attempt was faster; its rows are the same.
        await DeleteAsync(plan, shard, attempt.Name, cancellation).ConfigureAwait(false);
        return (await JobHistory.RecordAsync(runs, plan, shard, cancellation).ConfigureAwait(false), true);
    }

    private async Task<InputEmbedding> EmbedAsync(
        RunPlan plan, int shard, ShardFiles files, ExhaustedMemory exhausted, Attempt attempt, Action advance,
        CancellationToken cancellation)
    {
        await using KnownVectors known = await KnownVectors.OpenAsync(runs, plan, settings.EmbeddingSize, cancellation)
            .ConfigureAwait(false);
        var embedding = new InputEmbedding(source, scorer, options, exhausted, known.FindAsync, files);
        IAsyncEnumerable<InputLine> inputs =
            runs.LinesAsync(RunNames.Inputs(plan.Id, shard), RunJson.Line.InputLine, cancellation);
        await embedding.EmbedAsync(inputs, plan.FirstRow(shard), async image =>
        {
            BatchTelemetry.ImageRead(image.ReadTime, image.Held);
            advance();
            if (attempt.IsSilent(SayEvery)) await attempt.SayAsync(image.Input.Key, cancellation).ConfigureAwait(false);
            attempt.Rows++;
        }, cancellation).ConfigureAwait(false);
        return embedding;
    }

    private async Task DeleteAsync(RunPlan plan, int shard, string attempt, CancellationToken cancellation)
    {
        foreach (string key in (string[])
            [RunNames.Embeddings(plan.Id, shard, attempt), RunNames.Bad(plan.Id, shard, attempt), RunNames.Rows(plan.Id, shard, attempt)])
            await runs.Objects.DeleteAsync(key, cancellation).ConfigureAwait(false);
    }

    private Dictionary<string, string> Metadata(RunPlan plan, int shard)
    {
        var metadata = new Dictionary<string, string>
        {
            ["swan.model_name"] = settings.ModelName,
            ["swan.model_fingerprint"] = settings.ModelFingerprint,
            ["swan.embedding_size"] = settings.EmbeddingSize.ToString(CultureInfo.InvariantCulture),
            ["swan.rotations"] = settings.Rotations.ToString(CultureInfo.InvariantCulture),
            ["swan.version"] = JobSettings.CurrentVersion,
            ["swan.source"] = settings.Source,
            ["swan.run"] = plan.Id,
            ["swan.shard"] = shard.ToString(CultureInfo.InvariantCulture),
        };
        if (settings.Range is { } range) metadata["swan.range"] = range;
        if (settings.Steps is { } steps) metadata["swan.steps"] = steps;
        return metadata;
    }
}
