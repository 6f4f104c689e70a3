using Swan.Batch.Stores;

namespace Swan.Batch.Sources;

/// <summary>Manifests in stores.</summary>
internal static class ManifestFile
{
    /// <summary>Finds a manifest.</summary>
    /// <exception cref="SwanBatchException">There is none.</exception>
    public static async Task<StoredObject> FindAsync(ObjectStore store, string key, CancellationToken cancellation) =>
        await store.FindAsync(key, cancellation).ConfigureAwait(false)
            ?? throw new SwanBatchException($"There is no manifest '{store.Address.TrimEnd('/')}/{key}'. Give a .csv or .parquet file.");

    /// <summary>Opens a manifest by its ending.</summary>
    /// <exception cref="SwanBatchException">It is no such file.</exception>
    public static async Task<ManifestTable> OpenAsync(ObjectStore store, StoredObject stored, CancellationToken cancellation)
    {
        string name = $"{store.Address.TrimEnd('/')}/{stored.Key}";
        switch (Path.GetExtension(stored.Key).ToLowerInvariant())
        {
            case ".parquet" when stored.Size < 0:
                throw new SwanBatchException($"The server doesn't report the size of '{name}', so it can't be read in parts. Download it, "
                    + "and give the file.");
            case ".parquet":
                return await ParquetTable.OpenAsync(new RangeStream(store, stored, cancellation), name, cancellation).ConfigureAwait(false);
            case ".csv":
                StoredContent content = await store.OpenAsync(stored.Key, cancellation).ConfigureAwait(false)
                    ?? throw store.Changed(stored);
                return CsvTable.Open(content.Content, name);
            default:
                throw new SwanBatchException($"'{name}' ends neither in .csv nor in .parquet; expected a manifest of one of these kinds.");
        }
    }
}
