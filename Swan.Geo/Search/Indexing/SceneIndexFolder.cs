using Swan.MLNet;
using Swan.MLNet.Search;

namespace Swan.Geo.Search;

/// <summary>Where the parts of an index of scenes lie.</summary>
/// <param name="Path">Its folder.</param>
internal sealed record SceneIndexFolder(string Path)
{
    private const string RowsName = "rows";

    /// <summary>A living index of windows.</summary>
    public string Rows => System.IO.Path.Combine(Path, RowsName);

    /// <summary>The list of scenes.</summary>
    public string List => System.IO.Path.Combine(Path, SceneList.FileName);

    public bool Exists => File.Exists(List);

    /// <summary>Why there is no index, and what to do.</summary>
    public string WhyMissing =>
        File.Exists(Path) ? $"'{Path}' is a file, but an index of scenes is a folder. Give the folder that 'swan scene index' made."
        : $"There is no index of scenes in '{Path}': it has no '{SceneList.FileName}'. " + (
            FilePath.WhyMissing(Path) is { } why ? $"It can't be there: {why}"
            : File.Exists(new IndexFolder(Path).Manifest) ? "It is an index of images. Search it with 'swan index search'."
            : Directory.Exists(Rows) ? "Its making was interrupted. Run the same 'swan scene index' again."
            : "Give the folder that 'swan scene index' made.");

    /// <summary>Refuses to create an index in a store, or among other files, such as the scenes if both folders are swapped.</summary>
    /// <param name="scenes">The folder of scenes, for the message.</param>
    /// <exception cref="SwanOptionsException">There is no index, and none can be created here.</exception>
    public void ThrowIfUnusable(string scenes)
    {
        if (Exists) return;
        if (!Directory.Exists(Path))
        {
            if (Path.Contains("://", StringComparison.Ordinal))
            {
                throw new SwanOptionsException($"'{Path}' can't become an index of scenes: it is a URL, and indexes are local folders. "
                    + "Create the index in a local folder, and copy it.");
            }
            return;
        }
        // What an interrupted creation leaves, and what systems put into a new volume.
        string? other = Directory.EnumerateFileSystemEntries(Path).Select(System.IO.Path.GetFileName)
            .FirstOrDefault(name => name is not (RowsName or "lost+found") && !name!.StartsWith('.'));
        if (other is null) return;
        throw new SwanOptionsException($"'{Path}' is to become the index of the scenes in '{scenes}', but it holds other files, such as "
            + $"'{other}'; expected an index of scenes, or an empty or missing folder. Are the two folders swapped? Otherwise give another "
            + "folder for the index.");
    }
}
