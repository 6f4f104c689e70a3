namespace Swan.Geo.Search;

/// <summary>Tells scenes that were deleted from those of a folder that isn't mounted.</summary>
internal static class GoneScenes
{
    /// <summary>The outermost folders that exist but have no scenes left.</summary>
    /// <remarks>
    /// A disk that isn't mounted leaves its folder, or a link that leads nowhere. A folder that is gone, too, such as that of a product of
    /// several scenes, was deleted.
    /// </remarks>
    /// <param name="root">The folder that was indexed.</param>
    /// <param name="gone">Scenes of the index whose files aren't there.</param>
    /// <param name="files">All scenes that are there.</param>
    /// <returns>The gone scenes of each, by its path; those of the root itself are in none.</returns>
    public static IReadOnlyDictionary<string, List<SceneRecord>> ByEmptyFolder(
        string root, IEnumerable<SceneRecord> gone, IEnumerable<SceneFile> files)
    {
        var inhabited = files.SelectMany(f => Folders(f.Name)).ToHashSet(StringComparer.Ordinal);
        var empty = new SortedDictionary<string, List<SceneRecord>>(StringComparer.Ordinal);
        foreach (SceneRecord scene in gone)
        {
            if (Folders(scene.Name).FirstOrDefault(f => !inhabited.Contains(f)) is not { } name) continue;
            string folder = Path.GetFullPath(name.TrimEnd('/'), root);
            if (!Directory.Exists(folder) && new DirectoryInfo(folder).LinkTarget is null) continue;
            if (!empty.TryGetValue(folder, out List<SceneRecord>? scenes)) empty.Add(folder, scenes = []);
            scenes.Add(scene);
        }
        return empty;
    }

    /// <summary>Why an empty folder's scenes stay.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="scenes">How many it had.</param>
    public static SwanSceneFault Kept(string folder, int scenes) => new(folder,
        $"{(scenes == 1 ? "The only scene" : $"All {scenes} scenes")} of the folder '{folder}' {(scenes == 1 ? "is" : "are")} gone, but "
        + "the folder exists; a folder that isn't mounted looks the same. The index keeps its scenes. Mount it. If its scenes were "
        + "deleted, delete the folder, or index with --gone (SwanSceneIndexerOptions.RemoveGoneFolders).");

    // a/b/c.tif: a/ and a/b/.
    private static IEnumerable<string> Folders(string name)
    {
        for (int at = name.IndexOf('/', StringComparison.Ordinal); at >= 0; at = name.IndexOf('/', at + 1)) yield return name[..(at + 1)];
    }
}
