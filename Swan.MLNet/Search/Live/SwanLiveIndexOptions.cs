namespace Swan.MLNet.Search;

/// <summary>Options for opening a <see cref="SwanLiveIndex"/>.</summary>
/// <remarks>Not thread-safe while it is changed; opening reads it once.</remarks>
public sealed class SwanLiveIndexOptions
{
    /// <summary>
    /// How long a state may be used before a search checks for another process's commits; default one second.
    /// </summary>
    /// <remarks>
    /// Zero: each search checks. <see cref="Timeout.InfiniteTimeSpan"/>: only <see cref="SwanLiveIndex.Refresh"/> checks. A check is one
    /// call to the file system. While one thread checks, others answer from the known state, unless the interval is zero. Commits of the
    /// same object's writer are visible at once.
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
