using System.Globalization;
using System.Text;

namespace Swan.MLNet.Text;

/// <summary>The treatment of a character by every tokenizer: itself, a gap between words, nothing, or plain letters.</summary>
/// <remarks>
/// Texts come from web pages, PDFs, chats and language models, and contain characters that nobody sees or types. The Unicode category
/// decides, so all characters of a kind are treated alike. .NET knows categories without ICU, so every machine gives the same result.
/// <list type="table">
/// <item><term>Separate words</term><description>White space (Zs, Zl, Zp), control characters (Cc), zero width space, byte order marks,
/// fillers that look like blanks; beyond ASCII also symbols and emoji (S*), fractions and raised digits (No), private and unassigned
/// characters (Co, Cn).</description></item>
/// <item><term>Nothing</term><description>All other format characters (Cf): soft hyphen, joiners, directions; variation
/// selectors.</description></item>
/// <item><term>Plain letters</term><description><see cref="PlainLetters"/>: full-width and mathematical letters and digits, circled and
/// raised letters, ligatures, Roman numerals; hyphens that don't break a line.</description></item>
/// </list>
/// </remarks>
internal static class CaptionCharacters
{
    /// <summary>What <see cref="Replacement"/> gives for a character that separates words.</summary>
    public const string Gap = " ";

    private const string Nothing = "";

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
        // Fillers of Hangul, and the Mongolian vowel separator: people see and use them as blanks.
        '\u115F' or '\u1160' or '\u180E' or '\u3164' or '\uFFA0' => Gap,
        // Variation selectors, which choose between an emoji's picture and its glyph; and vowels of Khmer that are not written.
        (>= '\u180B' and <= '\u180F') or (>= '\uFE00' and <= '\uFE0F') or (>= 0xE0100 and <= 0xE01EF) => Nothing,
        '\u17B4' or '\u17B5' => Nothing,
        _ => PlainLetters.Of(c),
    };

    private static string? ByCategory(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Format => Nothing,
        UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.ModifierSymbol
            or UnicodeCategory.OtherNumber or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => Gap,
        _ => null,
    };
}
