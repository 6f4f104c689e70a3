using System.Runtime.CompilerServices;
using Swan.Batch.Stores;
using Swan.MLNet.Imaging;
using Swan.MLNet.Numerics;

namespace Swan.Batch.Sources;

/// <summary>The images that a manifest, a CSV or Parquet file, names or contains, with its other columns.</summary>
/// <remarks>
/// The other columns are written into the results, and an image with changed values gets a new row without being embedded again. Keys are
/// paths, addresses without their query, or the values of a key column. If a manifest names images, another one with the same root is the
/// same source; images that it no longer names are gone.
/// </remarks>
public sealed class ManifestSource : ImageSource
{
    private readonly ObjectStore _store;
    private readonly string _key, _root;
    private readonly ManifestColumns _asked;
    private readonly ManifestLayout _layout;
    private readonly bool _restrict;
    private readonly NamedImages _images;
    private readonly ColumnImages? _held;
    private string[] _leftOut = [];
    private IReadOnlyList<(long Rows, long Bytes)> _groups = [];

    /// <summary>Takes a manifest that was looked at.</summary>
    internal ManifestSource(
        ObjectStore store, string key, ManifestColumns asked, ManifestLayout layout, string? root, bool restrict, ObjectStore? addresses)
    {
        (_store, _key, _asked, _layout, _root) = (store, key, asked, layout, Path.GetFullPath(root ?? "."));
        _restrict = restrict && root is not null;
        _images = new NamedImages(_root, _restrict ? new FolderFence(_root) : null, addresses, Place, NamesAsync);
        if (layout.Bytes is { } bytes) _held = new ColumnImages(store, key, Place, bytes);
    }

    /// <inheritdoc/>
    public override string Address => _layout.Bytes is not null ? $"{Place} (bytes)" : $"{_root} (manifest)";

    /// <inheritdoc/>
    public override string? Remark => _leftOut.Length == 0 ? null
        : $"{Counted.Of(_leftOut.Length, "column")} of '{Place}' {Counted.Verb(_leftOut.Length)} left out of the results: "
            + $"{string.Join(", ", _leftOut)}. Only text, Boolean, numbers and times are kept.";

    internal override bool IsNamed => _layout.Bytes is null;

    internal override SourceSettings Settings => new()
    {
        Kind = SourceSettings.Manifest,
        Address = _store.Address,
        Key = _key,
        Root = _root,
        RestrictToRoot = _restrict,
        Column = _layout.Name,
        Bytes = _layout.Bytes,
        IsUrl = _layout.IsUrl,
        Kept = _layout.Kept,
        IsSigned = _images.IsSigned,
        IsStoreSigned = _store.IsSigned,
    };

    internal override IReadOnlyList<string> Folders =>
    [
        .. _layout.Bytes is null && !_layout.IsUrl ? (string[])[_root] : [],
        .. _store is FolderStore ? (string[])[_store.Address] : [],
    ];

    private string Place => $"{_store.Address.TrimEnd('/')}/{_key}";

