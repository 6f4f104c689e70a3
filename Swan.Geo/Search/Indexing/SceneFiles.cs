namespace Swan.Geo.Search;

/// <summary>The scenes of a folder, by name.</summary>
internal static class SceneFiles
{
    private static readonly string[] s_endings = [".tif", ".tiff", ".gtiff", ".btf", ".tf8"];

    /// <summary>Lists a folder's GeoTIFFs, those in folders within it included, by name in ordinal order.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="faults">Receives folders within it that can't be listed.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IReadOnlyList<SceneFile> List(string folder, List<SwanSceneFault> faults)
    {
        string root = Path.GetFullPath(folder);
        if (!Directory.Exists(root)) throw new DirectoryNotFoundException($"There is no folder '{root}'.");
        var listed = new List<SceneFile>();
        List(root, root, listed, faults, [Real(root)]);
        return [.. listed.OrderBy(f => f.Name, StringComparer.Ordinal)];
    }

    // A folder within that can't be read is no reason to leave out the others.
    private static void List(string root, string folder, List<SceneFile> listed, List<SwanSceneFault> faults, HashSet<string> seen)
    {
        try
        {
            listed.AddRange(Directory.EnumerateFiles(folder).Where(IsScene).Select(path => SceneFile.Of(root, path)));
            foreach (string within in Directory.EnumerateDirectories(folder))
            {
                // Links can lead in circles.
                if (seen.Add(Real(within))) List(root, within, listed, faults, seen);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && folder != root)
        {
            faults.Add(new SwanSceneFault(folder,
                $"The folder '{folder}' can't be listed, so its scenes stay in the index as they are: {e.Message}"));
        }
    }

    private static string Real(string folder) =>
        new DirectoryInfo(folder) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder
            : folder;

    private static bool IsScene(string path) => s_endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
