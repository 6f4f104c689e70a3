using Swan.Batch.Runs;
using Swan.Batch.Stores;
using Swan.MLNet;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;

namespace Swan.Batch.Indexes;

/// <summary>Updates a living index with the valid rows of a batch job.</summary>
public static class SwanIndexJobs
{
    /// <summary>Whether a folder or store is a batch job's output.</summary>
    /// <param name="job">The store.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="IOException">The output can't be read.</exception>
    public static async Task<bool> IsJobAsync(ObjectStore job, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        using StoredContent? settings = await job.OpenAsync(RunNames.Job, cancellationToken).ConfigureAwait(false);
        return settings is not null;
    }

    /// <summary>Adds and replaces rows, and removes those whose images are gone.</summary>
    /// <remarks>Nothing is committed. Rows of other keys stay. Unchanged rows are not written again.</remarks>
    /// <param name="writer">The index's.</param>
    /// <param name="job">The job's output.</param>
    /// <param name="progress">Rows that are taken.</param>
    /// <param name="cancellationToken">Ends the work; rows before are taken.</param>
    /// <returns>The changes, and the number of removed rows.</returns>
    /// <exception cref="SwanBatchException">There is no job, no run has ended, or its files are damaged.</exception>
    /// <exception cref="SwanMismatchException">Its embeddings are of another model, size or range.</exception>
    /// <exception cref="IOException">The output can't be read.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static Task<(SwanIndexChanges Changes, int Removed)> UpdateAsync(
        SwanIndexWriter writer, ObjectStore job, IProgress<SwanIndexProgress>? progress = null,
        CancellationToken cancellationToken = default) => UpdateAsync(writer, job, ColumnTypes.None, progress, cancellationToken);

    /// <summary>As the other, with the types of columns that the index doesn't have yet.</summary>
    internal static async Task<(SwanIndexChanges Changes, int Removed)> UpdateAsync(
        SwanIndexWriter writer, ObjectStore job, IReadOnlyDictionary<string, SwanColumnType> types,
        IProgress<SwanIndexProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(job);
        var runs = new RunStore(job);
        RunPlan valid = await ValidAsync(runs, cancellationToken).ConfigureAwait(false);
        SwanIndexChanges changes = default;
        int done = 0;
        await foreach (JobFile file in JobFile.OfAsync(runs, valid, cancellationToken).ConfigureAwait(false))
        {
            using (file)
            {
                Dictionary<string, SwanColumnType> known = ColumnTypes.Of(writer.Columns, types);
                await using IndexRows rows = await file.OpenAsync(known, cancellationToken).ConfigureAwait(false);
                foreach (SwanColumn column in rows.Columns) writer.AddColumn(column);
                SwanIndexChanges some = await TakeAsync(writer, file, rows, cancellationToken).ConfigureAwait(false);
                changes = new SwanIndexChanges(
                    changes.Added + some.Added, changes.Replaced + some.Replaced, changes.Unchanged + some.Unchanged,
                    changes.Skipped + some.Skipped);
                done += file.Rows.Count;
                progress?.Report(new SwanIndexProgress(done, Math.Max(done, file.Total)));
            }
        }
        int removed = 0;
        await foreach (GoneLine gone in runs.LinesAsync(RunNames.Gone(valid.Id), RunJson.Line.GoneLine, cancellationToken)
            .ConfigureAwait(false))
        {
            if (writer.Remove(gone.Key)) removed++;
        }
        return (changes, removed);
    }

    /// <summary>Reads the settings of an index for a job's rows.</summary>
    /// <param name="job">The job's output.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <inheritdoc cref="UpdateAsync(SwanIndexWriter, ObjectStore, IProgress{SwanIndexProgress}, CancellationToken)" path="/exception"/>
    public static Task<SwanIndexSettings> ReadSettingsAsync(ObjectStore job, CancellationToken cancellationToken = default) =>
        ReadSettingsAsync(job, ColumnTypes.None, cancellationToken);

    /// <summary>As the other, with the types of columns.</summary>
    internal static async Task<SwanIndexSettings> ReadSettingsAsync(
        ObjectStore job, IReadOnlyDictionary<string, SwanColumnType> types, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var runs = new RunStore(job);
        RunPlan valid = await ValidAsync(runs, cancellationToken).ConfigureAwait(false);
        await foreach (JobFile file in JobFile.OfAsync(runs, valid, cancellationToken).ConfigureAwait(false))
        {
            using (file)
            {
                await using IndexRows rows = await file.OpenAsync(types, cancellationToken).ConfigureAwait(false);
                int size = await rows.EmbeddingSizeAsync(cancellationToken).ConfigureAwait(false);
                return new SwanIndexSettings(size)
                {
                    Model = rows.Metadata.Model, GivenRange = rows.Metadata.Range, Columns = rows.Columns,
                };
            }
        }
        throw new SwanBatchException($"No row of '{job.Address}' has an embedding, so there is nothing to index.");
    }

    private static async Task<RunPlan> ValidAsync(RunStore runs, CancellationToken cancellation) =>
        (await JobHistory.ReadAsync(runs, ends: false, cancellation).ConfigureAwait(false)).Valid
            ?? throw new SwanBatchException($"No run of '{runs.Objects.Address}' has ended, so no row counts yet. Run the shards that are "
                + "left; swan job status lists them.");

    private static async Task<SwanIndexChanges> TakeAsync(
        SwanIndexWriter writer, JobFile file, IndexRows rows, CancellationToken cancellation)
    {
        SwanIndexChanges changes = default;
        var kept = new KeptValues(writer, rows.Columns);
        int first = 0, next = 0;
        for (int group = 0; group < rows.Groups && next < file.Rows.Count; group++)
        {
            IndexRowGroup read = await rows.ReadAsync(group, cancellation).ConfigureAwait(false);
            var keys = new List<string>();
            var values = new List<Dictionary<string, object?>>();
            var embeddings = new List<float>();
            int size = read.Count == 0 ? 0 : read.Embeddings.Length / read.Count;
            for (; next < file.Rows.Count && file.Rows[next].Row < first + read.Count; next++)
            {
                int row = file.Rows[next].Row - first;
                keys.Add(file.Rows[next].Key);
                kept.AddTo(file.Rows[next].Key, read.Values[row]);
                values.Add(read.Values[row]);
                embeddings.AddRange(read.Embeddings.Span.Slice(row * size, size));
            }
            first += read.Count;
            if (keys.Count == 0) continue;
            writer.RequireComparable(rows.Metadata.Model, size, rows.Metadata.Range);
            SwanIndexChanges some = writer.UpsertMany(
                keys, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(embeddings), values, cancellation);
            changes = new SwanIndexChanges(
                changes.Added + some.Added, changes.Replaced + some.Replaced, changes.Unchanged + some.Unchanged,
                changes.Skipped + some.Skipped);
        }
        return changes;
    }
}
