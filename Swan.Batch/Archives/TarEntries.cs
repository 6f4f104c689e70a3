using System.Formats.Tar;
using System.Runtime.CompilerServices;
using Swan.Batch.Stores;

namespace Swan.Batch.Archives;

/// <summary>The files of a tar that is not compressed.</summary>
internal static class TarEntries
{
    private const int BlockSize = 512;

    /// <summary>Reads the headers, one after the other; the bytes of large files are not read.</summary>
    /// <exception cref="StoreException">It is no whole tar.</exception>
    /// <param name="store">Where it is.</param>
    /// <param name="archive">The tar.</param>
    /// <param name="leftOut">Called with the names of links, and of what else is no file with bytes of its own.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static async IAsyncEnumerable<ArchiveEntry> ReadAsync(
        ObjectStore store, StoredObject archive, Action<string> leftOut, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stream = new RangeStream(store, archive, cancellation);
        await using var reader = new TarReader(stream, leaveOpen: true);
        long end = 0;
        while (await NextAsync(reader, store, archive, cancellation).ConfigureAwait(false) is { } entry)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile))
            {
                if (entry.EntryType != TarEntryType.Directory) leftOut(entry.Name);
                continue;
            }
            // The reader goes to the next header without looking at what is between.
            if (entry.DataOffset + entry.Length > archive.Size) throw Cut(store, archive, $"'{entry.Name}' extends beyond it", null);
            end = entry.DataOffset + (entry.Length + BlockSize - 1) / BlockSize * BlockSize;
            yield return new ArchiveEntry(entry.Name, entry.DataOffset, entry.Length, entry.Length, ArchiveEntry.Bare, 0);
        }
        // The reader takes a tar that was cut between two files for a whole one, and stops where another one begins.
        if (stream.WasReadToItsEnd || stream.Position <= end || !await FollowsZerosAsync(stream, cancellation).ConfigureAwait(false))
            throw Cut(store, archive, "its end marker is missing", null);
        byte[] rest = new byte[4096];
        while (await stream.ReadAsync(rest, cancellation).ConfigureAwait(false) is > 0 and var count)
        {
            if (rest.AsSpan(0, count).ContainsAnyExcept((byte)0))
                throw Cut(store, archive, "it has data after its end, as joined tars do", null);
        }
    }

    // Whether the block before is the mark of a tar's end.
    private static async Task<bool> FollowsZerosAsync(RangeStream stream, CancellationToken cancellation)
    {
        if (stream.Position < BlockSize) return false;
        byte[] block = new byte[BlockSize];
        stream.Position -= BlockSize;
        await stream.ReadExactlyAsync(block, cancellation).ConfigureAwait(false);
        return !block.AsSpan().ContainsAnyExcept((byte)0);
    }

    private static async Task<TarEntry?> NextAsync(
        TarReader reader, ObjectStore store, StoredObject archive, CancellationToken cancellation)
    {
        try
        {
            return await reader.GetNextEntryAsync(copyData: false, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException)
        {
            throw Cut(store, archive, e.Message.TrimEnd('.'), e);
        }
    }

    private static StoreException Cut(ObjectStore store, StoredObject archive, string found, Exception? cause) => new(
        $"'{archive.Key}' in {store.Address} is not a complete tar: {found}. Its upload may have been cut off, or it is compressed. "
        + "Create it again without compression, or unpack it.", StoreFailure.NotSupported, cause);
}
