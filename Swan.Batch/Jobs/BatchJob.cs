using System.Diagnostics;
using Microsoft.ML;
using Swan.Batch.Jobs;
using Swan.Batch.Runs;
using Swan.Batch.Settings;
using Swan.Batch.Sources;
using Swan.Batch.Stores;
using Swan.MLNet;
using Swan.MLNet.Numerics;

namespace Swan.Batch;

/// <summary>Embeds any number of images into Parquet files; each run embeds what is new or changed since the last.</summary>
/// <remarks>
/// A run is frozen by <see cref="PlanAsync"/>, and cut into shards. Each is done by <see cref="RunShardsAsync"/>, in any order, by any
/// number of processes and machines, as often as they like: the first attempt that ends counts, the others change nothing, and none
/// needs a lock. When all are done, the run is valid, and its rows count; until then those of the run before do.
/// <see cref="RunAsync"/> is all of it.
/// <list type="table">
/// <item><term>job.json</term><description>What all rows belong to: model, source, settings.</description></item>
/// <item><term>plans/, outcomes/</term><description>A run each: what it embeds, and how it ended.</description></item>
/// <item><term>embeddings/RUN/SHARD-ATTEMPT.parquet</term><description><c>row</c> (int64), <c>image</c>, <c>hash</c> (string),
/// <c>embedding</c> (list of float, unit length), or the columns of <see cref="BatchSteps"/>.</description></item>
/// <item><term>bad/RUN/SHARD-ATTEMPT.jsonl</term><description>Rows without an embedding: row, image, reason, message.</description></item>
/// <item><term>reports/</term><description>What became of a run: numbers, faults, what took long; JSON, and HTML for people.
/// </description></item>
/// <item><term>runs/RUN/</term><description>Inputs, records and states.</description></item>
/// </list>
/// Memory doesn't depend on the number of images. Not safe for concurrent use; several jobs may work on one output.
/// </remarks>
public sealed class BatchJob
{
    private readonly MLContext _context;
    private readonly BatchJobOptions _options;

    /// <summary>Makes the job; nothing is read or written yet.</summary>
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

    /// <summary>Compares the source with the last valid run, and freezes what is to be embedded.</summary>
    /// <remarks>With <see cref="BatchJobOptions.SampleSize"/> it embeds some of the images, and estimates what the run takes.</remarks>
    /// <param name="progress">Told what there is to say, on the job's thread.</param>
    /// <param name="cancellationToken">Ends the work; nothing is planned then. Once it is, ends the estimate alone.</param>
    /// <returns>The run; null where nothing has changed.</returns>
    /// <exception cref="SwanBatchException">The job can't go on as it was asked to, or another run has not ended.</exception>
    /// <exception cref="IOException">Reading or writing failed on the way.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public Task<BatchPlan?> PlanAsync(IProgress<BatchProgress>? progress = null, CancellationToken cancellationToken = default) =>
        UseAsync<BatchPlan?>(new JobProgress(progress), async work =>
        {
            JobHistory history = await work.HistoryAsync(cancellationToken).ConfigureAwait(false);
            if (history.Unfinished is { } unfinished)
                throw new SwanBatchException(work.Describe(unfinished), canRetry: true);
            RunPlan? plan = await work.PlanAsync(history, cancellationToken).ConfigureAwait(false);
            if (plan is null) return null;
            try
            {
                return plan.Public with { Estimate = await work.EstimateAsync(plan, cancellationToken).ConfigureAwait(false) };
            }
            catch (OperationCanceledException)
            {
                return plan.Public; // It is planned, and whoever asked must know.
            }
        }, cancellationToken);

    /// <summary>Says what <see cref="PlanAsync"/> would freeze, and writes nothing.</summary>
    /// <param name="progress">Told what there is to say, on the job's thread.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The run; null where nothing has changed.</returns>
    /// <exception cref="SwanBatchException">The job can't go on as it was asked to, or another run has not ended.</exception>
    /// <exception cref="IOException">Reading failed on the way.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public Task<BatchPlan?> PreviewAsync(IProgress<BatchProgress>? progress = null, CancellationToken cancellationToken = default) =>
        UseAsync<BatchPlan?>(new JobProgress(progress), async work =>
        {
            RunPlan? plan = await work.PreviewAsync(cancellationToken).ConfigureAwait(false);
            return plan is null ? null
                : plan.Public with { Estimate = await work.EstimateAsync(plan, cancellationToken).ConfigureAwait(false) };
        }, cancellationToken, writes: false);

