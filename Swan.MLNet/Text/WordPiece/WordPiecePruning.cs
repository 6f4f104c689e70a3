using System.Globalization;

namespace Swan.MLNet.Text;

/// <summary>Selects the tokens that a smaller WordPiece vocabulary keeps.</summary>
/// <remarks>
/// WordPiece takes the longest token that fits, so a text whose tokens are all kept has the same tokens in the smaller vocabulary. A word
/// of which some aren't is spelled from shorter ones, in the worst case letter by letter: that is why single characters are kept.
/// </remarks>
internal static class WordPiecePruning
{
    private const string Continuation = "##";

    /// <summary>The ids that stay, ascending.</summary>
    /// <param name="tokenizer">The whole vocabulary.</param>
    /// <param name="mostTokens">How many at most.</param>
    /// <param name="captions">Texts whose tokens all stay.</param>
    /// <exception cref="SwanOptionsException">More have to stay.</exception>
    public static int[] Kept(WordPieceCaptionTokenizer tokenizer, int mostTokens, IEnumerable<string> captions)
    {
        IReadOnlyList<string> tokens = tokenizer.Tokens;
        var kept = new SortedSet<int>(Enumerable.Range(0, tokens.Count)
            .Where(id => WordPieceCaptionTokenizer.Special.Contains(tokens[id]) || IsLetter(tokens[id])));
        int always = kept.Count;
        foreach (string caption in captions) kept.UnionWith(tokenizer.Tokenize(caption).Ids);
        if (kept.Count > mostTokens)
        {
            throw new SwanOptionsException(string.Create(
                CultureInfo.InvariantCulture,
                $"The vocabulary may keep {mostTokens} tokens, but {kept.Count} must stay: "
                + $"{always} marks and single characters, from which any word can be spelled, and {kept.Count - always} more that the "
                + $"captions use. Allow at least {kept.Count}."));
        }
        // BERT's ids are roughly by frequency.
        foreach (int id in Enumerable.Range(0, tokens.Count).Where(id => !IsUnused(tokens[id])))
        {
            if (kept.Count == mostTokens) break;
            kept.Add(id);
        }
        return [.. kept];
    }

    // Every single character at the start of a word. Within words those of Latin text; other scripts' would be thousands that its captions
    // never have.
    private static bool IsLetter(string token) =>
        token.Length == 1
        || (token.Length == Continuation.Length + 1 && token.StartsWith(Continuation, StringComparison.Ordinal) && IsLatin(token[^1]));

    // Latin letters, digits, punctuation, symbols: all before Greek, Latin Extended Additional, and the blocks from General Punctuation on.
    private static bool IsLatin(char c) => c is < '\u0370' or (>= '\u1E00' and < '\u1F00') or (>= '\u2000' and < '\u2C00');

    // BERT's spare places. A text never has them: brackets are split off.
    private static bool IsUnused(string token) => token.StartsWith("[unused", StringComparison.Ordinal) && token.EndsWith(']');
}
