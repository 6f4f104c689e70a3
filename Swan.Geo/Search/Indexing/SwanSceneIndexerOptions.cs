namespace Swan.Geo.Search;

/// <summary>What <see cref="SwanSceneIndexer.Look(string, string, Scenes.SwanSceneOptions?, SwanSceneIndexerOptions, CancellationToken)"/>
/// does about scenes that are broken or gone.</summary>
public sealed record SwanSceneIndexerOptions
{
    /// <summary>
    /// Whether scenes that were found broken are read again though they haven't changed, such as after a disk was mended. Default false.
    /// </summary>
    public bool RetryBad { get; init; }

    /// <summary>
    /// Whether folders are given up whose scenes are all gone at once. Default false: their scenes stay, and the folder is named, because
    /// one that isn't mounted looks the same.
    /// </summary>
    public bool RemoveGoneFolders { get; init; }
}
