using Microsoft.Extensions.VectorData;

namespace Swan.VectorData;

/// <summary>Options of a <see cref="SwanVectorStoreCollection{TKey, TRecord}"/> outside of a store.</summary>
/// <remarks>Not thread-safe while it is changed; the collection reads it once. It doesn't dispose generators.</remarks>
public sealed class SwanVectorStoreCollectionOptions : VectorStoreCollectionOptions
{
    /// <inheritdoc cref="SwanVectorStoreOptions.WriterTimeout"/>
    public TimeSpan WriterTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc cref="SwanVectorStoreOptions.RefreshInterval"/>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Reports all that is wrong at once.</summary>
    internal void Check()
    {
        List<string> faults = [.. SwanVectorStoreOptions.Faults(WriterTimeout, RefreshInterval)];
        if (faults.Count > 0)
            throw new ArgumentOutOfRangeException("options", $"The options of the collection are not valid: {string.Join("; ", faults)}.");
    }
}
