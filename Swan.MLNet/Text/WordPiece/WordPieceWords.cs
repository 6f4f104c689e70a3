using System.Text;

namespace Swan.MLNet.Text;

/// <summary>Selects the meaningful tokens of a WordPiece vocabulary; a text of only other tokens has no known word.</summary>
/// <remarks>
/// English BERT vocabularies also contain single letters of many scripts and some ideographs, to spell names. A text in another language
/// becomes a series of those, or <c>[UNK]</c>, which the text tower has not learned. Such letters never count; a vocabulary for a language
/// with that script has longer tokens in it.
/// </remarks>
internal static class WordPieceWords
{
    // bert-base-uncased has 246. A language that is written with ideographs needs thousands.
    private const int FewIdeographs = 1000;

    /// <summary>For each id whether it is a word, or a piece of at least two letters or digits.</summary>
    /// <remarks>A single ideograph is a word where the vocabulary has so many that its language is written with them.</remarks>
    public static bool[] Find(IReadOnlyList<string> tokens)
    {
        bool ideographs = tokens.Count(IsIdeograph) > FewIdeographs;
        return [.. tokens.Select(token => !WordPieceCaptionTokenizer.Special.Contains(token)
            && (token.EnumerateRunes().Count(Rune.IsLetterOrDigit) > 1 || IsAsciiWord(token) || (ideographs && IsIdeograph(token))))];
    }

    private static bool IsAsciiWord(string token) => token.Length == 1 && char.IsAsciiLetterOrDigit(token[0]);

    private static bool IsIdeograph(string token) => token.EnumerateRunes().Count() == 1 && Rune.GetRuneAt(token, 0).Value
        is (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
