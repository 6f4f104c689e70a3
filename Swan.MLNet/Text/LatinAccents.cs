using System.Text;

namespace Swan.MLNet.Text;

/// <summary>
/// Takes accents off Latin letters, as BERT's uncased vocabularies expect: <c>naïve façade</c> becomes <c>naive facade</c>.
/// </summary>
/// <remarks>
/// <see cref="string.Normalize()"/> does nothing beyond ASCII where .NET runs without ICU (invariant globalization, common in containers),
/// so the same caption would get other ids there. These tables are the bases in Unicode's canonical decompositions of Latin letters.
/// <see cref="PlainLetters"/> has those that are canonically one other letter.
/// </remarks>
internal static class LatinAccents
{
    // A dot: no accent. U+00C0 to U+024F, then U+1E00 to U+1EFF.
    private const string Latin1ToExtendedB =
        "AAAAAA.CEEEEIIII.NOOOOO..UUUUY..aaaaaa.ceeeeiiii.nooooo..uuuuy.y"
        + "AaAaAaCcCcCcCcDd..EeEeEeEeEeGgGgGgGgHh..IiIiIiIiI...JjKk.LlLlLl."
        + "...NnNnNn...OoOoOo..RrRrRrSsSsSsSsTtTt..UuUuUuUuUuUuWwYyYZzZzZz."
        + "................................Oo.............Uu..............."
        + ".............AaIiOoUuUuUuUuUu.AaAaÆæ..GgKkOoOoƷʒj...Gg..NnAaÆæØø"
        + "AaAaEeEeIiIiOoOoRrRrUuUuSsTt..Hh......AaEeOoOoOoOoYy............"
        + "................";
    private const string ExtendedAdditional =
        "AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMm"
        + "MmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVv"
        + "WwWwWwWwWwXxXxYyZzZzZzhtwy.s....AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEe"
        + "EeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy......";

    /// <summary>The text with plain letters for accented ones, and without combining marks: composed or not, a text is the same.</summary>
    public static string Strip(string text)
    {
        if (Ascii.IsValid(text)) return text;
        var plain = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (IsMark(c)) continue;
            char letter = c switch
            {
                >= '\u00C0' and <= '\u024F' => Latin1ToExtendedB[c - '\u00C0'],
                >= '\u1E00' and <= '\u1EFF' => ExtendedAdditional[c - '\u1E00'],
                _ => '.',
            };
            plain.Append(letter == '.' ? c : letter);
        }

        return plain.ToString();
    }

    /// <summary>Whether a character is a mark on the letter before it, of a block whose marks go with any script.</summary>
    /// <remarks>Those of one script, such as Devanagari's vowels, are letters there.</remarks>
    public static bool IsMark(char c) => c
        is (>= '\u0300' and <= '\u036F') or (>= '\u1AB0' and <= '\u1AFF') or (>= '\u1DC0' and <= '\u1DFF')
        or (>= '\u20D0' and <= '\u20FF') or (>= '\uFE20' and <= '\uFE2F');
}
