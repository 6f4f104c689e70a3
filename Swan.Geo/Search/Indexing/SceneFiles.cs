using Swan.MLNet;

namespace Swan.Geo.Search;

/// <summary>The scenes of a folder, by name.</summary>
internal static class SceneFiles
{
    // A message needs no more.
    private const int MostLooked = 10_000;

    private static readonly string[] s_endings = [".tif", ".tiff", ".gtiff", ".btf", ".tf8"];

    // Rasters that GDAL converts.
    private static readonly HashSet<string> s_convertible =
        [".jp2", ".j2k", ".vrt", ".jpg", ".jpeg", ".png", ".img", ".ecw", ".sid", ".ntf", ".nitf", ".webp", ".bil"];

    /// <summary>Lists a folder's GeoTIFFs, those in folders within it included, by name in ordinal order.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="faults">Receives folders within it that can't be listed.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IReadOnlyList<SceneFile> List(string folder, List<SwanSceneFault> faults)
    {
        if (FilePath.WhyMissing(folder) is { } why && !Directory.Exists(folder))
        {
            string local = folder.Contains("://", StringComparison.Ordinal) ? "Scenes are read from local folders only. " : "";
            throw new DirectoryNotFoundException($"{local}There is no folder '{folder}': {why}");
        }
        string root = Path.GetFullPath(folder);
        if (!Directory.Exists(root)) throw new DirectoryNotFoundException($"There is no folder '{root}'.");
        var listed = new List<SceneFile>();
        List(root, root, listed, faults, [Real(root)]);
        return [.. listed.OrderBy(f => f.Name, StringComparer.Ordinal)];
    }

    /// <summary>Why a folder has no scenes, and how to get some.</summary>
    /// <param name="folder">Without files that <see cref="List(string, List{SwanSceneFault})"/> takes.</param>
    public static string WhyNone(string folder)
    {
        // Links can lead in circles.
        var within = new EnumerationOptions
        {
            RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint,
        };
        string[] others = [.. Directory.EnumerateFiles(folder, "*", within).Take(MostLooked)
            .Select(path => Path.GetExtension(path).ToLowerInvariant()).Where(s_convertible.Contains).CountBy(ending => ending)
            .OrderByDescending(c => c.Value).Select(c => $"{c.Value} {c.Key}")];
        string endings = $"{string.Join(", ", s_endings[..^1])} or {s_endings[^1]}";
        return $"there is no GeoTIFF in this folder or its subfolders; expected files that end with {endings}."
            + (others.Length == 0 ? "" : $" It has other rasters ({string.Join(", ", others)}). Convert each with "
                + "'gdal_translate -of COG -co COMPRESS=DEFLATE IN OUT.tif'. If each band is a file, join them first with 'gdalbuildvrt "
                + "-separate ALL.vrt RED GREEN BLUE', and convert ALL.vrt. Write the GeoTIFFs into a folder of their own, and index that.");
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
