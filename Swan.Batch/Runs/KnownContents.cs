using System.Buffers.Binary;
using System.Globalization;
using Swan.Batch.Stores;

namespace Swan.Batch.Runs;

/// <summary>Where the embeddings of contents are that earlier runs have embedded: a sorted table, searched where it lies.</summary>
/// <remarks>An entry is the first 16 bytes of the content's SHA-256, then run, shard and row as int32, little-endian.</remarks>
internal sealed class KnownContents : IDisposable
{
    private const int HashBytes = 16, EntryBytes = HashBytes + 3 * sizeof(int);

    private readonly FileStream? _file;
    private readonly long _entries;

    private KnownContents(FileStream? file) => (_file, _entries) = (file, (file?.Length ?? 0) / EntryBytes);

    /// <summary>Knows nothing.</summary>
    public static KnownContents None { get; } = new(null);

    /// <summary>Fetches a run's table.</summary>
    public static async Task<KnownContents> OpenAsync(RunStore runs, RunPlan plan, CancellationToken cancellation)
    {
        // Where nothing was embedded before there is none.
        return Of(await runs.TryFetchAsync(RunNames.Contents(plan.Id), cancellation).ConfigureAwait(false));
    }

    /// <summary>Takes a table that was created here; null for none.</summary>
    /// <param name="table">What <see cref="Builder.Make"/> gave; disposed with this.</param>
    public static KnownContents Of(FileStream? table) => table is null ? None : new KnownContents(table);

    /// <summary>Where a content's embedding is; null where it is not known.</summary>
    /// <param name="hash">SHA-256, lower-case hex.</param>
    public RowPlace? Find(string hash)
    {
        if (_file is null) return null;
        Span<byte> wanted = stackalloc byte[HashBytes], entry = stackalloc byte[EntryBytes];
        Convert.FromHexString(hash.AsSpan(0, 2 * HashBytes), wanted, out _, out _);
        long low = 0, high = _entries;
        while (low < high)
        {
            long middle = (low + high) / 2;
            Read(middle, entry);
            if (entry[..HashBytes].SequenceCompareTo(wanted) < 0) low = middle + 1;
            else high = middle;
        }
        if (low == _entries) return null;
        Read(low, entry);
        return entry[..HashBytes].SequenceEqual(wanted) ? new RowPlace(Number(entry, 0), Number(entry, 1), Number(entry, 2)) : null;
    }

    /// <summary>Writes the table, unless it is empty.</summary>
    public async Task WriteAsync(RunStore runs, string key, CancellationToken cancellation)
    {
        if (_file is not null) await runs.Objects.WriteAsync(key, _file, cancellation).ConfigureAwait(false);
    }

    public void Dispose() => _file?.Dispose();

    private static int Number(ReadOnlySpan<byte> entry, int i) =>
        BinaryPrimitives.ReadInt32LittleEndian(entry[(HashBytes + i * sizeof(int))..]);

    private void Read(long number, Span<byte> entry)
    {
        if (RandomAccess.Read(_file!.SafeFileHandle, entry, number * EntryBytes) != EntryBytes)
            throw new IOException("The table of embedded contents ends early.");
    }

    /// <summary>Makes a table.</summary>
    public sealed class Builder : IDisposable
    {
        private readonly SortedLines _lines =
            new(Path.Combine(Path.GetTempPath(), $"swan-contents-{Guid.NewGuid():N}"), linesInMemory: 20_000);

        private bool _any;

        /// <summary>Adds what a state says, if it says where the embedding is.</summary>
        public void Add(StateLine line)
        {
            if (line is not { Hash: { } hash, Place: { } place }) return;
            _any = true;
            _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{hash} {place.Run} {place.Shard} {place.Row}"));
        }

        /// <summary>Makes the table, a file of this machine; null where it would be empty. Nothing can be added any more.</summary>
        public FileStream? Make(CancellationToken cancellation)
        {
            if (!_any) return null;
            FileStream file = LocalFile.Create();
            try
            {
                byte[] entry = new byte[EntryBytes];
                foreach (string line in _lines.InOrder())
                {
                    cancellation.ThrowIfCancellationRequested();
                    string[] parts = line.Split(' ');
                    Convert.FromHexString(parts[0].AsSpan(0, 2 * HashBytes), entry, out _, out _);
                    for (int i = 0; i < 3; i++)
                    {
                        BinaryPrimitives.WriteInt32LittleEndian(
                            entry.AsSpan(HashBytes + i * sizeof(int)), int.Parse(parts[i + 1], CultureInfo.InvariantCulture));
                    }
                    file.Write(entry);
                }
                file.Flush();
                return file;
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }

        /// <summary>Writes the table, unless it is empty.</summary>
        public async Task WriteAsync(RunStore runs, string key, CancellationToken cancellation)
        {
            using KnownContents made = Of(Make(cancellation));
            await made.WriteAsync(runs, key, cancellation).ConfigureAwait(false);
        }

        public void Dispose() => _lines.Dispose();
    }
}
