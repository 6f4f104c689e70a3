using System.IO.Hashing;
using System.Text;
using Swan.Geo.Coordinates;

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

    /// <summary>The same file, as it is now; files beside it that place it count as parts of it.</summary>
    public SceneFile Now()
    {
        if (Stamp(Path) is not var (length, modified)) return this with { Length = -1, Modified = 0 };
        foreach (string? beside in (string?[])[WorldFile.Find(Path), PamFile.Find(Path)])
        {
            if (beside is null || Stamp(beside) is not var (more, later)) continue;
            (length, modified) = (length + more, Math.Max(modified, later));
        }
        return this with { Length = length, Modified = modified };
    }

    private static (long Length, long Modified)? Stamp(string path) =>
        LinkedFile.Of(path) is { } file ? (file.Length, file.LastWriteTimeUtc.Ticks) : null;

    /// <summary>Whether the file looks as it did when the record was made.</summary>
    public bool LooksLike(SceneRecord record) => record.Length == Length && record.Modified == Modified;

    /// <summary>Whether the file looks as it did when it was found broken.</summary>
    public bool LooksLike(BrokenScene broken) => broken.Length == Length && broken.Modified == Modified;

    /// <summary>XXH128 of its bytes, of those of a world file beside it, and of what .aux.xml says that matters, in hex.</summary>
    /// <remarks>Programs that show a scene write its statistics into .aux.xml: it is the same scene as before.</remarks>
    /// <exception cref="IOException">It can't be read.</exception>
    public string Hash(CancellationToken token)
    {
        var hash = new XxHash128();
        Append(hash, Path, token);
        if (WorldFile.Find(Path) is { } beside) Append(hash, beside, token);
        if (PamFile.Beside(Path)?.ToString() is { Length: > 0 } said) hash.Append(Encoding.UTF8.GetBytes(said));
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
