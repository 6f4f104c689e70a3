using Swan.Batch.Stores;

namespace Swan.Batch.Archives;

/// <summary>Which objects are archives, and what is in them.</summary>
internal static class ArchiveFile
{
    private const string Tar = ".tar", Zip = ".zip";

    /// <summary>Whether a key ends like an archive's.</summary>
    public static bool Is(ReadOnlySpan<char> key) =>
        key.EndsWith(Tar, StringComparison.OrdinalIgnoreCase) || key.EndsWith(Zip, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the directory of an archive, or its headers where it has none.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="archive">The archive.</param>
    /// <param name="leftOut">Called with the names of links and the like.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="StoreException">It is no whole archive.</exception>
    public static IAsyncEnumerable<ArchiveEntry> EntriesAsync(
        ObjectStore store, StoredObject archive, Action<string> leftOut, CancellationToken cancellation) =>
        archive.Key.EndsWith(Tar, StringComparison.OrdinalIgnoreCase)
            ? TarEntries.ReadAsync(store, archive, leftOut, cancellation)
            : ZipEntries.ReadAsync(store, archive, leftOut, cancellation);
}
