using Swan.Batch.Stores;

namespace Swan.Batch.Sources;

/// <summary>The images in a column of a manifest.</summary>
/// <remarks>
/// A row group can only be read as a whole, into a file of this machine, as images are asked for by their keys and not by their places.
/// Of a manifest that is sorted by its keys, row groups come one after another, and those that came long ago are let go. Each
/// one that is asked for again doubles the room. Safe for concurrent use.
/// </remarks>
/// <param name="open">Opens the manifest, for as long as this lives.</param>
/// <param name="column">The column.</param>
/// <param name="room">How many bytes of row groups lie on disk before some are let go; the last one always may.</param>
internal sealed class ManifestBytes(Func<Task<ParquetTable>> open, string column, long room = 2L << 30) : IDisposable
{
    private readonly Dictionary<int, Group> _groups = [];
    private readonly HashSet<int> _letGo = [];
    private readonly SemaphoreSlim _one = new(1);
    private ParquetTable? _table;
    private long _room = room, _asked;

    /// <summary>Bytes of row groups that lie on disk.</summary>
    public long Held { get; private set; }

    /// <summary>How often a row group was read.</summary>
    public int GroupsRead { get; private set; }

    /// <summary>Opens an image; null where the row has none.</summary>
    /// <param name="number">The row group.</param>
    /// <param name="row">The row in it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Its bytes, and how many they are.</returns>
    public async Task<(Stream Content, long Size)?> OpenAsync(int number, int row, CancellationToken cancellation)
    {
        // One at a time: each row group is in memory for a moment.
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!_groups.TryGetValue(number, out Group? group))
            {
                _groups[number] = group = await ReadAsync(number, cancellation).ConfigureAwait(false);
                GroupsRead++;
                MakeRoom(number);
            }
            group.Asked = _asked++;
            if (group.Find(row) is not (var start, var size)) return null;
            group.Use();
            return (new Part(group, start, size), size);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose()
    {
        foreach (Group group in _groups.Values) group.File.Dispose();
        _table?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _one.Dispose();
    }

    private void MakeRoom(int read)
    {
        Held += _groups[read].File.Length;
        // Of a manifest that is sorted otherwise all row groups stay soon, rather than being read for each image.
        if (_letGo.Remove(read) && _room < long.MaxValue / 2) _room *= 2;
        while (Held > _room)
        {
            int[] free = [.. _groups.Where(g => g.Key != read && !g.Value.IsUsed).OrderBy(g => g.Value.Asked).Select(g => g.Key)];
            if (free.Length == 0 || !_groups.Remove(free[0], out Group? oldest)) return;
            Held -= oldest.File.Length;
            oldest.File.Dispose();
            _letGo.Add(free[0]);
        }
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
                // Missing and empty values differ.
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

    private sealed class Group(FileStream file, long[] ends)
    {
        private int _users;

        public FileStream File => file;

        /// <summary>Tells which group was asked for last.</summary>
        public long Asked { get; set; }

        public bool IsUsed => Volatile.Read(ref _users) > 0;

        public void Use() => Interlocked.Increment(ref _users);

        public void Release() => Interlocked.Decrement(ref _users);

        public (long Start, long Size)? Find(int row)
        {
            if (ends[row] < 0) return null;
            long start = row == 0 ? 0 : ends[row - 1] < 0 ? ~ends[row - 1] : ends[row - 1];
            return (start, ends[row] - start);
        }
    }

    private sealed class Part(Group group, long start, long size) : ForwardStream
    {
        private long _position;
        private bool _isClosed;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Memory<byte> part = buffer[..(int)Math.Min(buffer.Length, size - _position)];
            int count = await RandomAccess.ReadAsync(group.File.SafeFileHandle, part, start + _position, cancellationToken)
                .ConfigureAwait(false);
            _position += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (!_isClosed) group.Release();
            _isClosed = true;
            base.Dispose(disposing);
        }
    }
}