    /// <summary>Looks at a manifest.</summary>
    /// <param name="store">Where it is; disposed with the source.</param>
    /// <param name="key">Its key there, which ends in <c>.csv</c> or <c>.parquet</c>.</param>
    /// <param name="columns">The meaning of its columns. Default null: taken from their names.</param>
    /// <param name="root">The folder that relative paths start from. Default null: the current one.</param>
    /// <param name="restrict">Whether paths must not lead out of <paramref name="root"/>; those that do are bad rows. Default true.</param>
    /// <param name="addresses">Opens images by their addresses, as <c>ObjectStores.OpenAddresses</c> of Swan.ObjectStores does; not
    /// disposed. Default null: all names are paths.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SwanBatchException">There is no such manifest, or its columns can't mean that.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static async Task<ManifestSource> OpenAsync(
        ObjectStore store, string key, ManifestColumns? columns = null, string? root = null, bool restrict = true,
        ObjectStore? addresses = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ManifestColumns asked = columns ?? new ManifestColumns();
        StoredObject stored = await ManifestFile.FindAsync(store, key, cancellationToken).ConfigureAwait(false);
        await using ManifestTable table = await ManifestFile.OpenAsync(store, stored, cancellationToken).ConfigureAwait(false);
        ManifestLayout layout = ManifestLayout.Of($"{store.Address.TrimEnd('/')}/{key}", table.Columns, asked);
        return new ManifestSource(store, key, asked, layout, root, restrict, addresses);
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<SourceImage> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        StoredObject stored = await ManifestFile.FindAsync(_store, _key, cancellationToken).ConfigureAwait(false);
        await using ManifestTable table = await ManifestFile.OpenAsync(_store, stored, cancellationToken).ConfigureAwait(false);
        ManifestLayout now = ManifestLayout.Of(Place, table.Columns, _asked);
        if (now with { Kept = _layout.Kept } != _layout || !now.Kept.SequenceEqual(_layout.Kept))
        {
            throw new SwanBatchException($"The columns of '{Place}' have changed since it was opened. Start again.", canRetry: true);
        }
        _leftOut = [.. now.LeftOut(table.Columns, _asked)];
        if (_layout.Bytes is not null)
        {
            _groups = ((ParquetTable)table).Groups(_layout.Bytes);
            // Only names and values are read: images are identified by their places in this version of the file.
            await foreach (ManifestRow row in RowsAsync(table, cancellationToken).ConfigureAwait(false))
            {
                yield return new SourceImage(row.Name!, new ManifestPlace(row.Group, row.Row, stored.Stamp).Stamp)
                {
                    Values = row.Values,
                    Place = row.Place,
                    // About that, without what stands before each.
                    Size = Math.Max(0, _groups[row.Group].Bytes / _groups[row.Group].Rows - sizeof(int)),
                };
            }
            yield break;
        }
        await foreach (SourceImage image in ParallelListing.RunAsync(
            RowsAsync(table, cancellationToken), Degree, FindAsync, cancellationToken).ConfigureAwait(false))
            yield return image;
    }

    /// <inheritdoc/>
    public override Task<StoredContent?> OpenAsync(SourceImage image, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return _held is null ? _images.OpenAsync(image, cancellationToken) : _held.OpenAsync(image, cancellationToken);
    }

    internal override void GoOn(SourceSettings planned)
    {
        _images.IsSigned |= planned.IsSigned;
        // One that names images is not read again, but for their signatures.
        if (_held is not null || planned.IsSigned) planned.ThrowIfUnsigned(_store, Place);
    }

    internal override int? GroupOf(SourceImage image) => _held is null ? null : ManifestPlace.Of(image.Stamp).Group;

    internal override GroupReads? CountReads() => _layout.Bytes is null ? null
        : new GroupReads([.. _groups.Select(group => group.Bytes)], Place, _layout.Name);

    internal override async Task ThrowIfDifferentAsync(SourceImage first, SourceImage second, CancellationToken cancellation)
    {
        string? column = null;
        for (int i = 0; i < _layout.Kept.Count && column is null; i++)
        {
            if (first.Values![i] != second.Values![i]) column = _layout.Kept[i].Name;
        }
        if (column is null && _held is not null && !await _held.AreEqualAsync(first, second, cancellation).ConfigureAwait(false))
            column = _layout.Bytes;
        if (column is null)
        {
            if (_layout.Bytes is null) _images.ThrowIfDifferent(first, second);
            return;
        }
        throw new SwanBatchException($"'{Place}' has '{first.Key}' in {first.Place} and in {second.Place}, but they differ in the column "
            + $"'{column}'. Keep one of them.");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _held?.Dispose();
        _images.Dispose();
        _store.Dispose();
    }

    private async IAsyncEnumerable<ManifestRow> RowsAsync(ManifestTable table, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (ManifestRow row in table.ReadAsync(_layout.Name, _layout.Kept, cancellation).ConfigureAwait(false))
        {
            if (string.IsNullOrWhiteSpace(row.Name)) throw Fault(row, "it has no value, but an image needs a name");
            if (_layout.IsUrl && !_images.IsElsewhere(row.Name))
                throw Fault(row, $"'{row.Name}' is not an address. Expected https://…, s3://… or az://…; --path-column also takes paths");
            yield return row;
        }
    }

    private async IAsyncEnumerable<SourceImage> FindAsync(ManifestRow row, [EnumeratorCancellation] CancellationToken cancellation)
    {
        SourceImage image;
        try
        {
            image = await _images.FindAsync(row.Name!, cancellation).ConfigureAwait(false);
        }
        catch (SwanBatchException e)
        {
            throw Fault(row, e.Message.TrimEnd('.'), e);
        }
        yield return image with { Values = row.Values, Place = row.Place };
    }

    private SwanBatchException Fault(ManifestRow row, string what, Exception? cause = null) =>
        new($"'{Place}', {row.Place}, column '{_layout.Name}': {what}.", innerException: cause);

    // Where shards are done elsewhere the manifest need not be there, if it names images without signatures.
    private async IAsyncEnumerable<string> NamesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (await _store.FindAsync(_key, cancellation).ConfigureAwait(false) is not { } stored) yield break;
        await using ManifestTable table = await ManifestFile.OpenAsync(_store, stored, cancellation).ConfigureAwait(false);
        if (!table.Columns.Any(c => c.Name == _layout.Name && c.IsText)) yield break;
        await foreach (ManifestRow row in table.ReadAsync(_layout.Name, [], cancellation).ConfigureAwait(false))
        {
            if (row.Name is { } name) yield return name;
        }
    }
}
