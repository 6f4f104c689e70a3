using System.Text.Json;
using Swan.Batch.Reports;
using Swan.Batch.Runs;
using Swan.Batch.Stores;

namespace Swan.Batch.Jobs;

/// <summary>Writes the rows that count into new files, and deletes what earlier runs have left.</summary>
/// <remarks>
/// It is a run of its own without inputs, so that readers see either the files before or those after. Its shards are its files.
/// </remarks>
internal sealed class JobCompaction(RunStore runs, int rowsPerFile) : IAsyncDisposable
{
    private const char End = '\0';

    private readonly RowsByPlace _byPlace = new(linesInMemory: 20_000);
    private readonly SortedLines _byKey =
        new(Path.Combine(Path.GetTempPath(), $"swan-states-{Guid.NewGuid():N}"), linesInMemory: 20_000, Utf8Order.Instance);

    private readonly LinesFile<GoneLine> _gone = new(RunJson.Line.GoneLine);
    private readonly LinesFile<StateLine> _kept = new(RunJson.Line.StateLine);
    private readonly KnownContents.Builder _contents = new();
    private long _rows;

    /// <summary>Compacts a job.</summary>
    /// <param name="keep">Whether the files of earlier runs stay.</param>
    /// <param name="progress">Rows that are copied.</param>
    /// <param name="cancellation">Ends the work; nothing has changed then.</param>
    /// <returns>The number of rows with an embedding; null where there is nothing to compact.</returns>
    /// <exception cref="SwanBatchException">A run has not ended, or another process has planned one meanwhile.</exception>
    public async Task<long?> RunAsync(bool keep, Action<long> progress, CancellationToken cancellation)
    {
        JobHistory history = await RunEnd.HistoryAsync(runs, cancellation).ConfigureAwait(false);
        if (history.Unfinished is { } unfinished)
        {
            throw new SwanBatchException($"Run {unfinished.Number} of '{runs.Objects.Address}' has not ended. Run the shards that are "
                + "left or abandon it, and compact then.", canRetry: true);
        }
        if (history.Valid is not { } valid || valid.Compacts) return null;
        string id = RunNames.NewId(history.Next);
        bool planned = false;
        try
        {
            RunPlan plan = await CopyAsync(valid, history.Next, id, progress, cancellation).ConfigureAwait(false);
            planned = await runs.CreateAsync(RunNames.Plan(plan.Number), plan, RunJson.Document.RunPlan, cancellation)
                .ConfigureAwait(false);
            if (!planned)
            {
                throw new SwanBatchException($"Another process has planned run {plan.Number} of '{runs.Objects.Address}' meanwhile. "
                    + "Compact again when it has ended.", canRetry: true);
            }
            await RunEnd.TryEndAsync(runs, plan, cancellation).ConfigureAwait(false);
        }
        finally
        {
            if (!planned)
            {
                await runs.DeleteAllAsync(RunNames.Folder(id), CancellationToken.None).ConfigureAwait(false);
                await runs.DeleteAllAsync($"embeddings/{id}/", CancellationToken.None).ConfigureAwait(false);
            }
        }
        if (!keep) await DeleteBeforeAsync(history.Next, cancellation).ConfigureAwait(false);
        return _rows;
    }

