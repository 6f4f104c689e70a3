using System.Globalization;
using System.Text;

namespace Swan.Cli.Submission;

/// <summary>Text for YAML.</summary>
internal static class YamlText
{
    /// <summary>A scalar between double quotes, on one line, whatever is in it.</summary>
    /// <remarks>Not JSON's: readers of YAML refuse its pairs of <c>\u</c> for what is beyond U+FFFF.</remarks>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\') quoted.Append('\\').Append(rune);
            else if (rune.Value == '\n') quoted.Append(@"\n");
            // Unicode's line breaks, and a mark that readers skip, are not in 'Control'.
            else if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 or 0xfeff)
                quoted.Append(CultureInfo.InvariantCulture, $@"\u{rune.Value:X4}");
            else quoted.Append(rune);
        }
        return quoted.Append('"').ToString();
    }
}
