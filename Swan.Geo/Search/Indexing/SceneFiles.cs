using System.IO.Hashing;

namespace Swan.Geo.Search;

/// <summary>The scenes of a folder, by name.</summary>
internal static class SceneFiles
{
    private static readonly string[] s_endings = [".tif", ".tiff", ".gtiff", ".btf", ".tf8"];

    /// <summary>Lists a folder's GeoTIFFs, those in folders within it included, by name in ordinal order.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IReadOnlyList<SceneFile> List(string folder)
    {
        string root = Path.GetFullPath(folder);
        if (!Directory.Exists(root)) throw new DirectoryNotFoundException($"There is no folder '{root}'.");
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false };
        return
        [
            .. Directory.EnumerateFiles(root, "*", options).Where(IsScene).Select(path => SceneFile.Of(root, path))
                .OrderBy(f => f.Name, StringComparer.Ordinal),
        ];
    }

    private static bool IsScene(string path) => s_endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}

/// <summary>A file as it was when it was looked at.</summary>
/// <param name="Name">Its path in the folder, with '/'.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Length">Bytes; −1 where it was gone.</param>
/// <param name="Modified">When it was last written, in ticks of UTC.</param>
internal sealed record SceneFile(string Name, string Path, long Length, long Modified)
{
    public static SceneFile Of(string root, string path)
    {
        var file = new FileInfo(path);
        string name = System.IO.Path.GetRelativePath(root, path).Replace(System.IO.Path.DirectorySeparatorChar, '/');
        return new(name, path, file.Exists ? file.Length : -1, file.Exists ? file.LastWriteTimeUtc.Ticks : 0);
    }

    /// <summary>The same file, as it is now.</summary>
    public SceneFile Now()
    {
        var file = new FileInfo(Path);
        return this with { Length = file.Exists ? file.Length : -1, Modified = file.Exists ? file.LastWriteTimeUtc.Ticks : 0 };
    }

    /// <summary>Whether the file looks as it did when the record was made.</summary>
    public bool LooksLike(SceneRecord record) => record.Length == Length && record.Modified == Modified;

    /// <summary>XXH128 of its bytes, in hex.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    public string Hash(CancellationToken token)
    {
        using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
        var hash = new XxHash128();
        byte[] buffer = new byte[1 << 20];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            token.ThrowIfCancellationRequested();
            hash.Append(buffer.AsSpan(0, read));
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
