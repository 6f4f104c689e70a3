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
/// <remarks>
/// The last row group of each of the last few files is kept: images that moved together are often near each other. Not safe for
/// concurrent use.
/// </remarks>
internal sealed class KnownVectors(RunStore runs, KnownContents contents, int dimension) : IAsyncDisposable
{
    private const int MostFiles = 4;

    private readonly LinkedList<OpenFile> _files = new();

    /// <summary>Opens those that a run may use.</summary>
    public static async Task<KnownVectors> OpenAsync(RunStore runs, RunPlan plan, int dimension, CancellationToken cancellation) =>
        new(runs, await KnownContents.OpenAsync(runs, plan, cancellation).ConfigureAwait(false), dimension);

    /// <summary>The embedding of a content; null where it is not known.</summary>
    /// <param name="hash">SHA-256, lower-case hex.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task<float[]?> FindAsync(string hash, CancellationToken cancellation)
    {
        if (contents.Find(hash) is not { } place) return null;
        OpenFile file = await OpenAsync(place, cancellation).ConfigureAwait(false);
        try
        {
            return await ReadAsync(file, place.Row, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw runs.Damaged(file.Key, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (OpenFile file in _files) await file.DisposeAsync().ConfigureAwait(false);
        contents.Dispose();
    }

    // The file is this machine's own copy: what can't be read of it was written wrong.
    private static bool IsDamage(Exception e) => e is not (OperationCanceledException or OutOfMemoryException or SwanBatchException);

    private async Task<float[]?> ReadAsync(OpenFile file, int row, CancellationToken cancellation)
    {
        DataField? field = file.Reader.Schema.GetDataFields()
            .FirstOrDefault(f => f.Path.FirstPart == BatchSteps.EmbeddingColumn && FloatLists.Has(f));
        if (field is null) return null;
        for (int g = 0; g < file.Reader.RowGroupCount; g++)
        {
            using ParquetRowGroupReader group = file.Reader.OpenRowGroupReader(g);
            int count = checked((int)group.RowCount);
            if (row >= count)
            {
                row -= count;
                continue;
            }
            if (file.Group != g)
            {
                (file.Group, file.Values) = (-1, await FloatLists.ReadAsync(group, field, cancellation).ConfigureAwait(false));
                file.Group = g;
            }
            return file.Values.AsSpan(row * dimension, dimension).ToArray();
        }
        return null;
    }

    private async Task<OpenFile> OpenAsync(RowPlace place, CancellationToken cancellation)
    {
        RowPlace of = place with { Row = 0 };
        for (LinkedListNode<OpenFile>? node = _files.First; node is not null; node = node.Next)
        {
            if (node.Value.Of != of) continue;
            _files.Remove(node);
            _files.AddFirst(node);
            return node.Value;
        }
        string key = await JobHistory.EmbeddingsAsync(runs, place.Run, place.Shard, cancellation).ConfigureAwait(false);
        FileStream file = await runs.FetchAsync(key, cancellation).ConfigureAwait(false);
        try
        {
            ParquetReader reader = await RowsFile.OpenAsync(file, leaveOpen: true, cancellation).ConfigureAwait(false);
            _files.AddFirst(new OpenFile(of, key, file, reader));
        }
        catch (Exception e)
        {
            await file.DisposeAsync().ConfigureAwait(false);
            if (IsDamage(e)) throw runs.Damaged(key, e);
            throw;
        }
        if (_files.Count > MostFiles)
        {
            await _files.Last!.Value.DisposeAsync().ConfigureAwait(false);
            _files.RemoveLast();
        }
        return _files.First!.Value;
    }

    private sealed class OpenFile(RowPlace of, string key, FileStream file, ParquetReader reader) : IAsyncDisposable
    {
        public RowPlace Of => of;

        public string Key => key;

        public ParquetReader Reader => reader;

        /// <summary>The row group whose embeddings are in <see cref="Values"/>; -1: none.</summary>
        public int Group { get; set; } = -1;

        public float[] Values { get; set; } = [];

        public async ValueTask DisposeAsync()
        {
            await reader.DisposeAsync().ConfigureAwait(false);
            await file.DisposeAsync().ConfigureAwait(false);
        }
    }
}
