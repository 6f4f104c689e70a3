namespace Swan.Cli.Submission;

/// <summary>Words for a POSIX shell.</summary>
internal static class ShellText
{
    /// <summary>A word that a shell takes as it is, whatever is in it.</summary>
    public static string Quoted(string text) =>
        IsPlain(text) ? text : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>The same for several words.</summary>
    public static string Quoted(IEnumerable<string> words) => string.Join(' ', words.Select(Quoted));

    private static bool IsPlain(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or ':' or ',');
}