    /// <summary>Embeds shards of the run that is planned, but for those that are done.</summary>
    /// <param name="shards">Their numbers, from 0; null: all.</param>
    /// <param name="progress">Told after every row and every shard, on the job's thread.</param>
    /// <param name="cancellationToken">Stops the work, within a few images; shards that are done are kept.</param>
    /// <returns>What these shards hold.</returns>
    /// <exception cref="SwanBatchException">There is no such shard, or the job can't go on as it was asked to.</exception>
    /// <exception cref="IOException">Reading or writing failed on the way; the same shards may be tried again.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public Task<BatchReport> RunShardsAsync(
        IReadOnlyList<int>? shards = null, IProgress<BatchProgress>? progress = null, CancellationToken cancellationToken = default) =>
        UseAsync(new JobProgress(progress), work => work.RunShardsAsync(shards, cancellationToken), cancellationToken);

    /// <summary>Does all that is not done: ends a run that was begun, or plans one, and embeds its shards.</summary>
    /// <param name="progress">Told after every row and every shard, on the job's thread.</param>
    /// <param name="cancellationToken">Stops the job, within a few images; shards that are done are kept.</param>
    /// <returns>What the run holds.</returns>
    /// <exception cref="SwanBatchException">The job can't go on as it was asked to.</exception>
    /// <exception cref="IOException">Reading or writing failed on the way, as on a full disk. Shards that are done are kept.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public Task<BatchReport> RunAsync(IProgress<BatchProgress>? progress = null, CancellationToken cancellationToken = default) =>
        UseAsync(new JobProgress(progress), work => work.RunAllAsync(cancellationToken), cancellationToken);

    /// <summary>The options of a job that was begun, to run its shards elsewhere.</summary>
    /// <param name="store">Its output; the options keep it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>
    /// What was asked for then, but for <see cref="BatchJobOptions.Steps"/>, and the machine's. Where the images are not in a folder or
    /// list, <see cref="BatchJobOptions.Images"/> is the source's address: put a <see cref="BatchJobOptions.Source"/> in its place.
    /// </returns>
    /// <exception cref="SwanBatchException">There is no job, or its files are damaged.</exception>
    /// <exception cref="IOException">The output can't be read.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static async Task<BatchJobOptions> GetOptionsAsync(ObjectStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var runs = new RunStore(store);
        JobSettings settings = await JobState.SettingsAsync(runs, cancellationToken).ConfigureAwait(false);
        BatchJobOptions options = settings.ToOptions(store);
        JobHistory history = await JobHistory.ReadAsync(runs, ends: false, cancellationToken).ConfigureAwait(false);
        RunPlan? plan = history.Unfinished ?? history.Valid;
        options.SourceSettings = plan?.Source;
        options.MaxPixels = plan?.MaxPixels ?? options.MaxPixels;
        options.MaxBytes = plan?.MaxBytes ?? options.MaxBytes;
        return options;
    }

    /// <summary>Looks how far a job is.</summary>
    /// <param name="store">Its output.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="SwanBatchException">There is no job, or its files are damaged.</exception>
    /// <exception cref="IOException">The output can't be read.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static Task<BatchStatus> GetStatusAsync(ObjectStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return JobState.StatusAsync(new RunStore(store), cancellationToken);
    }

    /// <summary>Gives the rows that count: those of the last valid run, in the order of their images' UTF-8 bytes.</summary>
    /// <param name="store">The job's output.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="SwanBatchException">There is no job, or its files are damaged.</exception>
    /// <exception cref="IOException">The output can't be read.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static IAsyncEnumerable<BatchRow> GetRowsAsync(ObjectStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return JobState.RowsAsync(new RunStore(store), cancellationToken);
    }

    /// <summary>Writes the rows that count into new files, and deletes those of earlier runs.</summary>
    /// <remarks>Whoever reads the old files meanwhile finds some of them gone: keep them while somebody does.</remarks>
    /// <param name="store">The job's output.</param>
    /// <param name="keep">Whether the files of earlier runs stay.</param>
    /// <param name="rowsPerFile">Rows of a new file, 1 to 1,000,000.</param>
    /// <param name="progress">Rows that are copied.</param>
    /// <param name="cancellationToken">Ends the work; nothing has changed then.</param>
    /// <returns>How many rows have an embedding; null where there was nothing to compact.</returns>
    /// <exception cref="SwanBatchException">There is no job, a run has not ended, or files are damaged.</exception>
    /// <exception cref="IOException">Reading or writing failed on the way.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static async Task<long?> CompactAsync(
        ObjectStore store, bool keep = false, int rowsPerFile = 100_000, IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowsPerFile, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rowsPerFile, 1_000_000);
        var runs = new RunStore(store);
        _ = await JobState.SettingsAsync(runs, cancellationToken).ConfigureAwait(false);
        await using var compaction = new JobCompaction(runs, rowsPerFile);
        return await compaction.RunAsync(keep, rows => progress?.Report(rows), cancellationToken).ConfigureAwait(false);
    }

    private Task<T> UseAsync<T>(JobProgress progress, Func<JobWork, Task<T>> use, CancellationToken cancellation, bool writes = true) =>
        Task.Run(async () =>
    {
        using ImageSource? source = _options.Source is null ? _options.OpenSource() : null;
        using ObjectStore? store = _options.Store is null ? _options.OpenStore() : null;
        using var work = new JobWork(_context, _options, source ?? _options.Source!, store ?? _options.Store!, progress);
        await work.BeginAsync(writes, cancellation).ConfigureAwait(false);
        return await use(work).ConfigureAwait(false);
    }, CancellationToken.None);
}
