namespace Swan.MLNet;

/// <summary>The path of a file that is to be opened by its name.</summary>
internal static class FilePath
{
    private const char Replacement = '\uFFFD';
    private static readonly char[] Separators = ['/', '\\'];

    /// <summary>Why a path that is to lie within a folder could lead out of it, by its letters alone; null where it can't.</summary>
    /// <remarks>
    /// As on any system: a path of another one is no name of a file in the folder either. <c>a/../b</c> counts, because <c>a</c> may be a
    /// link.
    /// </remarks>
    public static string? WhyNotWithin(string path)
    {
        if (Path.IsPathRooted(path) || path.StartsWith('/') || path.StartsWith('\\')) return "it is an absolute path";
        int colon = path.IndexOf(':', StringComparison.Ordinal);
        if (colon == 1 && char.IsAsciiLetter(path[0]) && (OperatingSystem.IsWindows() || path.Length > 2 && Separators.Contains(path[2])))
            return "it names a drive";
        if (path.StartsWith("file:", StringComparison.OrdinalIgnoreCase) || path.Contains("://", StringComparison.Ordinal))
            return "it is a URL";
        return path.Split(Separators).Contains("..") ? "it has '..'" : null;
    }

    /// <summary>Refuses a path that isn't valid UTF-16: .NET would open the file that has U+FFFD in its name instead.</summary>
    /// <exception cref="ArgumentException">Half a surrogate pair stands in the path.</exception>
    public static void ThrowIfNotText(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        int at = 0;
        foreach (System.Text.Rune rune in path.EnumerateRunes())
        {
            // A half is enumerated as the replacement character, which a name may have, too.
            if (rune.Value == Replacement && path[at] != Replacement)
            {
                throw new ArgumentException(
                    $"The path '{path.Replace(path[at], Replacement)}' has half a surrogate pair (U+{(int)path[at]:X4}) at position {at}, "
                    + "so it is not the name of any file. It comes from a text that was cut within a character: give the whole name.",
                    nameof(path));
            }
            at += rune.Utf16SequenceLength;
        }
    }
}
