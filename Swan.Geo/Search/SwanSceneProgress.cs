namespace Swan.Geo.Search;

/// <summary>How far an indexing of scenes has come.</summary>
/// <param name="Scene">The scene that is read, by its path in the folder.</param>
/// <param name="Windows">Windows so far, of all scenes that are to be read.</param>
/// <param name="AllWindows">As many there are, those without data included.</param>
/// <param name="Elapsed">Since it began.</param>
public readonly record struct SwanSceneProgress(string Scene, long Windows, long AllWindows, TimeSpan Elapsed)
{
    /// <summary>What is left, at the speed so far; null before the first window.</summary>
    public TimeSpan? Left => Windows == 0 ? null : Elapsed * ((double)(AllWindows - Windows) / Windows);
}
