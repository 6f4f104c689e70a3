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

/// <summary>Embeds any number of images into Parquet files; each run embeds new and changed images.</summary>
/// <remarks>
/// <see cref="PlanAsync"/> freezes a run and cuts it into shards. <see cref="RunShardsAsync"/> embeds them in any order, in any number of
/// processes and machines, any number of times. The first attempt to end counts, and no attempt needs a lock. When all shards are done,
/// the run is valid and its rows count. Until then, the rows of the run before count. <see cref="RunAsync"/> does all of this.
/// <list type="table">
/// <item><term>job.json</term><description>The model, source and settings of all rows.</description></item>
/// <item><term>plans/, outcomes/</term><description>For each run, the images to embed, and how it ended.</description></item>
/// <item><term>embeddings/RUN/SHARD-ATTEMPT.parquet</term><description><c>row</c> (int64), <c>image</c>, <c>hash</c> (string),
/// <c>embedding</c> (list of float, unit length), or the columns of <see cref="BatchSteps"/>.</description></item>
/// <item><term>bad/RUN/SHARD-ATTEMPT.jsonl</term><description>Rows without an embedding: row, image, reason, message.</description></item>
/// <item><term>reports/</term><description>The result of a run: counts, faults, slowest images; JSON, and HTML for people.
/// </description></item>
/// <item><term>runs/RUN/</term><description>Inputs, records and states.</description></item>
/// </list>
/// Memory doesn't depend on the number of images. Not safe for concurrent use; several jobs may work on one output.
/// </remarks>
public sealed class BatchJob
{
    private readonly MLContext _context;
    private readonly BatchJobOptions _options;

    /// <summary>Creates the job; nothing is read or written yet.</summary>
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

    /// <summary>Compares the source with the last valid run, and freezes the images to embed.</summary>
    /// <remarks>With <see cref="BatchJobOptions.SampleSize"/> it embeds some images, and estimates the run's time and bytes.</remarks>
    /// <param name="progress">Receives messages, on the job's thread.</param>
    /// <param name="cancellationToken">Ends the work without a plan; after planning, ends only the estimate.</param>
    /// <returns>The run; null if nothing has changed.</returns>
    /// <exception cref="SwanBatchException">The job can't continue with these options, or another run has not ended.</exception>
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

    /// <summary>Returns what <see cref="PlanAsync"/> would freeze, and writes nothing.</summary>
    /// <param name="progress">Receives messages, on the job's thread.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The run; null if nothing has changed.</returns>
    /// <exception cref="SwanBatchException">The job can't continue with these options, or another run has not ended.</exception>
    /// <exception cref="IOException">Reading failed on the way.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public Task<BatchPlan?> PreviewAsync(IProgress<BatchProgress>? progress = null, CancellationToken cancellationToken = default) =>
        UseAsync<BatchPlan?>(new JobProgress(progress), async work =>
        {
            RunPlan? plan = await work.PreviewAsync(cancellationToken).ConfigureAwait(false);
            return plan is null ? null
                : plan.Public with { Estimate = await work.EstimateAsync(plan, cancellationToken).ConfigureAwait(false) };
        }, cancellationToken, writes: false);

    /// <summary>Embeds shards of the planned run, except those that are done.</summary>
    /// <param name="shards">Their numbers, from 0; null: all.</param>
    /// <param name="progress">Receives progress after every row and every shard, on the job's thread.</param>
    /// <param name="cancellationToken">Stops the work, within a few images; shards that are done are kept.</param>
    /// <returns>The results of these shards.</returns>
    /// <exception cref="SwanBatchException">There is no such shard, or the job can't continue with these options.</exception>
    /// <exception cref="IOException">Reading or writing failed on the way; the same shards may be tried again.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public Task<BatchReport> RunShardsAsync(
        IReadOnlyList<int>? shards = null, IProgress<BatchProgress>? progress = null, CancellationToken cancellationToken = default) =>
        UseAsync(new JobProgress(progress), work => work.RunShardsAsync(shards, cancellationToken), cancellationToken);

    /// <summary>Completes an unfinished run, or plans one and embeds its shards.</summary>
    /// <param name="progress">Receives progress after every row and every shard, on the job's thread.</param>
    /// <param name="cancellationToken">Stops the job, within a few images; shards that are done are kept.</param>
    /// <returns>The results of the run.</returns>
    /// <exception cref="SwanBatchException">The job can't continue with these options.</exception>
    /// <exception cref="IOException">Reading or writing failed on the way, as on a full disk. Shards that are done are kept.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public Task<BatchReport> RunAsync(IProgress<BatchProgress>? progress = null, CancellationToken cancellationToken = default) =>
        UseAsync(new JobProgress(progress), work => work.RunAllAsync(cancellationToken), cancellationToken);

    /// <summary>The options of a job that was begun, to run its shards elsewhere.</summary>
    /// <param name="store">Its output; the options keep it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>
    /// The job's options, without <see cref="BatchJobOptions.Steps"/> and the machine's. If the images are not in a folder or list,
    /// <see cref="BatchJobOptions.Images"/> is the source's address: replace it with a <see cref="BatchJobOptions.Source"/>.
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

    /// <summary>Returns the progress of a job.</summary>
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

    /// <summary>Returns the rows of the last valid run, in the order of their images' UTF-8 bytes.</summary>
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

    /// <summary>Writes the valid rows into new files, and deletes the files of earlier runs.</summary>
    /// <remarks>A program that still reads the old files finds some of them deleted: keep them while they are read.</remarks>
    /// <param name="store">The job's output.</param>
    /// <param name="keep">Whether the files of earlier runs stay.</param>
    /// <param name="rowsPerFile">Rows per new file, 1 to 1,000,000.</param>
    /// <param name="progress">Rows that are copied.</param>
    /// <param name="cancellationToken">Ends the work; nothing has changed then.</param>
    /// <returns>How many rows have an embedding; null if there was nothing to compact.</returns>
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
