using System.IO.Hashing;
using Swan.Geo.Coordinates;
using Swan.Geo.Scenes;

namespace Swan.Geo.Search;

/// <summary>A file as it was when it was looked at.</summary>
/// <param name="Name">Its path in the folder, with '/'.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Length">Bytes; −1 where it was gone.</param>
/// <param name="Modified">When it was last written, in ticks of UTC.</param>
internal sealed record SceneFile(string Name, string Path, long Length, long Modified)
{
    public static SceneFile Of(string root, string path)
    {
        string name = System.IO.Path.GetRelativePath(root, path).Replace(System.IO.Path.DirectorySeparatorChar, '/');
        return new SceneFile(name, path, 0, 0).Now();
    }

    /// <summary>The same file, as it is now; a world file beside it counts as a part of it.</summary>
    public SceneFile Now()
    {
        if (Stamp(Path) is not var (length, modified)) return this with { Length = -1, Modified = 0 };
        return WorldFile.Find(Path) is { } beside && Stamp(beside) is var (more, later)
            ? this with { Length = length + more, Modified = Math.Max(modified, later) }
            : this with { Length = length, Modified = modified };
    }

    private static (long Length, long Modified)? Stamp(string path) =>
        LinkedFile.Of(path) is { } file ? (file.Length, file.LastWriteTimeUtc.Ticks) : null;

    /// <summary>Whether the file looks as it did when the record was made.</summary>
    public bool LooksLike(SceneRecord record) => record.Length == Length && record.Modified == Modified;

    /// <summary>Whether the file looks as it did when it was found broken.</summary>
    public bool LooksLike(BrokenScene broken) => broken.Length == Length && broken.Modified == Modified;

    /// <summary>XXH128 of its bytes, and of those of a world file beside it, in hex.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    public string Hash(CancellationToken token)
    {
        var hash = new XxHash128();
        Append(hash, Path, token);
        if (WorldFile.Find(Path) is { } beside) Append(hash, beside, token);
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static void Append(XxHash128 hash, string path, CancellationToken token)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
        byte[] buffer = new byte[1 << 20];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            token.ThrowIfCancellationRequested();
            hash.Append(buffer.AsSpan(0, read));
        }
    }
}
