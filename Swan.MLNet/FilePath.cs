namespace Swan.MLNet;

/// <summary>The path of a file that is to be opened by its name.</summary>
internal static class FilePath
{
    private const char Replacement = '\uFFFD';

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
