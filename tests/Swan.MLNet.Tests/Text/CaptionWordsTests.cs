using Swan.MLNet.Text;

namespace Swan.MLNet.Tests.Text;

public sealed class CaptionWordsTests
{
    [Theory]
    [InlineData("Many Planes ARE parked .", "many planes are parked")]
    [InlineData(
        "a river, a bridge: (two) [cars] & more; really? yes! 5 * $3 @ #1 50%", "a river a bridge two cars more really yes 5 3 1 50")]
    [InlineData("it is \"green\"", "it is `` green ''")]         // quotes are not among the tokens that are removed
    [InlineData("an oil-tank -- big", "an oil-tank -- big")]
    public void A_caption_is_lower_cased_and_loses_its_punctuation(string caption, string expected) =>
        Assert.Equal(expected, Words(caption));

    [Theory]
    [InlineData("This is a beach. The water is like sapphire.", "this is a beach the water is like sapphire")]
    [InlineData("A river.  There is a bridge. ", "a river there is a bridge")]
    [InlineData("a river. there is a bridge", "a river there is a bridge")]
    [InlineData("(A river.) A bridge.", "a river a bridge")]
    [InlineData("a U.S. airport near st. john", "a u.s. airport near st. john")]   // abbreviations end no sentence
    [InlineData("a pond... a lake", "a pond ... a lake")]
    [InlineData("about 3.5 ha", "about 3.5 ha")]
    [InlineData("a river . .", "a river")]
    [InlineData("river.bridge", "river.bridge")]
    public void Each_sentence_of_a_caption_loses_its_full_stop(string caption, string expected) => Assert.Equal(expected, Words(caption));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(". , ; !")]
    public void A_caption_without_words_has_none(string caption) => Assert.Empty(CaptionWords.Split(caption));

    [Fact]
    public void Sentences_are_found_in_long_text_without_slowing_down_with_its_square()
    {
        // A quadratic scan of this would take hours and hit the test run's own limit.
        string caption = string.Concat(Enumerable.Repeat("a river... (near) st. mary's bridge. ", 20_000));
        Assert.Equal(20_000, CaptionWords.Split(caption).Count(w => w == "bridge"));
    }

    private static string Words(string caption) => string.Join(' ', CaptionWords.Split(caption));
}
