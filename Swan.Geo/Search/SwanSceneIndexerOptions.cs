namespace Swan.Geo.Search;

/// <summary>How <see cref="SwanSceneIndexer.Look(string, string, Scenes.SwanSceneOptions?, SwanSceneIndexerOptions, CancellationToken)"/>
/// treats scenes that are broken or gone.</summary>
public sealed record SwanSceneIndexerOptions
{
    /// <summary>Whether broken scenes are read again although they haven't changed.</summary>
    /// <remarks>Default false. For example after a disk was repaired.</remarks>
    public bool RetryBad { get; init; }

    /// <summary>Whether scenes are removed even if their folder has none left.</summary>
    /// <remarks>
    /// Default false: they stay, and the folder is reported, because one that isn't mounted looks the same. Scenes of a deleted folder
    /// are always removed.
    /// </remarks>
    public bool RemoveGoneFolders { get; init; }
}
