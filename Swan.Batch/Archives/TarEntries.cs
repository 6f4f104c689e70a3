using System.Formats.Tar;
using System.Runtime.CompilerServices;
using Swan.Batch.Stores;

namespace Swan.Batch.Archives;

/// <summary>The files of a tar that is not compressed.</summary>
internal static class TarEntries
{
    /// <summary>Reads the headers, one after the other; the bytes of large files are not read.</summary>
    /// <exception cref="StoreException">It is no whole tar.</exception>
    public static async IAsyncEnumerable<ArchiveEntry> ReadAsync(
        ObjectStore store, StoredObject archive, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stream = new RangeStream(store, archive, cancellation);
        await using var reader = new TarReader(stream, leaveOpen: true);
        while (await NextAsync(reader, store, archive, cancellation).ConfigureAwait(false) is { } entry)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile)) continue;
            // The reader goes to the next header without looking at what is between.
            if (entry.DataOffset + entry.Length > archive.Size) throw Cut(store, archive, $"'{entry.Name}' would end beyond it", null);
            yield return new ArchiveEntry(entry.Name, entry.DataOffset, entry.Length, entry.Length, ArchiveEntry.Bare, 0);
        }
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
        $"'{archive.Key}' in {store.Address} is no whole tar: {found}. Its upload may have been cut, or it is compressed; make it anew, "
        + "without compression, or unpack it.", StoreFailure.NotSupported, cause);
}
