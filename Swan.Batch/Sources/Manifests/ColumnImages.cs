using Swan.Batch.Stores;
using Swan.MLNet.Imaging;

namespace Swan.Batch.Sources;

/// <summary>The images in a column of a manifest, of the version that they were listed of. Safe for concurrent use.</summary>
/// <param name="store">Where the manifest is; the caller's.</param>
/// <param name="key">Its key there.</param>
/// <param name="place">What messages call it.</param>
/// <param name="column">The column.</param>
internal sealed class ColumnImages(ObjectStore store, string key, string place, string column) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private string? _version;
    private ManifestBytes? _bytes;

    /// <summary>Opens an image.</summary>
    /// <exception cref="SwanImageException">The row has none, or the manifest was replaced.</exception>
    public async Task<StoredContent?> OpenAsync(SourceImage image, CancellationToken cancellation)
    {
        ManifestPlace at = ManifestPlace.Of(image.Stamp);
        try
        {
            ManifestBytes bytes = await BytesAsync(at.Version, cancellation).ConfigureAwait(false) ?? throw Replaced(image);
            (Stream content, long size) = await bytes.OpenAsync(at.Group, at.Row, cancellation).ConfigureAwait(false)
                ?? throw new SwanImageException(image.Key, ImageFault.Empty, $"the column '{column}' of '{place}' has no value.");
            return new StoredContent(new StoredObject(image.Key, size, image.Stamp), content);
        }
        catch (StoreException e) when (e.Failure == StoreFailure.Changed)
        {
            throw Replaced(image, e);
        }
    }

    /// <summary>Whether two rows have the same bytes, or none.</summary>
    public async Task<bool> AreEqualAsync(SourceImage first, SourceImage second, CancellationToken cancellation)
    {
        byte[]? one = await ReadAsync(first, cancellation).ConfigureAwait(false);
        byte[]? other = await ReadAsync(second, cancellation).ConfigureAwait(false);
        return one is null == other is null && one.AsSpan().SequenceEqual(other);
    }

    public void Dispose()
    {
        _bytes?.Dispose();
        _one.Dispose();
    }

    // Null where there is another version than the one that is asked for.
    private async Task<ManifestBytes?> BytesAsync(string version, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_bytes is not null && _version == version) return _bytes;
            StoredObject? stored = await store.FindAsync(key, cancellation).ConfigureAwait(false);
            if (stored is null || stored.Stamp != version) return null;
            _bytes?.Dispose();
            // For longer than this call, so by no token of its.
            _bytes = new ManifestBytes(
                async () => (ParquetTable)await ManifestFile.OpenAsync(store, stored, CancellationToken.None).ConfigureAwait(false),
                column);
            _version = version;
            return _bytes;
        }
        finally
        {
            _one.Release();
        }
    }

    // Null where the row has no image.
    private async Task<byte[]?> ReadAsync(SourceImage image, CancellationToken cancellation)
    {
        try
        {
            using StoredContent content = (await OpenAsync(image, cancellation).ConfigureAwait(false))!;
            byte[] bytes = new byte[content.Object.Size];
            await content.Content.ReadExactlyAsync(bytes, cancellation).ConfigureAwait(false);
            return bytes;
        }
        catch (SwanImageException e) when (e.Fault == ImageFault.Empty)
        {
            return null;
        }
    }

    private SwanImageException Replaced(SourceImage image, Exception? cause = null) => new(
        image.Key, ImageFault.Missing,
        $"'{place}' was replaced or deleted since the run was planned. Run the job again to plan anew.", cause);
}
