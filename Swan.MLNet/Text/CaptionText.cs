using System.Globalization;
using System.Text;

namespace Swan.MLNet.Text;

/// <summary>The first step of every tokenizer, which removes differences between the sources of texts.</summary>
/// <remarks>
/// Text boxes, CSV fields and prompts contain line breaks and tabs, and programs that cut texts at a length cut emoji in half.
/// Microsoft.ML.Tokenizers deletes the former, which joins words, and refuses the latter. Training and serving share this step.
/// </remarks>
internal static class CaptionText
{
    /// <summary>Characters that a tokenizer reads for each token that it keeps; no natural text has words that long on average.</summary>
    public const int CharactersPerToken = 64;

    // No script stacks more; the text towers know none of them.
    private const int MaxMarksPerLetter = 4;

    /// <summary>
    /// Makes every run of characters that separate words one blank, and replaces other characters as <see cref="CaptionCharacters"/> says.
    /// </summary>
    /// <param name="text">Any text; half a surrogate pair is U+FFFD, a symbol.</param>
    /// <param name="maxLength">The most characters that are kept. Accents and other marks do not count: no word is longer for them.</param>
    /// <param name="cut">Whether there was more text than that.</param>
    /// <returns>Without blanks at either end. The same object where nothing had to be changed.</returns>
    public static string Normalize(string text, int maxLength, out bool cut)
    {
        cut = false;
        if (text.Length <= maxLength && IsNormal(text)) return text;
        var normal = new StringBuilder(Math.Min(text.Length, maxLength));
        bool separated = false;
        int letters = 0, marks = 0;
        for (int i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out Rune rune, out int length);
            i += length;
            string kept = CaptionCharacters.Replacement(rune) ?? rune.ToString();
            if (kept == CaptionCharacters.Gap)
            {
                separated = letters > 0;
                continue;
            }
            if (kept.Length == 0) continue;
            if (LatinAccents.IsMark(kept[0]))
            {
                if (letters > 0 && !separated && marks++ < MaxMarksPerLetter) normal.Append(kept);
                continue;
            }
            int added = kept.Length + (separated ? 1 : 0);
            if (letters + added > maxLength)
            {
                cut = true;
                break;
            }
            if (separated) normal.Append(' ');
            (separated, marks) = (false, 0);
            letters += added;
            normal.Append(kept);
        }
        return normal.ToString();
    }

    /// <summary>The log message for texts beyond a model's length.</summary>
    /// <param name="cut">How many were.</param>
    /// <param name="texts">Of how many.</param>
    /// <param name="longest">The tokens that the model takes.</param>
    /// <param name="what">What the texts are, in the plural.</param>
    public static string DescribeCut(long cut, long texts, int longest, string what = "Texts") => string.Create(
        CultureInfo.InvariantCulture, $"{what} longer than {longest} tokens: {cut:N0} of {texts:N0}. The rest of each was ignored.");

    /// <summary>The part of a text that was read, as the end of "no word that the model knows"; empty if all was read.</summary>
    public static string DescribeRead(TokenizedCaption caption, int longest)
    {
        if (!caption.Truncated) return "";
        bool byTokens = caption.Ids.Length == longest;
        return string.Create(
            CultureInfo.InvariantCulture,
            $" in its first {(byTokens ? longest : CharactersPerToken * longest):N0} {(byTokens ? "tokens" : "characters")}");
    }

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
