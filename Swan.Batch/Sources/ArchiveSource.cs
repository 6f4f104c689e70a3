using System.Runtime.CompilerServices;
using Swan.Batch.Archives;
using Swan.Batch.Stores;
using Swan.MLNet.Imaging;
using Swan.MLNet.Numerics;

namespace Swan.Batch.Sources;

/// <summary>The images in the <c>.tar</c> and <c>.zip</c> files of a store.</summary>
/// <remarks>
/// Keys are <c>archive.tar!/entry/name.jpg</c>; an archive's own key must not contain <c>!/</c>. Archives are not copied: the source
/// reads the directory of a zip or the headers of a tar, and the bytes of each image. It lists an archive that is unchanged since the run
/// before without reading it. Hidden archives, hidden entries and links are left out. Of several entries of a name the last one counts.
/// </remarks>
public sealed class ArchiveSource : ImageSource
{
    private readonly ObjectStore _store;
    private readonly string _where;
    private long _besides, _others, _links;

    /// <summary>Creates a source of the archives in a store.</summary>
    /// <param name="store">The store; disposed with this.</param>
    /// <param name="where">The key of an archive, or a prefix of keys; empty for all.</param>
    public ArchiveSource(ObjectStore store, string where = "")
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(where);
        (_store, _where) = (store, where);
    }

    /// <inheritdoc/>
    public override string Address => $"{Place} (archives)";

    /// <inheritdoc/>
    public override string? Remark
    {
        get
        {
            var said = new List<string>();
            if (_besides > 0)
            {
                said.Add($"{Counted.Of(_besides, "file")} beside the archives in '{Place}' {Counted.Verb(_besides)} left out: only .tar "
                    + "and .zip are read, not compressed as a whole.");
            }
            if (_others > 0)
            {
                said.Add($"{Counted.Of(_others, "file")} in archives of '{Place}' {Counted.Verb(_others)} left out: "
                    + $"{Counted.Verb(_others, "its ending is not that of an image", "their endings are not those of images")}.");
            }
            if (_links > 0)
            {
                said.Add($"{Counted.Of(_links, "link")} to {Counted.Verb(_links, "an image", "images")} in archives of '{Place}' "
                    + $"{Counted.Verb(_links)} left out: only files with bytes of their own are read.");
            }
            return said.Count == 0 ? null : string.Join(' ', said);
        }
    }

    internal override SourceSettings Settings => new()
    {
        Kind = SourceSettings.Archives, Address = _store.Address, Key = _where, IsStoreSigned = _store.IsSigned,
    };

    internal override IReadOnlyList<string> Folders => _store is FolderStore ? [_store.Address] : [];

    private string Place => _where.Length == 0 ? _store.Address : $"{_store.Address.TrimEnd('/')}/{_where}";

    /// <inheritdoc/>
    public override IAsyncEnumerable<SourceImage> ListAsync(CancellationToken cancellationToken = default) =>
        ListAsync(AsyncEnumerable.Empty<SourceImage>(), cancellationToken);

    /// <inheritdoc/>
    public override async Task<StoredContent?> OpenAsync(SourceImage image, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        (StoredObject archive, ArchiveEntry entry) = PackedImage.Of(image);
        try
        {
            Stream content = await EntryStream.OpenAsync(_store, archive, entry, cancellationToken).ConfigureAwait(false);
            return new StoredContent(new StoredObject(image.Key, entry.Size, image.Stamp), new PackedStream(content, image.Key));
        }
        catch (IOException e) when (PackedStream.FaultOf(e, image.Key) is { } fault)
        {
            throw fault;
        }
    }

    internal override void GoOn(SourceSettings planned) => planned.ThrowIfUnsigned(_store, Place);

    internal override IAsyncEnumerable<SourceImage> ListAsync(IAsyncEnumerable<SourceImage> before, CancellationToken cancellation)
    {
        (_besides, _others, _links) = (0, 0, 0);
        return ParallelListing.RunAsync(PartsAsync(before, cancellation), Degree, WithinAsync, cancellation);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _store.Dispose();

    // All of one archive stands together in the order of keys, and so do archives by key and mark.
    private async IAsyncEnumerable<Part> PartsAsync(
        IAsyncEnumerable<SourceImage> before, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var archives = new SortedObjects();
        await foreach (StoredObject archive in ArchivesAsync(cancellation).ConfigureAwait(false))
            archives.Add(archive with { Key = archive.Key + PackedImage.Mark });
        await using IAsyncEnumerator<SourceImage> known = before.GetAsyncEnumerator(cancellation);
        bool any = await known.MoveNextAsync().ConfigureAwait(false);
        foreach (StoredObject marked in archives.InOrder())
        {
            while (any && Utf8Order.Instance.Compare(known.Current.Key, marked.Key) < 0)
                any = await known.MoveNextAsync().ConfigureAwait(false);
            StoredObject archive = marked with { Key = marked.Key[..^PackedImage.Mark.Length] };
            bool isKnown = any && known.Current.Key.StartsWith(marked.Key, StringComparison.Ordinal)
                && PackedImage.Of(known.Current).Archive == archive;
            if (!isKnown) yield return new Part(archive, null);
            for (; isKnown && any && known.Current.Key.StartsWith(marked.Key, StringComparison.Ordinal);
                any = await known.MoveNextAsync().ConfigureAwait(false))
                yield return new Part(archive, known.Current);
        }
    }

    private async IAsyncEnumerable<StoredObject> ArchivesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (ArchiveFile.Is(_where))
        {
            StoredObject one = await _store.FindAsync(_where, cancellation).ConfigureAwait(false)
                ?? throw new SwanBatchException($"There is no archive '{Place}'. Check the name.");
            yield return Checked(one);
            yield break;
        }
        await foreach (StoredObject stored in _store.ListAsync(_where, cancellation).ConfigureAwait(false))
        {
            if (IsHidden(stored.Key)) continue;
            if (ArchiveFile.Is(stored.Key)) yield return Checked(stored);
            // What stands for a folder in some stores.
            else if (!stored.Key.EndsWith('/')) _besides++;
        }
    }

    private StoredObject Checked(StoredObject archive)
    {
        if (archive.Key.Contains(PackedImage.Mark, StringComparison.Ordinal))
        {
            throw new SwanBatchException($"The path of the archive '{archive.Key}' in {_store.Address} has '{PackedImage.Mark}', which "
                + "separates an archive's path from the paths in it. Rename the file or folder that has it.");
        }
        return archive.Size >= 0 ? archive : throw new SwanBatchException(
            $"The server doesn't report the size of '{archive.Key}' in {_store.Address}, so it can't be read in parts. Download it, and "
            + "give the file.");
    }

    private async IAsyncEnumerable<SourceImage> WithinAsync(Part part, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (part.Known is { } known)
        {
            yield return known;
            yield break;
        }
        long number = 0;
        await using IAsyncEnumerator<ArchiveEntry> entries =
            ArchiveFile.EntriesAsync(_store, part.Archive, CountLink, cancellation).GetAsyncEnumerator(cancellation);
        while (await NextAsync(entries).ConfigureAwait(false))
        {
            ArchiveEntry entry = entries.Current;
            if (IsHidden(entry.Name)) continue;
            if (ImageDecoder.Extensions.Contains(Path.GetExtension(entry.Name)))
                yield return new PackedImage(part.Archive, entry).Listed(number++);
            else Interlocked.Increment(ref _others);
        }
    }

    // Fewer images would be images that are gone, so an archive that can't be listed is an error.
    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<ArchiveEntry> entries)
    {
        try
        {
            return await entries.MoveNextAsync().ConfigureAwait(false);
        }
        catch (StoreException e) when (e.Failure is StoreFailure.NotSupported)
        {
            throw new SwanBatchException($"{e.Message} Nothing was planned, so its images don't count as gone.", innerException: e);
        }
    }

    private void CountLink(string name)
    {
        if (!IsHidden(name) && ImageDecoder.Extensions.Contains(Path.GetExtension(name))) Interlocked.Increment(ref _links);
    }

    // As in folders; and what macOS puts beside files.
    private static bool IsHidden(string name)
    {
        foreach (Range part in name.AsSpan().SplitAny('/', '\\'))
        {
            ReadOnlySpan<char> folder = name.AsSpan()[part];
            if (folder.StartsWith('.') && folder is not ("." or "..") || folder is "__MACOSX") return true;
        }
        return false;
    }

    // An archive to read, or an image of one that is as it was.
    private readonly record struct Part(StoredObject Archive, SourceImage? Known);
}
