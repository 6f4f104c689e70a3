namespace Swan.Geo.Search;

/// <summary>What <see cref="SwanSceneIndexer.Look(string, string, Scenes.SwanSceneOptions?, SwanSceneIndexerOptions, CancellationToken)"/>
/// does about scenes that are broken or gone.</summary>
public sealed record SwanSceneIndexerOptions
{
    /// <summary>Whether scenes that were found broken are read again, though they haven't changed.</summary>
    /// <remarks>Default false. Such as after a disk was mended.</remarks>
    public bool RetryBad { get; init; }

    /// <summary>Whether scenes are removed also where a folder has none left.</summary>
    /// <remarks>
    /// Default false: they stay, and the folder is named, because one that isn't mounted looks the same. Scenes of a folder that was
    /// deleted are removed in any case.
    /// </remarks>
    public bool RemoveGoneFolders { get; init; }
}
