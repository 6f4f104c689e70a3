using System.Text;

namespace Swan.MLNet.Text;

/// <summary>What every tokenizer does to a text first, so that where it comes from makes no difference.</summary>
/// <remarks>
/// Text boxes, CSV fields and prompts have line breaks and tabs, and whoever cuts a text at a number of characters cuts emoji in half.
/// Microsoft.ML.Tokenizers deletes the former, which glues words, and refuses the latter.
/// </remarks>
internal static class CaptionText
{
    /// <summary>Characters that a tokenizer reads for each token that it keeps; no natural text has words that long on average.</summary>
    public const int CharactersPerToken = 64;

    /// <summary>Makes every run of white space and control characters one blank, and half a surrogate pair U+FFFD.</summary>
    /// <param name="text">Any text.</param>
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
            // Half a pair is decoded as U+FFFD.
            Rune.DecodeFromUtf16(text.AsSpan(i), out Rune rune, out int length);
            i += length;
            if (Separates(rune))
            {
                separated = normal.Length > 0;
                continue;
            }
            if (normal.Length + (separated ? 1 : 0) + rune.Utf16SequenceLength > maxLength)
            {
                cut = true;
                break;
            }
            if (separated) normal.Append(' ');
            separated = false;
            normal.Append(rune.ToString());
        }
        return normal.ToString();
    }

    private static bool IsNormal(string text)
    {
        bool blank = true; // none at the start
        foreach (char c in text)
        {
            if (char.IsSurrogate(c) || char.IsControl(c) || (c != ' ' && char.IsWhiteSpace(c))) return false;
            if (c == ' ' && blank) return false;
            blank = c == ' ';
        }
        return text.Length == 0 || !blank;
    }

    private static bool Separates(Rune rune) => Rune.IsWhiteSpace(rune) || Rune.IsControl(rune);
}