    public ValueTask DisposeAsync()
    {
        _byPlace.Dispose();
        _byKey.Dispose();
        _gone.Dispose();
        _kept.Dispose();
        _contents.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<RunPlan> CopyAsync(RunPlan valid, int number, string id, Action<long> progress, CancellationToken cancellation)
    {
        await foreach (StateLine line in JobHistory.StateAsync(runs, valid, cancellation).ConfigureAwait(false))
        {
            string json = JsonSerializer.Serialize(line, RunJson.Line.StateLine);
            if (line.Place is { } place) _byPlace.Add(place, json);
            else _byKey.Add($"{line.Key}{End}{json}");
        }
        int files = await CopyRowsAsync(number, id, progress, cancellation).ConfigureAwait(false);
        foreach (string line in _byKey.InOrder())
        {
            string json = line[(line.IndexOf(End, StringComparison.Ordinal) + 1)..];
            StateLine state = JsonSerializer.Deserialize(json, RunJson.Line.StateLine)!;
            _kept.Add(state);
            _contents.Add(state);
        }
        await foreach (GoneLine line in runs.LinesAsync(RunNames.Gone(valid.Id), RunJson.Line.GoneLine, cancellation).ConfigureAwait(false))
            _gone.Add(line);
        await _kept.WriteAsync(runs.Objects, RunNames.Kept(id), cancellation).ConfigureAwait(false);
        await _gone.WriteAsync(runs.Objects, RunNames.Gone(id), cancellation).ConfigureAwait(false);
        await _contents.WriteAsync(runs, RunNames.Contents(id), cancellation).ConfigureAwait(false);
        return new RunPlan
        {
            Number = number,
            Id = id,
            Base = valid.Number,
            Planned = DateTime.UtcNow,
            Shards = files,
            Rows = 0,
            New = 0,
            Changed = 0,
            Again = 0,
            Unchanged = valid.Unchanged + valid.Rows,
            Gone = 0,
            MaxBadShare = valid.MaxBadShare,
            Source = valid.Source,
            Compacts = true,
        };
    }

    // File by file, so that each is read once.
    private async Task<int> CopyRowsAsync(int number, string id, Action<long> progress, CancellationToken cancellation)
    {
        int files = 0;
        RowCopier? copier = null;
        SourceRows? source = null;
        try
        {
            foreach ((RowPlace place, string json) in _byPlace.InOrder())
            {
                cancellation.ThrowIfCancellationRequested();
                StateLine state = JsonSerializer.Deserialize(json, RunJson.Line.StateLine)!;
                if (source is null || source.File != (place.Run, place.Shard))
                {
                    if (source is not null) await source.DisposeAsync().ConfigureAwait(false);
                    source = await SourceRows.OpenAsync(runs, place, cancellation).ConfigureAwait(false);
                    if (copier is not null && !copier.Takes(source.Reader.Schema))
                    {
                        if (copier.Count > 0) await copier.EndFileAsync(files++, cancellation).ConfigureAwait(false);
                        await copier.DisposeAsync().ConfigureAwait(false);
                        copier = null;
                    }
                }
                copier ??= new RowCopier(runs, id, source.Reader);
                int row = await source.GoToAsync(place.Row, copier, cancellation).ConfigureAwait(false);
                StateLine moved = state with { Place = new RowPlace(number, files, copier.Count) };
                _byKey.Add($"{moved.Key}{End}{JsonSerializer.Serialize(moved, RunJson.Line.StateLine)}");
                await copier.AddAsync(row).ConfigureAwait(false);
                progress(++_rows);
                if (copier.Count == rowsPerFile) await copier.EndFileAsync(files++, cancellation).ConfigureAwait(false);
            }
            if (copier is { Count: > 0 }) await copier.EndFileAsync(files++, cancellation).ConfigureAwait(false);
            return files;
        }
        finally
        {
            if (copier is not null) await copier.DisposeAsync().ConfigureAwait(false);
            if (source is not null) await source.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Reasons of bad rows stay: nothing else has them. So do plans and outcomes, which are small and number the runs.
    private async Task DeleteBeforeAsync(int number, CancellationToken cancellation)
    {
        foreach (string folder in (string[])["runs/", "embeddings/"])
        {
            foreach (string key in await runs.KeysAsync(folder, cancellation).ConfigureAwait(false))
            {
                // A run that was planned since is not ours.
                if (RunNames.RunOf(key) < number) await runs.Objects.DeleteAsync(key, cancellation).ConfigureAwait(false);
            }
        }
    }
}
