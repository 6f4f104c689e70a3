using System.Globalization;
using System.Net;
using System.Text;

namespace Swan.Batch.Reports;

/// <summary>Text of strangers in HTML: it is neither markup, nor does it hide or turn around what stands beside it.</summary>
/// <remarks>Characters that can't be seen, such as those that change the direction of writing, are shown by their numbers.</remarks>
internal static class ShownText
{
    /// <summary>Text as HTML has it.</summary>
    public static string Of(string text)
    {
        var html = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t') html.Append(' ');
            else if (IsHidden(rune)) html.Append(CultureInfo.InvariantCulture, $"<span class=\"hidden\">U+{rune.Value:X4}</span>");
            else html.Append(WebUtility.HtmlEncode(rune.ToString()));
        }
        return html.ToString();
    }

    /// <summary>The same, kept apart from the direction of what is around it.</summary>
    public static string Apart(string text) => $"<bdi>{Of(text)}</bdi>";

    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned;
}
