using CsCheck;
using Swan.MLNet.Text;

namespace Swan.MLNet.Tests.Text;

/// <summary>Expected tokens follow from the documented rules of NLTK's word tokenizer.</summary>
public sealed class TreebankTokenizerTests
{
    [Theory]
    [InlineData("many planes are parked .", "many|planes|are|parked|.")]
    [InlineData("many planes are parked.", "many|planes|are|parked|.")]
    [InlineData("a u.s. airport.", "a|u.s.|airport|.")]              // only the final full stop is split off
    [InlineData("the end.\"", "the|end|.|''")]
    [InlineData("(the end.)", "(|the|end|.|)")]
    [InlineData("wait...", "wait|...")]
    [InlineData("wait..", "wait|..")]
    public void A_full_stop_stands_apart_at_the_end_only(string text, string expected) => Assert.Equal(expected, Tokens(text));

    [Theory]
    [InlineData("don't", "do|n't")]
    [InlineData("it's", "it|'s")]
    [InlineData("they'll", "they|'ll")]
    [InlineData("we've", "we|'ve")]
    [InlineData("you're", "you|'re")]
    [InlineData("I'm", "I|'m")]
    [InlineData("they'd", "they|'d")]
    [InlineData("can't", "ca|n't")]
    [InlineData("cannot", "can|not")]
    [InlineData("gonna", "gon|na")]
    [InlineData("wanna go", "wan|na|go")]
    [InlineData("'tis", "'t|is")]
    [InlineData("the planes' wings", "the|planes|'|wings")]
    [InlineData("o'clock", "o'clock")]
    [InlineData("color`s", "color|`|s")]        // RSICD's vocabulary has the token `
    [InlineData("water’s edge", "water|’|s|edge")]
    public void Contractions_are_split(string text, string expected) => Assert.Equal(expected, Tokens(text));

    [Theory]
    [InlineData("\"green\" trees", "``|green|''|trees")]
    [InlineData("a \"green\" tree", "a|``|green|''|tree")]
    [InlineData("(\"green\")", "(|``|green|''|)")]
    [InlineData("''green''", "''|green|''")]
    [InlineData("“green”", "“|green|”")]
    [InlineData("«green»", "«|green|»")]
    public void Quotes_stand_apart_and_tell_opening_from_closing(string text, string expected) => Assert.Equal(expected, Tokens(text));

    [Theory]
    [InlineData("fan-shaped", "fan-shaped")]
    [InlineData("side-by-side", "side-by-side")]
    [InlineData("criss_crossing", "criss_crossing")]
    [InlineData("a--b", "a|--|b")]
    [InlineData("a - b", "a|-|b")]
    [InlineData("trees/grass", "trees/grass")]
    public void Hyphens_hold_words_together_and_dashes_do_not(string text, string expected) => Assert.Equal(expected, Tokens(text));

    [Theory]
    [InlineData("3,000 trees", "3,000|trees")]
    [InlineData("10:30", "10:30")]
    [InlineData("3.14", "3.14")]
    [InlineData("$5", "$|5")]
    [InlineData("50%", "50|%")]
    [InlineData("no. 4, 5", "no.|4|,|5")]
    [InlineData("4,", "4|,")]
    [InlineData("4,b", "4|,|b")]
    public void Numbers_keep_their_separators(string text, string expected) => Assert.Equal(expected, Tokens(text));

    [Theory]
    [InlineData("a,b;c:d?e!f", "a|,|b|;|c|:|d|?|e|!|f")]
    [InlineData("a&b@c#d*e", "a|&|b|@|c|#|d|*|e")]
    [InlineData("[a](b){c}<d>", "[|a|]|(|b|)|{|c|}|<|d|>")]
    public void Punctuation_stands_apart(string text, string expected) => Assert.Equal(expected, Tokens(text));

    [Theory]
    [InlineData("")]
    [InlineData("  \t\n ")]
    public void White_space_alone_has_no_tokens(string text) => Assert.Empty(TreebankTokenizer.Tokenize(text));

    [Theory]
    [InlineData("飞机 跑道.", "飞机|跑道|.")]
    [InlineData("Flughäfen, größer", "Flughäfen|,|größer")]
    [InlineData("a\u00a0b", "a|b")]
    [InlineData("🛩️ lands", "🛩️|lands")]
    public void Letters_of_any_script_stay_together(string text, string expected) => Assert.Equal(expected, Tokens(text));

    [Fact]
    public void No_text_makes_it_fail_or_gives_a_token_with_white_space() => Gen.String.Sample(text =>
        Assert.All(TreebankTokenizer.Tokenize(text), token => Assert.True(token.Length > 0 && !token.Any(char.IsWhiteSpace))));

    [Fact]
    public void Plain_words_are_what_splitting_at_spaces_gives() =>
        Gen.Char['a', 'f'].Array[1, 6].Select(w => "w" + new string(w)).List[1, 30].Sample(words =>
            Assert.Equal(words, TreebankTokenizer.Tokenize(string.Join(' ', words))));

    [Theory]
    [InlineData("st.", ' ')]
    [InlineData("st.", ')')]
    [InlineData("a", '`')]
    [InlineData("a", '.')]
    public void A_run_of_one_character_of_any_length_has_its_tokens(string start, char repeated)
    {
        // Each end of the run is tried from each of its beginnings where a pattern backtracks.
        string text = $"{start}{new string(repeated, 200_000)}x";

        IReadOnlyList<string> tokens = TreebankTokenizer.Tokenize(text);

        Assert.Equal(text.Count(c => !char.IsWhiteSpace(c)), tokens.Sum(token => token.Length));
    }

    private static string Tokens(string text) => string.Join('|', TreebankTokenizer.Tokenize(text));
}
