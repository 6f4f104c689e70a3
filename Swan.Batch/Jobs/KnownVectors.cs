using Parquet;
using Parquet.Schema;
using Swan.Batch.Output;
using Swan.Batch.Runs;
using Swan.Batch.Stores;

namespace Swan.Batch.Jobs;

/// <summary>Embeddings that earlier runs have written, fetched from their files.</summary>
/// <param name="runs">The job.</param>
/// <param name="contents">Where they are.</param>
/// <param name="dimension">D.</param>
/// <remarks>The last few row groups are kept: images that moved together are often near each other. Not safe for concurrent use.</remarks>
internal sealed class KnownVectors(RunStore runs, KnownContents contents, int dimension) : IAsyncDisposable
{
    private const int MostFiles = 4;

    private readonly Dictionary<int, RunPlan> _plans = [];
    private readonly LinkedList<(RowPlace Of, FileStream File, ParquetReader Reader)> _files = new();

    /// <summary>The embedding of a content; null where it is not known.</summary>
    /// <param name="hash">SHA-256, lower-case hex.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task<float[]?> FindAsync(string hash, CancellationToken cancellation)
    {
        if (contents.Find(hash) is not { } place) return null;
        ParquetReader reader = await OpenAsync(place, cancellation).ConfigureAwait(false);
        DataField? field = reader.Schema.GetDataFields()
            .FirstOrDefault(f => f.Path.FirstPart == BatchSteps.EmbeddingColumn && f.MaxRepetitionLevel == 1);
        if (field is null) return null;
        int row = place.Row;
        for (int g = 0; g < reader.RowGroupCount; g++)
        {
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(g);
            int count = checked((int)group.RowCount);
            if (row >= count)
            {
                row -= count;
                continue;
            }
            float[] values = await FloatLists.ReadAsync(group, field, cancellation).ConfigureAwait(false);
            return values.AsSpan(row * dimension, dimension).ToArray();
        }
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach ((_, FileStream file, ParquetReader reader) in _files)
        {
            await reader.DisposeAsync().ConfigureAwait(false);
            await file.DisposeAsync().ConfigureAwait(false);
        }
        contents.Dispose();
    }

    private async Task<ParquetReader> OpenAsync(RowPlace place, CancellationToken cancellation)
    {
        RowPlace of = place with { Row = 0 };
        for (LinkedListNode<(RowPlace Of, FileStream File, ParquetReader Reader)>? node = _files.First; node is not null; node = node.Next)
        {
            if (node.Value.Of != of) continue;
            _files.Remove(node);
            _files.AddFirst(node);
            return node.Value.Reader;
        }
        if (!_plans.TryGetValue(place.Run, out RunPlan? plan))
            _plans[place.Run] = plan = await JobHistory.PlanAsync(runs, place.Run, cancellation).ConfigureAwait(false);
        ShardRecord record = await JobHistory.RecordAsync(runs, plan, place.Shard, cancellation).ConfigureAwait(false);
        FileStream file = await runs.FetchAsync(RunNames.Embeddings(plan.Id, place.Shard, record.Attempt), cancellation)
            .ConfigureAwait(false);
        ParquetReader reader = await ParquetReader.CreateAsync(file, leaveStreamOpen: true, cancellationToken: cancellation)
            .ConfigureAwait(false);
        _files.AddFirst((of, file, reader));
        if (_files.Count > MostFiles)
        {
            (_, FileStream oldFile, ParquetReader oldReader) = _files.Last!.Value;
            await oldReader.DisposeAsync().ConfigureAwait(false);
            await oldFile.DisposeAsync().ConfigureAwait(false);
            _files.RemoveLast();
        }
        return reader;
    }
}
