using System.Text.RegularExpressions;

namespace Swan.MLNet.Text;

/// <summary>Splits text into Penn-Treebank word tokens: punctuation apart, contractions split, a full stop kept on abbreviations inside a sentence.</summary>
/// <remarks>The rules are those of Robert MacIntyre's tokenizer for the Penn Treebank. Source: spec, section 1. Safe for concurrent use.</remarks>
public static partial class TreebankTokenizer
{
    private static readonly (Regex Pattern, string Replacement)[] Rules =
    [
        // Quotes that open
        (Backticks(), " $0 "), (OpeningQuote(), "$1 `` "), (QuoteAfterBracket(), "$1 `` "),
        // Punctuation
        (ColonOrComma(), " $1 $2"), (FinalColonOrComma(), " $1 "), (Ellipsis(), " ... "), (Symbols(), " $1 "), (FinalStop(), "$1 $2$3 "), (QuestionOrExclamation(), " $1 "),
        (QuoteBeforeSpace(), "$1 ' "),
        // Brackets and dashes
        (Brackets(), " $1 "), (Dashes(), " -- "),
    ];

    private static readonly (Regex Pattern, string Replacement)[] EndingRules =
    [
        (ClosingQuote(), " '' "), (Possessive(), "$1 $2 "), (Contraction(), "$1 $2 "), (CannotAndOthers(), "$1 $2 "),
    ];

    /// <summary>The text's tokens in order; none for white space alone.</summary>
    public static IReadOnlyList<string> Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach ((Regex pattern, string replacement) in Rules) text = pattern.Replace(text, replacement);
        text = $" {text} ";
        foreach ((Regex pattern, string replacement) in EndingRules) text = pattern.Replace(text, replacement);
        return text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex("`+")]
    private static partial Regex Backticks();

    [GeneratedRegex("""(^|[\s(\[{<])["“]""")]
    private static partial Regex OpeningQuote();

    [GeneratedRegex("""([ (\[{<])("|'{2})""")]
    private static partial Regex QuoteAfterBracket();

    [GeneratedRegex(@"([:,])([^\d])")]
    private static partial Regex ColonOrComma();

    [GeneratedRegex("([:,])$")]
    private static partial Regex FinalColonOrComma();

    [GeneratedRegex(@"\.{2,}")]
    private static partial Regex Ellipsis();

    [GeneratedRegex("([;@#$%&*])")]
    private static partial Regex Symbols();

    [GeneratedRegex("""([^\.])(\.)([\]\)}>"'”’]*)\s*$""")]
    private static partial Regex FinalStop();

    [GeneratedRegex("([?!])")]
    private static partial Regex QuestionOrExclamation();

    [GeneratedRegex("([^'])' ")]
    private static partial Regex QuoteBeforeSpace();

    [GeneratedRegex(@"([\]\[\(\)\{\}<>])")]
    private static partial Regex Brackets();

    [GeneratedRegex("--")]
    private static partial Regex Dashes();

    [GeneratedRegex("""["”]""")]
    private static partial Regex ClosingQuote();

    [GeneratedRegex("([^' ])('[sS]|'[mM]|'[dD]|') ")]
    private static partial Regex Possessive();

    [GeneratedRegex("([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) ")]
    private static partial Regex Contraction();

    [GeneratedRegex(@"\b(can|d'|gim|gon|got|lem|wan|mor)('?(?<=can)not|(?<=d')ye|(?<=gim)me|(?<=gon)na|(?<=got)ta|(?<=lem)me|(?<=wan)na|(?<=mor)'n)\b", RegexOptions.IgnoreCase)]
    private static partial Regex CannotAndOthers();
}
