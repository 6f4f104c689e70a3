using System.Diagnostics;
using Microsoft.ML;
using Swan.Batch.Inputs;
using Swan.Batch.Jobs;
using Swan.Batch.Output;
using Swan.MLNet;
using Swan.MLNet.Numerics;

namespace Swan.Batch;

/// <summary>Embeds any number of images into Parquet files, and can be killed at any time: the same job goes on after the last whole
/// chunk.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>manifest.json</term><description>What the chunks belong to: model, list, rows per chunk, shards.</description></item>
/// <item><term>images-….txt</term><description>The images of a folder, as listed at the first start.</description></item>
/// <item><term>embeddings/shard-i-of-n-chunk-k.parquet</term><description><c>row</c> (int64), <c>image</c> (string), <c>embedding</c>
/// (list of float, unit length), or the columns of <see cref="BatchSteps"/>.</description></item>
/// <item><term>bad/shard-i-of-n-chunk-k.jsonl</term><description>Rows without an embedding: row, image, reason,
/// message.</description></item>
/// </list>
/// A file with one of these names is whole, and a chunk's bad rows are on disk before the chunk is. On the same machine with the same
/// options, a chunk that is made again has the same bytes. Memory doesn't depend on the number of images. Several processes may share the
/// output folder, each with its own shard. One run of a job at a time; different jobs may run at the same time.
/// </remarks>
public sealed class BatchJob
{
    private readonly MLContext _context;
    private readonly BatchJobOptions _options;

    /// <summary>Makes the job; nothing is read or written before <see cref="RunAsync"/>.</summary>
    /// <param name="context">The ML.NET context; its log gets the pipeline's messages.</param>
    /// <param name="options">Copied.</param>
    /// <exception cref="SwanOptionsException">Options are missing or out of range; all are named.</exception>
    public BatchJob(MLContext context, BatchJobOptions options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (_context, _options) = (context, options.Copy());
    }

    /// <summary>Does what is not done yet.</summary>
    /// <param name="progress">Told after every row and every chunk, on the job's thread.</param>
    /// <param name="cancellationToken">Stops the job, within a few images; whole chunks are kept.</param>
    /// <exception cref="SwanBatchException">The job can't start as it was asked to, or another process is at its shard.</exception>
    /// <exception cref="IOException">Reading or writing failed on the way, such as on a full disk. Whole chunks are kept.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read or written. Whole chunks are kept.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public Task<BatchReport> RunAsync(IProgress<BatchProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => RunShardAsync(new JobProgress(progress), cancellationToken), CancellationToken.None);

    private async Task<BatchReport> RunShardAsync(JobProgress progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        using var scorer = new ImageScorer(_context, _options, cancellation);
        using JobFolder folder = JobFolder.Open(Path.GetFullPath(_options.Output), _options.Shard);
        (JobManifest manifest, ImageList list) = JobStart.Begin(_options, scorer.Card, folder, progress, cancellation);
        long rows = _options.Shard.CountRows(manifest.Rows);
        progress.Begin(rows);
        progress.Say(
            $"{Counted.Of(manifest.Rows, "image")}, model '{manifest.ModelName}' ({manifest.ModelFingerprint[..8]}), {scorer.Device}");
        progress.Say($"shard {_options.Shard}: {Counted.Of(rows, "row")}");

        var chunks = new ChunkWriter(scorer, folder, manifest, progress);
        int number = 0;
        // Only the chunk in work is in memory.
        foreach (ImageRow[] chunk in list.Read(_options.Shard).Chunk(_options.ChunkSize))
        {
            cancellation.ThrowIfCancellationRequested();
            Tally? done = await chunks.FindDoneAsync(number, chunk.Length).ConfigureAwait(false);
            bool keep = done is not null && (done.Reasons.Count == 0 || !_options.RetryBadRows);
            progress.Add(number, keep ? done! : await chunks.WriteAsync(number, chunk).ConfigureAwait(false), fromEarlierRun: keep);
            number++;
        }

        return new BatchReport
        {
            Shard = _options.Shard,
            Rows = rows,
            RowsFromEarlierRuns = progress.FromEarlierRuns,
            BadRows = progress.All.Reasons,
            MaxBadShare = _options.MaxBadShare,
            Elapsed = clock.Elapsed,
        };
    }
}
