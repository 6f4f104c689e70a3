namespace PostgresSearch;

/// <summary>A row of the table.</summary>
/// <param name="Path">Relative to the folder that was loaded, with <c>/</c>; the key.</param>
/// <param name="Scene">What the file's name says; null where it says nothing.</param>
/// <param name="Region">The first folder on the path; null where there is none.</param>
/// <param name="Date">When the file was last written (UTC).</param>
/// <param name="Embedding">Unit length.</param>
internal sealed record StoredImage(string Path, string? Scene, string? Region, DateOnly Date, float[] Embedding)
{
    /// <summary>Reads what is known of an image without looking at its pixels.</summary>
    public static StoredImage Of(string folder, string path, float[] embedding) => new(
        path, SceneOf(path), path.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? path[..slash] : null,
        DateOnly.FromDateTime(File.GetLastWriteTimeUtc(System.IO.Path.Combine(folder, path))), embedding);

    /// <summary><c>airport_12.jpg</c> shows an airport: a name, an underscore and a number.</summary>
    public static string? SceneOf(string path)
    {
        string name = System.IO.Path.GetFileNameWithoutExtension(path);
        int underscore = name.LastIndexOf('_');
        return underscore > 0 && underscore < name.Length - 1 && name[(underscore + 1)..].All(char.IsAsciiDigit)
            ? name[..underscore]
            : null;
    }
}
