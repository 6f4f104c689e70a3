using Microsoft.Extensions.AI;

namespace Swan.VectorData;

/// <summary>How a <see cref="SwanVectorStore"/> works.</summary>
/// <remarks>Not thread-safe while it is changed; the store reads it once.</remarks>
public sealed class SwanVectorStoreOptions
{
    /// <summary>
    /// What embeds sources and queries where neither the property nor the definition has a generator; default null: nothing does.
    /// </summary>
    /// <remarks>The store doesn't dispose it.</remarks>
    public IEmbeddingGenerator? EmbeddingGenerator { get; set; }

    /// <summary>How long a write waits for a writer of another process, which the error names then; default 10 seconds.</summary>
    /// <remarks>
    /// Zero: it doesn't wait. <see cref="Timeout.InfiniteTimeSpan"/>: as long as it takes. Writes of this process take turns, and wait for
    /// each other without a limit.
    /// </remarks>
    public TimeSpan WriterTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long reads may go without looking whether another process has written; default one second.</summary>
    /// <remarks>Zero: each read looks. Writes of the same store are seen at once.</remarks>
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
