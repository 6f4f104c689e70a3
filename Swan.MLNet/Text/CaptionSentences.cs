using System.Collections.Frozen;

namespace Swan.MLNet.Text;

/// <summary>Splits a caption into sentences, so that "a river. there is a bridge." has the word "river" and not "river.".</summary>
/// <remarks>
/// The reference does this: its RSITMD vocabulary has neither "river." nor "school.", which sentence ends inside that data set's captions
/// would have put there. A sentence ends at a full stop, question or exclamation mark before white space, with brackets and quotes that
/// close. A stop does not end one after an ellipsis, a common abbreviation, or letters with stops between them (u.s., e.g.).
/// </remarks>
internal static class CaptionSentences
{
    private const string Closing = ")]}>\"'»”’";

    private static readonly FrozenSet<string> Abbreviations =
        new[] { "dr", "mr", "mrs", "ms", "prof", "st", "mt", "vs", "etc", "approx", "ca", "fig" }
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The sentences in order, each with its end; white space between them is left out.</summary>
    public static IEnumerable<string> Split(string caption)
    {
        int start = 0;
        for (int i = 0; i < caption.Length; i++)
        {
            if (caption[i] is not ('.' or '?' or '!')) continue;
            int end = i + 1;
            while (end < caption.Length && Closing.Contains(caption[end], StringComparison.Ordinal)) end++;
            if (end < caption.Length && char.IsWhiteSpace(caption[end]) && !(caption[i] == '.' && GoesOn(caption.AsSpan(start, i - start))))
            {
                yield return caption[start..end].Trim();
                start = end;
            }

            i = end - 1;
        }

        if (start < caption.Length && caption[start..].Trim() is { Length: > 0 } rest) yield return rest;
    }

    // Before the stop: an ellipsis, an abbreviation, or letters with stops.
    private static bool GoesOn(ReadOnlySpan<char> before)
    {
        if (before is [.., '.']) return true;
        int word = before.Length;
        while (word > 0 && (char.IsLetter(before[word - 1]) || before[word - 1] == '.')) word--;
        ReadOnlySpan<char> token = before[word..];
        return token.Contains('.') || Abbreviations.GetAlternateLookup<ReadOnlySpan<char>>().Contains(token);
    }
}
