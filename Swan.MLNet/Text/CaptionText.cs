using System.Globalization;
using System.Text;

namespace Swan.MLNet.Text;

/// <summary>What every tokenizer does to a text first, so that where it comes from makes no difference.</summary>
/// <remarks>
/// Text boxes, CSV fields and prompts have line breaks and tabs, and whoever cuts a text at a number of characters cuts emoji in half.
/// Microsoft.ML.Tokenizers deletes the former, which glues words, and refuses the latter. Training and serving share this.
/// </remarks>
internal static class CaptionText
{
    /// <summary>Characters that a tokenizer reads for each token that it keeps; no natural text has words that long on average.</summary>
    public const int CharactersPerToken = 64;

    /// <summary>Makes every run of characters that separate words one blank, and takes the place of others by
    /// <see cref="CaptionCharacters"/>.</summary>
    /// <param name="text">Any text; half a surrogate pair is U+FFFD, a symbol.</param>
    /// <param name="maxLength">The most characters that are kept.</param>
    /// <param name="cut">Whether there was more text than that.</param>
    /// <returns>Without blanks at either end. The same object where nothing had to be changed.</returns>
    public static string Normalize(string text, int maxLength, out bool cut)
    {
        cut = false;
        if (text.Length <= maxLength && IsNormal(text)) return text;
        var normal = new StringBuilder(Math.Min(text.Length, maxLength));
        bool separated = false;
        for (int i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out Rune rune, out int length);
            i += length;
            string kept = CaptionCharacters.Replacement(rune) ?? rune.ToString();
            if (kept == CaptionCharacters.Gap)
            {
                separated = normal.Length > 0;
                continue;
            }
            if (kept.Length == 0) continue;
            if (normal.Length + (separated ? 1 : 0) + kept.Length > maxLength)
            {
                cut = true;
                break;
            }
            if (separated) normal.Append(' ');
            separated = false;
            normal.Append(kept);
        }
        return normal.ToString();
    }

    /// <summary>What logs say of texts that were longer than a model takes.</summary>
    public static string DescribeCut(long cut, long texts, int longest) => string.Create(
        CultureInfo.InvariantCulture,
        $"{cut:N0} of {texts:N0} texts were longer than {longest} tokens; what came after was ignored.");

    // ASCII without control characters, and single blanks between words.
    private static bool IsNormal(string text)
    {
        bool blank = true; // none at the start
        foreach (char c in text)
        {
            if (c is < ' ' or > '~' || (c == ' ' && blank)) return false;
            blank = c == ' ';
        }
        return text.Length == 0 || !blank;
    }
}
