using System.Globalization;
using System.Text;

namespace Swan.MLNet.Text;

/// <summary>What a character of a text is to every tokenizer: itself, a gap between words, nothing, or plain letters.</summary>
/// <remarks>
/// Texts come from web pages, PDFs, chats and language models, which have characters that nobody sees or types. The Unicode category
/// decides, so that a whole kind is treated alike. .NET knows categories without ICU; so every machine answers the same.
/// <list type="table">
/// <item><term>Separate words</term><description>White space (Zs, Zl, Zp), control characters (Cc), zero width space, byte order marks;
/// beyond ASCII also symbols and emoji (S*), fractions and superscripts (No), private and unassigned characters (Co,
/// Cn).</description></item>
/// <item><term>Nothing</term><description>All other format characters (Cf): soft hyphen, joiners, directions; variation selectors and
/// fillers.</description></item>
/// <item><term>Plain letters</term><description>Full-width and mathematical letters and digits, circled letters, ligatures, hyphens that
/// don't break a line.</description></item>
/// </list>
/// </remarks>
internal static class CaptionCharacters
{
    /// <summary>What <see cref="Replacement"/> gives for a character that separates words.</summary>
    public const string Gap = " ";

    private const string Nothing = "";
    private static readonly string[] Ligatures = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"];

    /// <summary>What stands for a character.</summary>
    /// <returns><see cref="Gap"/>, nothing, plain letters, or null where the character stays as it is.</returns>
    public static string? Replacement(Rune rune)
    {
        if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune)) return Gap;
        return rune.IsAscii ? null : Plain(rune.Value) ?? ByCategory(rune);
    }

    private static string? Plain(int c) => c switch
    {
        // Both have a place in line breaking only. The second began as a byte order mark, so it stands where files were joined.
        '\u200B' or '\uFEFF' => Gap,
        '\u2010' or '\u2011' => "-",
        // Turkish: what is upper or lower case of an i depends on the culture, and on whether .NET has ICU.
        '\u0130' => "I",
        '\u0131' => "i",
        // The mathematical italic h.
        '\u210E' => "h",
        >= '\u24B6' and <= '\u24CF' => Letter('A', c - '\u24B6'),
        >= '\u24D0' and <= '\u24E9' => Letter('a', c - '\u24D0'),
        >= '\uFB00' and <= '\uFB06' => Ligatures[c - '\uFB00'],
        >= '\uFF01' and <= '\uFF5E' => Letter('!', c - '\uFF01'),
        // Thirteen alphabets of 26 capitals and 26 small letters, and five rows of digits.
        >= 0x1D400 and <= 0x1D6A3 => (c - 0x1D400) % 52 is < 26 and int capital ? Letter('A', capital) : Letter('a', (c - 0x1D400) % 26),
        >= 0x1D7CE and <= 0x1D7FF => Letter('0', (c - 0x1D7CE) % 10),
        // Variation selectors, which choose between an emoji's picture and its glyph; and fillers of Hangul and Khmer.
        (>= '\u180B' and <= '\u180F') or (>= '\uFE00' and <= '\uFE0F') or (>= 0xE0100 and <= 0xE01EF) => Nothing,
        '\u115F' or '\u1160' or '\u17B4' or '\u17B5' or '\u3164' or '\uFFA0' => Nothing,
        _ => null,
    };

    private static string? ByCategory(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Format => Nothing,
        UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.ModifierSymbol
            or UnicodeCategory.OtherNumber or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => Gap,
        _ => null,
    };

    private static string Letter(char first, int offset) => ((char)(first + offset)).ToString();
}
