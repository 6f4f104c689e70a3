using Parquet;
using Swan.Batch.Output;
using Swan.Batch.Runs;

namespace Swan.Batch.Jobs;

/// <summary>A shard's Parquet file, read from its beginning to its end.</summary>
internal sealed class SourceRows : IAsyncDisposable
{
    private readonly FileStream _local;
    private int _group = -1, _first, _after;
    private RowCopier? _readBy;

    private SourceRows(RowPlace place, FileStream local, ParquetReader reader) =>
        (File, _local, Reader) = ((place.Run, place.Shard), local, reader);

    /// <summary>Which one it is.</summary>
    public (int Run, int Shard) File { get; }

    public ParquetReader Reader { get; }

    /// <summary>Opens the file that a place is in.</summary>
    public static async Task<SourceRows> OpenAsync(RunStore runs, RowPlace place, CancellationToken cancellation)
    {
        string key = await JobHistory.EmbeddingsAsync(runs, place.Run, place.Shard, cancellation).ConfigureAwait(false);
        FileStream local = await runs.FetchAsync(key, cancellation).ConfigureAwait(false);
        ParquetReader reader = await RowsFile.OpenAsync(local, leaveOpen: true, cancellation).ConfigureAwait(false);
        return new SourceRows(place, local, reader);
    }

    /// <summary>Has a copier read the row group of a row that is not before the last one.</summary>
    /// <returns>The row's place within the group.</returns>
    public async Task<int> GoToAsync(int row, RowCopier copier, CancellationToken cancellation)
    {
        while (row >= _after)
        {
            if (_group + 1 >= Reader.RowGroupCount)
                throw new SwanBatchException($"The file of shard {File.Shard} of run {File.Run} has {_after} rows, but row {row} is "
                    + "needed: it was changed. Restore it, or choose another output.");
            using ParquetRowGroupReader next = Reader.OpenRowGroupReader(++_group);
            (_first, _after, _readBy) = (_after, _after + checked((int)next.RowCount), null);
        }
        if (_readBy != copier)
        {
            using ParquetRowGroupReader group = Reader.OpenRowGroupReader(_group);
            await copier.ReadAsync(group, cancellation).ConfigureAwait(false);
            _readBy = copier;
        }
        return row - _first;
    }

    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync().ConfigureAwait(false);
        await _local.DisposeAsync().ConfigureAwait(false);
    }
}
