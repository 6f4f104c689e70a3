namespace Swan.Geo.Search;

/// <summary>Tells scenes that were deleted from those of a folder that isn't mounted.</summary>
internal static class GoneScenes
{
    /// <summary>The outermost folders that have no scene any more.</summary>
    /// <param name="gone">Scenes of the index whose files aren't there.</param>
    /// <param name="files">All scenes that are there.</param>
    /// <returns>The gone scenes of each, by its path in the root with a '/' at its end; those of the root itself are in none.</returns>
    public static IReadOnlyDictionary<string, List<SceneRecord>> ByEmptyFolder(
        IEnumerable<SceneRecord> gone, IEnumerable<SceneFile> files)
    {
        var inhabited = files.SelectMany(f => Folders(f.Name)).ToHashSet(StringComparer.Ordinal);
        var empty = new SortedDictionary<string, List<SceneRecord>>(StringComparer.Ordinal);
        foreach (SceneRecord scene in gone)
        {
            if (Folders(scene.Name).FirstOrDefault(f => !inhabited.Contains(f)) is not { } folder) continue;
            if (!empty.TryGetValue(folder, out List<SceneRecord>? scenes)) empty.Add(folder, scenes = []);
            scenes.Add(scene);
        }
        return empty;
    }

    /// <summary>Why an empty folder's scenes stay.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="scenes">How many it had.</param>
    public static SwanSceneFault Kept(string folder, int scenes) => new(folder,
        $"{(scenes == 1 ? "The only scene" : $"All {scenes} scenes")} of the folder '{folder}' {(scenes == 1 ? "is" : "are")} gone, as in "
        + "one that isn't mounted, so the index keeps what it has of it. Mount it; or index with --gone "
        + "(SwanSceneIndexerOptions.RemoveGoneFolders) if it was deleted.");

    // a/b/c.tif: a/ and a/b/.
    private static IEnumerable<string> Folders(string name)
    {
        for (int at = name.IndexOf('/', StringComparison.Ordinal); at >= 0; at = name.IndexOf('/', at + 1)) yield return name[..(at + 1)];
    }
}
