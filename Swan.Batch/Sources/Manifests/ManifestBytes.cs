using System.Collections.Concurrent;
using Swan.Batch.Stores;

namespace Swan.Batch.Sources;

/// <summary>The images in a column of a manifest.</summary>
/// <remarks>
/// A row group can only be read as a whole. Each that is needed is read once, into a file of this machine, because images are asked for by
/// their keys and not by their places. Safe for concurrent use.
/// </remarks>
/// <param name="open">Opens the manifest, for as long as this lives.</param>
/// <param name="column">The column.</param>
internal sealed class ManifestBytes(Func<Task<ParquetTable>> open, string column) : IDisposable
{
    private readonly ConcurrentDictionary<int, Group> _groups = [];
    private readonly SemaphoreSlim _one = new(1);
    private ParquetTable? _table;

    /// <summary>Opens an image; null where the row has none.</summary>
    /// <param name="number">The row group.</param>
    /// <param name="row">The row in it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Its bytes, and how many they are.</returns>
    public async Task<(Stream Content, long Size)?> OpenAsync(int number, int row, CancellationToken cancellation)
    {
        if (!_groups.TryGetValue(number, out Group? group))
        {
            // One at a time: each is in memory for a moment.
            await _one.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                if (!_groups.TryGetValue(number, out group))
                    _groups[number] = group = await ReadAsync(number, cancellation).ConfigureAwait(false);
            }
            finally
            {
                _one.Release();
            }
        }
        return group.Find(row) is var (start, size) ? (new Part(group.File, start, size), size) : null;
    }

    public void Dispose()
    {
        foreach (Group group in _groups.Values) group.File.Dispose();
        _table?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _one.Dispose();
    }

    private async Task<Group> ReadAsync(int number, CancellationToken cancellation)
    {
        _table ??= await open().ConfigureAwait(false);
        byte[]?[] images = await _table.ReadBytesAsync(number, column, cancellation).ConfigureAwait(false);
        FileStream file = LocalFile.Create();
        try
        {
            long[] ends = new long[images.Length];
            for (int i = 0; i < images.Length; i++)
            {
                if (images[i] is { } image) await file.WriteAsync(image, cancellation).ConfigureAwait(false);
                // What is missing is told from what is empty.
                ends[i] = images[i] is null ? ~file.Position : file.Position;
            }
            await file.FlushAsync(cancellation).ConfigureAwait(false);
            return new Group(file, ends);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private sealed record Group(FileStream File, long[] Ends)
    {
        public (long Start, long Size)? Find(int row)
        {
            if (Ends[row] < 0) return null;
            long start = row == 0 ? 0 : Ends[row - 1] < 0 ? ~Ends[row - 1] : Ends[row - 1];
            return (start, Ends[row] - start);
        }
    }

    private sealed class Part(FileStream file, long start, long size) : ForwardStream
    {
        private long _position;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Memory<byte> part = buffer[..(int)Math.Min(buffer.Length, size - _position)];
            int count = await RandomAccess.ReadAsync(file.SafeFileHandle, part, start + _position, cancellationToken).ConfigureAwait(false);
            _position += count;
            return count;
        }
    }
}
