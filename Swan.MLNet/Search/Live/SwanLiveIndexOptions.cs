namespace Swan.MLNet.Search;

/// <summary>How a <see cref="SwanLiveIndex"/> is opened.</summary>
/// <remarks>Not thread-safe while it is changed; opening reads it once.</remarks>
public sealed class SwanLiveIndexOptions
{
    /// <summary>
    /// How long a state may be answered from before a search looks whether another process has committed; default one second.
    /// </summary>
    /// <remarks>
    /// Zero: each search looks. <see cref="Timeout.InfiniteTimeSpan"/>: none does, and <see cref="SwanLiveIndex.Refresh"/> alone does. A
    /// look is one question to the file system; while one thread looks, others answer by the state that is known, unless the interval is
    /// zero. Commits of a writer of the same object are seen at once.
    /// </remarks>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Reports what is wrong.</summary>
    internal void Check()
    {
        if (RefreshInterval < TimeSpan.Zero && RefreshInterval != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(
                "options", RefreshInterval,
                $"{nameof(RefreshInterval)} is {RefreshInterval}; expected zero, a positive time or Timeout.InfiniteTimeSpan.");
        }
    }
}
