namespace Swan.MLNet;

/// <summary>Checks of file paths.</summary>
internal static class FilePath
{
    private const char Replacement = '\uFFFD';
    private static readonly char[] Separators = ['/', '\\'];

    /// <summary>Why a path could lead out of its folder, judged by its text alone; null if it can't.</summary>
    /// <remarks>
    /// The rules of all systems apply: a path of another system does not name a file in the folder either. <c>a/../b</c> counts, because
    /// <c>a</c> may be a link.
    /// </remarks>
    public static string? WhyNotWithin(string path)
    {
        if (Path.IsPathRooted(path) || path.StartsWith('/') || path.StartsWith('\\')) return "it is an absolute path";
        int colon = path.IndexOf(':', StringComparison.Ordinal);
        if (colon == 1 && char.IsAsciiLetter(path[0]) && (OperatingSystem.IsWindows() || path.Length > 2 && Separators.Contains(path[2])))
            return "it names a drive";
        if (path.StartsWith("file:", StringComparison.OrdinalIgnoreCase) || path.Contains("://", StringComparison.Ordinal))
            return "it is a URL, and only local files are read";
        return path.Split(Separators).Contains("..") ? "it contains '..'" : null;
    }

    private static readonly System.Buffers.SearchValues<char> s_schemeCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

    /// <summary>Refuses a path that isn't valid UTF-16: .NET would open the file that has U+FFFD in its name instead.</summary>
    /// <remarks>Not on Windows, where names of files are UTF-16 and may have such halves.</remarks>
    /// <exception cref="ArgumentException">The path contains half a surrogate pair.</exception>
    public static void ThrowIfNotText(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (OperatingSystem.IsWindows()) return;
        int at = 0;
        foreach (System.Text.Rune rune in path.EnumerateRunes())
        {
            // A half is enumerated as the replacement character, which a name may also contain.
            if (rune.Value == Replacement && path[at] != Replacement)
            {
                throw new ArgumentException(
                    $"The path '{path.Replace(path[at], Replacement)}' has half a surrogate pair (U+{(int)path[at]:X4}) at position {at}, "
                    + "so it can't name a file. The text was cut inside a character; give the whole name.",
                    nameof(path));
            }
            at += rune.Utf16SequenceLength;
        }
    }

    /// <summary>Whether a name contains U+FFFD, which .NET shows for bytes that are not UTF-8.</summary>
    public static bool HasReplacement(string path) => path.Contains(Replacement, StringComparison.Ordinal);

    /// <summary>The file in the place of a folder or of one of its parents; null without one.</summary>
    public static string? FileOnTheWay(string folder)
    {
        for (string? at = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)); at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(at)) return at;
            if (Directory.Exists(at)) return null;
        }
        return null;
    }

    /// <summary>The missing ones of a folder and its parents, the innermost first.</summary>
    public static IReadOnlyList<string> MissingFolders(string folder)
    {
        var missing = new List<string>();
        for (string? at = Path.GetFullPath(folder); at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at))
            missing.Add(at);
        return missing;
    }

    /// <summary>Why a file or folder is missing, if its name shows the reason.</summary>
    /// <returns>A sentence without a subject, such as <c>it is a URL …</c>; null if the name shows no reason.</returns>
    public static string? WhyMissing(string path)
    {
        // A URL may have been appended to a folder. Schemes have more than one letter; a single letter is a drive.
        int end = path.IndexOf("://", StringComparison.Ordinal);
        ReadOnlySpan<char> scheme = end < 0 ? [] : path.AsSpan(0, end);
        scheme = scheme[(scheme.LastIndexOfAny('/', '\\') + 1)..];
        if (scheme.Length > 1 && !scheme.ContainsAnyExcept(s_schemeCharacters))
        {
            return scheme.Equals("file", StringComparison.OrdinalIgnoreCase)
                ? "it is a URL. Give the path itself, without 'file://'."
                : "it is a URL, and only local files are read. Download it, or mount the storage that holds it.";
        }
        return HasReplacement(path)
            ? "its name contains U+FFFD, which stands for bytes that are not UTF-8. .NET can't open files with such names. Rename it, and "
                + "save lists of paths as UTF-8."
            : null;
    }
}
