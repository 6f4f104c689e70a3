using System.Diagnostics;
using System.Globalization;
using Swan.Batch.Output;
using Swan.Batch.Runs;
using Swan.Batch.Settings;
using Swan.Batch.Sources;

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
    // So many rows are held, and given to the steps together.
    private const int BlockRows = 1024;

    // What is remembered of a shard's contents, to find equal ones.
    private const int MostContents = 16_384;

    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(30);

    // The embedding of a row that has none to write.
    private readonly float[] _missing = [.. Enumerable.Repeat(float.NaN, settings.EmbeddingSize)];

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
        var attempt = new Attempt(runs, plan, shard);
        await attempt.SayAsync(null, cancellation).ConfigureAwait(false);
        var clock = Stopwatch.StartNew();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        await using var files = new ShardFiles(plan, shard, Metadata(plan, shard));
        long bytes = await EmbedAsync(plan, shard, files, attempt, advance, cancellation).ConfigureAwait(false);
        await files.WriteAsync(runs, attempt.Name, cancellation).ConfigureAwait(false);
        var record = new ShardRecord(
            shard, attempt.Name, files.Tally.Rows, files.Reused, files.Tally.Reasons, bytes, clock.Elapsed.TotalSeconds,
            (Environment.CpuUsage.TotalTime - processor).TotalSeconds, DateTime.UtcNow);
        if (await runs.CreateAsync(key, record, RunJson.Document.ShardRecord, cancellation).ConfigureAwait(false)) return (record, false);
        // Another attempt was faster; its rows are the same.
        await DeleteAsync(plan, shard, attempt.Name, cancellation).ConfigureAwait(false);
        return (await JobHistory.RecordAsync(runs, plan, shard, cancellation).ConfigureAwait(false), true);
    }

    private async Task<long> EmbedAsync(
        RunPlan plan, int shard, ShardFiles files, Attempt attempt, Action advance, CancellationToken cancellation)
    {
        var reader = new ImageReader(source, options.Decoding, options.Reads, options.ReadBytes);
        await using var known = new KnownVectors(
            runs, await KnownContents.OpenAsync(runs, plan, cancellation).ConfigureAwait(false), settings.EmbeddingSize);
        var rows = new Queue<EmbeddedRow>();
        var contents = new Dictionary<string, EmbeddedRow>(StringComparer.Ordinal);
        long bytes = 0, number = plan.FirstRow(shard);
        using var batches = new ShardBatches(scorer, options.BatchSize, image => reader.Release(image), cancellation);
        await foreach (ReadImage image in reader.ReadAsync(
            runs.LinesAsync(RunNames.Inputs(plan.Id, shard), RunJson.Line.InputLine, cancellation), cancellation).ConfigureAwait(false))
        {
            bytes += image.Held;
            EmbeddedRow row = Begin(image, number++);
            rows.Enqueue(row);
            bool embeds = row.Error.Length == 0 && !await FindAsync(image, row, known, contents, cancellation).ConfigureAwait(false);
            if (embeds) batches.Add(image, row);
            else reader.Release(image);
            advance();
            if (rows.Count >= 2 * BlockRows) await WriteDoneAsync(files, rows).ConfigureAwait(false);
            if (attempt.IsSilent(SayEvery)) await attempt.SayAsync(image.Input.Key, cancellation).ConfigureAwait(false);
            attempt.Rows++;
        }
        batches.Finish();
        while (rows.Count > 0) await WriteDoneAsync(files, rows).ConfigureAwait(false);
        return bytes;
    }

    private EmbeddedRow Begin(ReadImage image, long number) => new()
    {
        Row = number,
        Image = image.Input.Key,
        Hash = image.Hash ?? "",
        Stamp = image.Stamp,
        Error = image.Fault is { } fault ? Swan.MLNet.Transforms.RowFault.From(fault)!.Text : "",
    };

    // True where the embedding needs no encoder: it is known of this image, of another one, or will be.
    private async Task<bool> FindAsync(
        ReadImage image, EmbeddedRow row, KnownVectors known, Dictionary<string, EmbeddedRow> contents, CancellationToken cancellation)
    {
        if (image.Input.Before is { Place: { } place } before && before.Hash == row.Hash)
        {
            // Touched, not changed: its row is where it was.
            (row.Place, row.IsReused, row.Embedding) = (place, true, _missing);
            return true;
        }
        if (contents.TryGetValue(row.Hash, out EmbeddedRow? same))
        {
            (row.Same, row.IsReused) = (same, true);
            return true;
        }
        if (scorer.Columns.Contains(BatchSteps.EmbeddingColumn)
            && await known.FindAsync(row.Hash, cancellation).ConfigureAwait(false) is { } vector)
        {
            (row.Embedding, row.IsReused) = (vector, true);
            return true;
        }
        if (contents.Count == MostContents) contents.Clear();
        contents.Add(row.Hash, row);
        return false;
    }

    private async Task WriteDoneAsync(ShardFiles files, Queue<EmbeddedRow> rows)
    {
        var block = new List<EmbeddedRow>(BlockRows);
        while (block.Count < BlockRows && rows.TryPeek(out EmbeddedRow? row) && row.IsDone)
        {
            rows.Dequeue();
            if (row.Same is { } same)
            {
                // Equal bytes are equally bad.
                (row.Embedding, row.Error) = (same.Embedding, same.Error.Replace(same.Image, row.Image, StringComparison.Ordinal));
            }
            if (row.Error.Length > 0) row.Embedding = _missing;
            block.Add(row);
        }
        await files.AddAsync(block, scorer).ConfigureAwait(false);
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
