using System.Globalization;

namespace Swan.MLNet.Search;

/// <summary>The names of an index's files. In a manifest they are relative to the folder, so the folder can be moved.</summary>
internal sealed class IndexFolder(string path)
{
    /// <summary>Begins the names of files that are being written.</summary>
    private const string Temporary = ".writing-";

    private const string SegmentFolder = "segments", SegmentEnd = ".segment", DeletedEnd = ".deleted";
    private const int Digits = 10;

    /// <summary>The folder, in full.</summary>
    public string Path { get; } = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));

    public string Manifest => System.IO.Path.Combine(Path, "manifest.json");

    /// <summary>What a writer holds open.</summary>
    public string Lock => System.IO.Path.Combine(Path, "writer.lock");

    /// <summary>Who holds it.</summary>
    public string Holder => System.IO.Path.Combine(Path, "writer.json");

    public string Segments => System.IO.Path.Combine(Path, SegmentFolder);

    /// <summary>The name of a segment.</summary>
    public static string SegmentName(long number) => $"{SegmentFolder}/{Number(number)}{SegmentEnd}";

    /// <summary>The name of a segment's deleted rows as they are from a generation on.</summary>
    public static string DeletedName(string segment, long generation) =>
        $"{segment[..^SegmentEnd.Length]}.{Number(generation)}{DeletedEnd}";

    /// <summary>Whether a manifest may name a segment so: nothing outside of the folder.</summary>
    public static bool IsSegmentName(string? name) => name is not null && SegmentNumber(name) >= 0;

    /// <summary>The number in a segment's name; -1 if it is not such a name.</summary>
    public static long SegmentNumber(string name)
    {
        ReadOnlySpan<char> text = name;
        return text.StartsWith(SegmentFolder + "/", StringComparison.Ordinal) && text.EndsWith(SegmentEnd, StringComparison.Ordinal)
            ? Parsed(text[(SegmentFolder.Length + 1)..^SegmentEnd.Length])
            : -1;
    }

    /// <summary>Whether a manifest may name a segment's deleted rows so.</summary>
    public static bool IsDeletedName(string? name, string segment)
    {
        string beginning = segment[..^SegmentEnd.Length] + ".";
        return name is not null
            && name.StartsWith(beginning, StringComparison.Ordinal) && name.EndsWith(DeletedEnd, StringComparison.Ordinal)
            && name.Length >= beginning.Length + DeletedEnd.Length
            && Parsed(name.AsSpan()[beginning.Length..^DeletedEnd.Length]) >= 0;
    }

    /// <summary>The path of a file that the manifest names.</summary>
    public string Full(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Makes the folder durably, to survive a power cut.</summary>
    public void Create() => AtomicFile.CreateFolder(Path);

    /// <summary>Makes the folder of the segments durably, to survive a power cut.</summary>
    public void CreateSegments() => AtomicFile.CreateFolder(Segments);

    /// <summary>Brings the manifest's name to disk: until then a power cut may bring the one before back.</summary>
    /// <exception cref="IOException">The disk can't.</exception>
    public void Flush() => AtomicFile.FlushFolder(Path);

    /// <summary>Begins a file with its name in a manifest. Its folder has to be there: one that was moved isn't made again.</summary>
    public AtomicFile Create(string name)
    {
        string target = Full(name), folder = System.IO.Path.GetDirectoryName(target)!;
        return AtomicFile.Create(target, System.IO.Path.Combine(folder, Temporary + System.IO.Path.GetFileName(target)));
    }

    /// <summary>
    /// Removes files that no manifest names: those that a commit has replaced, and those of a killed writer. Only the writer may do this.
    /// Its own names that are in no manifest yet stay.
    /// </summary>
    /// <returns>How many files it removed.</returns>
    public int RemoveAllBut(IReadOnlySet<string> named)
    {
        int removed = 0;
        foreach (string file in Found())
        {
            string name = $"{SegmentFolder}/{System.IO.Path.GetFileName(file)}";
            string final = name.Replace($"/{Temporary}", "/", StringComparison.Ordinal);
            // Only an index's own files: other files in the folder stay.
            bool isOurs = final.EndsWith(SegmentEnd, StringComparison.Ordinal) || final.EndsWith(DeletedEnd, StringComparison.Ordinal);
            if (!isOurs || named.Contains(final)) continue;
            try
            {
                File.Delete(file);
                removed++;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Windows keeps files that a reader has mapped. The next writer tries again.
            }
        }
        return removed;
    }

    // The next commit or writer removes files that can't be listed now: no commit fails because of files that it has replaced.
    private string[] Found()
    {
        try
        {
            return Directory.Exists(Segments) ? Directory.GetFiles(Segments) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string Number(long number) => number.ToString("D10", CultureInfo.InvariantCulture);

    private static long Parsed(ReadOnlySpan<char> digits) =>
        digits.Length >= Digits && !digits.ContainsAnyExceptInRange('0', '9')
        && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1;
}
