using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Swan.MLNet.Text;

namespace Swan.MLNet.Calibration;

/// <summary>The words of the captions that a model learned from, and what they say of a text. Immutable.</summary>
/// <remarks>
/// A word is known where captions have it, or a form of it with another ending, or where it is a common English one. A word that is
/// whole in the tokenizer's vocabulary is at least a word: pretrained vocabularies have thousands that no caption has. They also have
/// foreign ones, so that function words of other languages come before them.
/// </remarks>
/// <param name="words">In lower case, without accents.</param>
internal sealed class KnownWords(IEnumerable<string> words)
{
    private static readonly string[] s_endings = ["s", "es", "ed", "d", "ing", "ly", "er", "y"];
    private readonly FrozenSet<string> _words = words.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>How many.</summary>
    public int Count => _words.Count;

    /// <summary>The words in ordinal order.</summary>
    public IEnumerable<string> InOrder => _words.Order(StringComparer.Ordinal);

    /// <summary>A text's words: runs of letters in lower case without accents. Numbers are none.</summary>
    public static IEnumerable<string> Split(string text)
    {
        string plain = LatinAccents.Strip(CaptionText.Normalize(text, int.MaxValue, out _)).ToLowerInvariant();
        var word = new StringBuilder();
        foreach (Rune rune in plain.EnumerateRunes())
        {
            if (Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
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
        foreach (string word in Split(text))
        {
            if (EnglishStopWords.All.Contains(word)) common++;
            else if (!ForeignWords.All.Contains(word) && Knows(word)) known++;
            else if (!ForeignWords.All.Contains(word) && IsWhole(word, tokenizer)) whole++;
            else strange.Add(word);
            if (ForeignWords.All.Contains(word)) foreign++;
        }
        int unknown = strange.Count - foreign;
        SwanTextKind kind = foreign > 0 && strange.Count > known + common ? SwanTextKind.OtherLanguage
            // Common words say nothing of what is asked for.
            : unknown > 0 && unknown >= known + whole ? SwanTextKind.UnknownWords
            : SwanTextKind.English;
        return new SwanTextVerdict(kind, [.. strange.Distinct(StringComparer.Ordinal)]);
    }

    private bool Knows(string word) => _words.Contains(word)
        || s_endings.Any(ending => _words.Contains(word + ending)
            || (word.Length > ending.Length + 2 && word.EndsWith(ending, StringComparison.Ordinal) && HasStem(word[..^ending.Length])));

    private bool HasStem(string stem) => _words.Contains(stem) || _words.Contains(stem + "e");

    // One token and not pieces, beside the marks around it.
    private static bool IsWhole(string word, ICaptionTokenizer tokenizer)
    {
        TokenizedCaption tokens = tokenizer.Tokenize(word);
        return tokens.HasWords && tokens.Ids.Length == (tokenizer is WordPieceCaptionTokenizer ? 3 : 1);
    }
}
