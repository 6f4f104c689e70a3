using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Swan.MLNet.Text;

namespace Swan.MLNet.Calibration;

/// <summary>The words of a model's training captions, and their verdict on a text. Immutable.</summary>
/// <remarks>
/// A word is known if captions have it or a form of it with another ending, or if it is a common English word. A word that is whole in the
/// tokenizer's vocabulary except for an ending, or consists of two such words, is at least a word: pretrained vocabularies have thousands
/// that no caption has. They also have foreign words, so function words of other languages are checked first.
/// </remarks>
/// <param name="words">In lower case, without accents.</param>
internal sealed class KnownWords(IEnumerable<string> words)
{
    private static readonly string[] s_endings = ["s", "es", "ed", "d", "ing", "ly", "er", "y"];

    // Shorter tokens are pieces rather than words.
    private const int ShortestPart = 3;

    // No word of any language that is written with blanks is longer, and the work grows with the length.
    private const int LongestWord = 50;
    private readonly FrozenSet<string> _words = words.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The words of captions.</summary>
    public static KnownWords Of(IEnumerable<string> captions) => new(captions.SelectMany(caption => Split(caption, int.MaxValue)));

    /// <summary>How many.</summary>
    public int Count => _words.Count;

    /// <summary>The words in ordinal order.</summary>
    public IEnumerable<string> InOrder => _words.Order(StringComparer.Ordinal);

    /// <summary>A text's words: runs of letters in lower case without accents. Numbers are none.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="longest">The most characters that are read.</param>
    public static IEnumerable<string> Split(string text, int longest)
    {
        string plain = LatinAccents.Strip(CaptionText.Normalize(text, longest, out _)).ToLowerInvariant();
        var word = new StringBuilder();
        foreach (Rune rune in plain.EnumerateRunes())
        {
            if (Rune.IsLetter(rune)
                || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
            {
                word.Append(rune);
                continue;
            }
            if (word.Length > 0) yield return word.ToString();
            word.Clear();
        }
        if (word.Length > 0) yield return word.ToString();
    }

    /// <summary>Judges a text.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="tokenizer">The model's.</param>
    public SwanTextVerdict Judge(string text, ICaptionTokenizer tokenizer)
    {
        int known = 0, common = 0, whole = 0, foreign = 0;
        var strange = new List<string>();
        foreach (string word in Split(text, CaptionText.CharactersPerToken * tokenizer.MaxLength))
        {
            if (EnglishStopWords.All.Contains(word)) common++;
            else if (!ForeignWords.All.Contains(word) && Knows(word)) known++;
            else if (!ForeignWords.All.Contains(word) && IsMadeOfWords(word, tokenizer)) whole++;
            else strange.Add(word);
            if (ForeignWords.All.Contains(word)) foreign++;
        }
        int unknown = strange.Count - foreign;
        SwanTextKind kind = foreign > 0 && strange.Count > known + common ? SwanTextKind.OtherLanguage
            // Common words don't describe an image.
            : unknown > 0 && unknown >= known + whole ? SwanTextKind.UnknownWords
            : SwanTextKind.English;
        return new SwanTextVerdict(kind, [.. strange.Distinct(StringComparer.Ordinal)]);
    }

    private bool Knows(string word) =>
        _words.Contains(word) || s_endings.Any(ending => _words.Contains(word + ending)) || HasStem(word, _words.Contains);

    // "bungalows", and "footbridge", which are in no vocabulary as they stand.
    private static bool IsMadeOfWords(string word, ICaptionTokenizer tokenizer)
    {
        if (word.Length > LongestWord) return false;
        if (WithEndings(word)) return true;
        for (int cut = ShortestPart; cut <= word.Length - ShortestPart; cut++)
        {
            if (IsWhole(word[..cut]) && WithEndings(word[cut..])) return true;
        }
        return false;

        bool WithEndings(string part) => IsWhole(part) || HasStem(part, IsWhole);

        // One token and not pieces, beside the marks around it.
        bool IsWhole(string part)
        {
            TokenizedCaption tokens = tokenizer.Tokenize(part);
            return tokens.HasWords && tokens.Ids.Length == (tokenizer is WordPieceCaptionTokenizer ? 3 : 1);
        }
    }

    private static bool HasStem(string word, Func<string, bool> isWord) => s_endings.Any(ending =>
        word.Length >= ending.Length + ShortestPart && word.EndsWith(ending, StringComparison.Ordinal)
        && (isWord(word[..^ending.Length]) || isWord($"{word.AsSpan(0, word.Length - ending.Length)}e")));
}
