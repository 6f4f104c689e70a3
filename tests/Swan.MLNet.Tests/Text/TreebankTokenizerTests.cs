using Swan.MLNet.Text;

namespace Swan.MLNet.Tests.Text;

public sealed class TreebankTokenizerTests
{
    // The documented rules of the Penn Treebank's tokenizer, one or two cases each.
    [Theory]
    [InlineData("many planes are parked .", "many planes are parked .")]
    [InlineData("many planes are parked.", "many planes are parked .")]
    [InlineData("e.g. a U.S. base", "e.g. a U.S. base")]                     // a full stop inside a sentence stays
    [InlineData("a pond, a road: two", "a pond , a road : two")]
    [InlineData("1,000 cars at 3:45", "1,000 cars at 3:45")]                 // not before a digit
    [InlineData("a bridge;a river", "a bridge ; a river")]
    [InlineData("is it a bridge?yes!", "is it a bridge ? yes !")]
    [InlineData("it's the river's bank", "it 's the river 's bank")]
    [InlineData("the planes' wings", "the planes ' wings")]
    [InlineData("they don't, we'll, they've", "they do n't , we 'll , they 've")]
    [InlineData("we cannot see", "we can not see")]
    [InlineData("gonna", "gon na")]
    [InlineData("\"quoted\" words", "`` quoted '' words")]
    [InlineData("the color`s name", "the color ` s name")]
    [InlineData("(a [b] c)", "( a [ b ] c )")]
    [InlineData("two--three", "two -- three")]
    [InlineData("wait...", "wait ...")]
    [InlineData("t-shaped well-kept", "t-shaped well-kept")]                 // a hyphen stays
    [InlineData("50% of $100 & #1 @home *", "50 % of $ 100 & # 1 @ home *")]
    [InlineData("many trees and a path . are near", "many trees and a path . are near")]
    [InlineData("  two\t\n spaces  ", "two spaces")]
    [InlineData("", "")]
    [InlineData("   ", "")]
    public void Text_is_split_as_the_penn_treebank_does(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', TreebankTokenizer.Tokenize(text)));

    [Fact]
    public void A_very_long_text_is_split_in_time_that_grows_with_its_length()
    {
        string text = string.Concat(Enumerable.Repeat("don't (stop), \"here\" ... ", 20_000));
        Assert.Equal(20_000 * 10, TreebankTokenizer.Tokenize(text).Count);
    }
}
