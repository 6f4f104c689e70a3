using System.Globalization;
using System.Text;

namespace Swan.MLNet.Metadata;

/// <summary>Shows a place in a filter's text.</summary>
internal static class FilterPlace
{
    private const int Before = 60, After = 50, MaxCarets = 40;

    /// <summary>An error with the text's part around the place and, below it, carets.</summary>
    /// <param name="text">The filter's text.</param>
    /// <param name="start">Where the place begins.</param>
    /// <param name="length">Its UTF-16 code units.</param>
    /// <param name="what">What was found and expected, as sentences.</param>
    public static SwanFilterException Error(string text, int start, int length, string what)
    {
        int from = Math.Max(0, start - Before), to = Math.Min(text.Length, start + Math.Clamp(length, 1, MaxCarets) + After);
        // Not half of an emoji.
        if (from > 0 && char.IsLowSurrogate(text[from])) from--;
        if (to < text.Length && char.IsLowSurrogate(text[to])) to++;
        string before = (from > 0 ? "…" : "") + Shown(text[from..start]);
        string line = before + Shown(text[start..to]) + (to < text.Length ? "…" : "");
        int carets = Math.Clamp(Width(text.AsSpan(start, Math.Min(length, to - start))), 1, MaxCarets);
        return new SwanFilterException(
            string.Create(CultureInfo.InvariantCulture, $"The filter has an error at character {start + 1}. {what}\n")
            + $"  {line}\n  {new string(' ', Width(before))}{new string('^', carets)}", start);
    }

    // On one line, so that the carets are below what they show.
    private static string Shown(string part)
    {
        var shown = new StringBuilder(part.Length);
        foreach (char c in part) shown.Append(char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c);
        return shown.ToString();
    }

    private static int Width(ReadOnlySpan<char> part)
    {
        int width = 0;
        foreach (char c in part) width += char.IsLowSurrogate(c) ? 0 : 1;
        return width;
    }
}
