using System.Runtime.CompilerServices;
using Swan.Batch.Stores;
using Swan.MLNet.Imaging;
using Swan.MLNet.Numerics;

namespace Swan.Batch.Sources;

/// <summary>The objects of a store whose keys have an image's ending.</summary>
public sealed class StoreSource : ImageSource
{
    private readonly ObjectStore _store;
    private readonly string _prefix;
    private long _others;

    /// <summary>Creates a source of the objects in a store.</summary>
    /// <param name="store">The store; disposed with this.</param>
    /// <param name="prefix">A prefix of their keys; empty for all.</param>
    public StoreSource(ObjectStore store, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(prefix);
        (_store, _prefix) = (store, prefix);
    }

    /// <inheritdoc/>
    public override string Address => _prefix.Length == 0 ? _store.Address : $"{_store.Address.TrimEnd('/')}/{_prefix}";

    /// <inheritdoc/>
    public override string? Remark => _others == 0 ? null
        : $"{Counted.Of(_others, "object")} in '{Address}' {Counted.Verb(_others)} left out: "
            + $"{Counted.Verb(_others, "its ending is not that of an image", "their endings are not those of images")}.";

    /// <inheritdoc/>
    public override async IAsyncEnumerable<SourceImage> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        _others = 0;
        await foreach (StoredObject found in _store.ListAsync(_prefix, cancellationToken).ConfigureAwait(false))
        {
            if (ImageDecoder.Extensions.Contains(Path.GetExtension(found.Key)))
                yield return new SourceImage(found.Key, found.Stamp) { Size = found.Size < 0 ? null : found.Size };
            // What stands for a folder in some stores.
            else if (!found.Key.EndsWith('/')) _others++;
        }
    }

    /// <inheritdoc/>
    public override Task<StoredContent?> OpenAsync(SourceImage image, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return _store.OpenAsync(image.Key, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _store.Dispose();
}
