namespace Swan.Geo.Search;

/// <summary>The progress of indexing scenes.</summary>
/// <param name="Scene">The scene that is read, by its path in the folder.</param>
/// <param name="Windows">Windows so far, of all scenes that are to be read.</param>
/// <param name="AllWindows">All windows, including those without data.</param>
/// <param name="Elapsed">Since it began.</param>
public readonly record struct SwanSceneProgress(string Scene, long Windows, long AllWindows, TimeSpan Elapsed)
{
    /// <summary>The estimated time left, at the speed so far; null before the first window.</summary>
    public TimeSpan? Left => Windows == 0 ? null : Elapsed * ((double)(AllWindows - Windows) / Windows);
}
