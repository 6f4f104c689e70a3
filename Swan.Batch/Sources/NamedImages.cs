using Swan.Batch.Stores;
using Swan.MLNet.Imaging;

namespace Swan.Batch.Sources;

/// <summary>Named images: files of this machine by their paths, others by their addresses.</summary>
/// <remarks>
/// The query of an address may be a signature. It belongs to no key, so that nothing that is written has it; to open an image, the names
/// are read once more, into a file that only this user may read. Safe for concurrent use.
/// </remarks>
/// <param name="root">Where relative paths start.</param>
/// <param name="fence">What paths must not lead out of; null: they may lead anywhere.</param>
/// <param name="addresses">A store whose keys are addresses; null: all names are paths. The caller's.</param>
/// <param name="where">Where the names are, for messages.</param>
/// <param name="names">All names; none where what has them isn't on this machine.</param>
internal sealed class NamedImages(
    string root, FolderFence? fence, ObjectStore? addresses, string where, Func<CancellationToken, IAsyncEnumerable<string>> names)
    : IDisposable
{
    private const string Signed = "0", Plain = "1";

    private readonly SemaphoreSlim _one = new(1);
    private volatile bool _isSigned;
    private bool _hasLooked, _hasNames;
    private SortedTable? _secrets;

    /// <summary>Whether names have more than keys, so that images can't be read without them.</summary>
    public bool IsSigned
    {
        get => _isSigned;
        set => _isSigned = value;
    }

    /// <summary>Whether a name is read from elsewhere.</summary>
    public bool IsElsewhere(string name) =>
        addresses is not null && StoreAddress.SchemeOf(name) is "http" or "https" or "s3" or "az" or "gs";

    /// <summary>An image's key: its name, without what may be secret.</summary>
    public string KeyOf(string name) => IsElsewhere(name) ? StoreAddress.WithoutSecrets(name) : name;

    /// <summary>Looks at an image.</summary>
    /// <param name="name">Its name, not its key.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="SwanBatchException">It is the address of nothing.</exception>
    /// <exception cref="IOException">Its store can't be read.</exception>
    public async ValueTask<SourceImage> FindAsync(string name, CancellationToken cancellation)
    {
        if (IsElsewhere(name))
        {
            string key = KeyOf(name);
            if (key != name) IsSigned = true;
            StoredObject? found = await addresses!.FindAsync(name, cancellation).ConfigureAwait(false);
            return new SourceImage(key, found?.Stamp ?? LocalImage.Missing)
            {
                Size = found is { Size: >= 0 } ? found.Size : null,
            };
        }
        // What lies outside is not looked at.
        string stamp = fence?.WhyOutside(name) is null ? StampOf(name) : LocalImage.Missing;
        return new SourceImage(name, stamp) { Size = LocalImage.SizeOf(stamp) };
    }

    /// <summary>Refuses two names of a key, which differ in the query alone, that lead to two images.</summary>
    /// <exception cref="SwanBatchException">They do.</exception>
    public void ThrowIfDifferent(SourceImage first, SourceImage second)
    {
        if (!IsElsewhere(first.Key) || first.Stamp == second.Stamp) return;
        // If a server reports no version of an image, only its size is known.
        bool isUnsure = first.Stamp.StartsWith(StoredObject.Unsure, StringComparison.Ordinal)
            && second.Stamp.StartsWith(StoredObject.Unsure, StringComparison.Ordinal);
        if (isUnsure && first.Size == second.Size) return;
        throw new SwanBatchException($"'{where}' has '{first.Key}' with several queries, which lead to different images. A query may be "
            + "a signature, so it isn't part of an image's name, and these names would be one. Give addresses that differ in their paths, "
            + "or download the images.");
    }

    /// <summary>Opens an image.</summary>
    public async Task<StoredContent?> OpenAsync(SourceImage image, CancellationToken cancellation)
    {
        if (IsElsewhere(image.Key))
        {
            string name = await NameOfAsync(image.Key, cancellation).ConfigureAwait(false);
            StoredContent? opened = await addresses!.OpenAsync(name, cancellation).ConfigureAwait(false);
            return opened is null ? null : new StoredContent(opened.Object with { Key = image.Key }, opened.Content);
        }
        fence?.Check(image.Key);
        return LocalImage.Open(FileOf(image.Key), image);
    }

    public void Dispose()
    {
        _secrets?.Dispose();
        _one.Dispose();
    }

    private string StampOf(string path)
    {
        try
        {
            return LocalImage.StampOf(FileOf(path));
        }
        catch (ArgumentException)
        {
            return LocalImage.Missing; // no path at all
        }
    }

    private string FileOf(string path) => Path.Combine(root, path);

    private async Task<string> NameOfAsync(string key, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!_hasLooked) _secrets = await SecretsAsync(cancellation).ConfigureAwait(false);
            _hasLooked = true;
        }
        finally
        {
            _one.Release();
        }
        if (_secrets?.Find(key) is { } found) return found[Plain.Length..];
        if (!IsSigned) return key;
        // Without its signature it would be refused, or seem not to be there.
        throw new SwanBatchException(_hasNames
            ? $"'{where}' no longer has an address of '{key}' with a query, such as a signature, and plans don't keep queries. Put back "
                + "the file that the run was planned with, or abandon the run and plan again (--supersede)."
            : $"'{where}' is not on this machine, or empty, but the images' addresses had a query when the run was planned, such as a "
                + "signature, and plans don't keep queries. Put the file there, under the same path, or abandon the run and plan again "
                + "(--supersede).");
    }

    // All addresses, where one of them has a query.
    private async Task<SortedTable?> SecretsAsync(CancellationToken cancellation)
    {
        using var sorted = new SortedLines(
            Path.Combine(Path.GetTempPath(), $"swan-names-{Guid.NewGuid():N}"), linesInMemory: 20_000, Utf8Order.Instance);
        bool any = false;
        await foreach (string name in names(cancellation).ConfigureAwait(false))
        {
            _hasNames = true;
            if (!IsElsewhere(name)) continue;
            string key = KeyOf(name);
            bool isSigned = key != name;
            // Of several of a key, one with a query comes first.
            sorted.Add(SortedTable.Line(key, (isSigned ? Signed : Plain) + name));
            any |= isSigned;
        }
        return any ? new SortedTable(sorted.InOrder()) : null;
    }
}
