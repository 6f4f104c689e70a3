using System.Text.RegularExpressions;

namespace Swan.MLNet.Text;

/// <summary>Splits one sentence into Penn-Treebank word tokens: punctuation apart, contractions split, the final full stop apart.</summary>
/// <remarks>
/// The rules, in their order, are those of NLTK's word tokenizer, which extends Robert MacIntyre's script for the Penn Treebank; the
/// reference's vocabularies were made with it. A full stop inside the text stays with its word, so text is split into sentences first
/// as <c>swan-text-1</c> does. Source: docs/spec/network.md, section 1. Safe for concurrent use.
/// The work grows with the text's length and not faster: a pattern with a loop doesn't backtrack, and one without looks at a few characters
/// from each place.
/// </remarks>
internal static partial class TreebankTokenizer
{
    private static readonly (Regex Pattern, string Replacement)[] Rules =
    [
        // Quotes that open
        (QuoteMarks(), " $1 "), (FirstQuote(), "``"), (DoubleBacktick(), " $1 "), (QuoteAfterBracket(), "$1 `` "),
        (SingleQuoteBeforeLetter(), "$1 $2"),
        // Punctuation
        (FinalStopThenSpace(), "$1 $2 $3 "), (ColonOrComma(), " $1 $2"), (FinalColonOrComma(), " $1 "), (Ellipsis(), " $0 "),
        (Symbols(), " $0 "),
        (FinalStop(), "$1 $2$3 "), (QuestionOrExclamation(), " $0 "), (QuoteBeforeSpace(), "$1 ' "), (Star(), " $0 "),
        // Brackets and dashes
        (Brackets(), " $0 "), (Dashes(), " -- "),
    ];

    private static readonly (Regex Pattern, string Replacement)[] EndingRules =
    [
        (ClosingMarks(), " $1 "), (TwoSingleQuotes(), " '' "), (ClosingQuote(), " '' "), (Possessive(), "$1 $2 "),
        (Contraction(), "$1 $2 "),
        (JoinedWords(), " $1 $2 "), (Wanna(), " $1 $2 "), (Tis(), " $1 $2 "), (Twas(), " $1 $2 "),
    ];

    /// <summary>The sentence's tokens in order; none for white space alone. Letters keep their case.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static IReadOnlyList<string> Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach ((Regex pattern, string replacement) in Rules) text = pattern.Replace(text, replacement);
        text = $" {text} ";
        foreach ((Regex pattern, string replacement) in EndingRules) text = pattern.Replace(text, replacement);
        return text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex("([«“‘„]|`+)", RegexOptions.NonBacktracking)]
    private static partial Regex QuoteMarks();

    [GeneratedRegex("^\"")]
    private static partial Regex FirstQuote();

    [GeneratedRegex("(``)")]
    private static partial Regex DoubleBacktick();

    [GeneratedRegex("""([ (\[{<])("|'{2})""")]
    private static partial Regex QuoteAfterBracket();

    [GeneratedRegex(@"(')(?!re|ve|ll|m|t|s|d|n)(\w)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SingleQuoteBeforeLetter();

    [GeneratedRegex("""([^.])(\.)([\])}>"'»”’ ]*)\s*$""", RegexOptions.NonBacktracking)]
    private static partial Regex FinalStopThenSpace();

    [GeneratedRegex(@"([:,])([^\d])", RegexOptions.Singleline)]
    private static partial Regex ColonOrComma();

    [GeneratedRegex("([:,])$")]
    private static partial Regex FinalColonOrComma();

    [GeneratedRegex(@"\.{2,}", RegexOptions.NonBacktracking)]
    private static partial Regex Ellipsis();

    [GeneratedRegex("[;@#$%&]")]
    private static partial Regex Symbols();

    [GeneratedRegex("""([^.])(\.)([\])}>"']*)\s*$""", RegexOptions.NonBacktracking)]
    private static partial Regex FinalStop();

    [GeneratedRegex("[?!]")]
    private static partial Regex QuestionOrExclamation();

    [GeneratedRegex("([^'])' ")]
    private static partial Regex QuoteBeforeSpace();

    [GeneratedRegex(@"\*")]
    private static partial Regex Star();

    [GeneratedRegex(@"[\]\[(){}<>]")]
    private static partial Regex Brackets();

    [GeneratedRegex("--")]
    private static partial Regex Dashes();

    [GeneratedRegex("([»”’])")]
    private static partial Regex ClosingMarks();

    [GeneratedRegex("''")]
    private static partial Regex TwoSingleQuotes();

    [GeneratedRegex("\"")]
    private static partial Regex ClosingQuote();

    [GeneratedRegex("([^' ])('[sS]|'[mM]|'[dD]|') ")]
    private static partial Regex Possessive();

    [GeneratedRegex("([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) ")]
    private static partial Regex Contraction();

    [GeneratedRegex(@"\b(can(?=not)|d(?='ye)|gim(?=me)|gon(?=na)|got(?=ta)|lem(?=me)|more(?='n))(not|'ye|me|na|ta|'n)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex JoinedWords();

    [GeneratedRegex(@"\b(wan)(na)(?=\s)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Wanna();

    [GeneratedRegex(@" ('t)(is)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Tis();

    [GeneratedRegex(@" ('t)(was)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Twas();
}
