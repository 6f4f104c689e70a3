using Microsoft.Extensions.AI;

namespace Swan.VectorData;

/// <summary>Options of a <see cref="SwanVectorStore"/>.</summary>
/// <remarks>Not thread-safe while it is changed; the store reads it once.</remarks>
public sealed class SwanVectorStoreOptions
{
    /// <summary>
    /// The generator for values and queries if neither the property nor the definition has one; default null: none.
    /// </summary>
    /// <remarks>The store doesn't dispose it.</remarks>
    public IEmbeddingGenerator? EmbeddingGenerator { get; set; }

    /// <summary>How long a write waits for a writer in another process, which the error then names; default 10 seconds.</summary>
    /// <remarks>
    /// Zero: it doesn't wait. <see cref="Timeout.InfiniteTimeSpan"/>: it waits as long as necessary. Writes in this process take turns and
    /// wait for each other without a limit.
    /// </remarks>
    public TimeSpan WriterTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long reads may wait between checks for another process's writes; default one second.</summary>
    /// <remarks>Zero: each read checks. Writes of the same store are visible at once.</remarks>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Reports all that is wrong at once.</summary>
    internal void Check()
    {
        List<string> faults = [.. Faults(WriterTimeout, RefreshInterval)];
        if (faults.Count > 0)
            throw new ArgumentOutOfRangeException("options", $"The options of the store are not valid: {string.Join("; ", faults)}.");
    }

    internal static IEnumerable<string> Faults(TimeSpan writerTimeout, TimeSpan refreshInterval)
    {
        if (writerTimeout < TimeSpan.Zero && writerTimeout != Timeout.InfiniteTimeSpan)
            yield return $"{nameof(WriterTimeout)} is {writerTimeout}; expected zero, a positive time or Timeout.InfiniteTimeSpan";
        if (refreshInterval < TimeSpan.Zero && refreshInterval != Timeout.InfiniteTimeSpan)
            yield return $"{nameof(RefreshInterval)} is {refreshInterval}; expected zero, a positive time or Timeout.InfiniteTimeSpan";
    }
}
