using SyntheticScenes;

namespace Swan.Samples.Tests.SyntheticScenes;

public sealed class GrammarTests
{
    [Fact]
    public void Each_bracket_becomes_each_of_its_choices()
    {
        var random = new Random(1);
        HashSet<string> written = [.. Enumerable.Range(0, 100).Select(_ => Grammar.Write(random, 1, ["[a|one] bridge [over |]water"])[0])];
        Assert.Equal(["a bridge over water", "a bridge water", "one bridge over water", "one bridge water"], written.Order());
    }

    [Fact]
    public void Brackets_may_be_nested() =>
        Assert.Equal("a red car", Grammar.Write(new Random(1), 1, ["a [[red|red] car|red [car]]"])[0]);

    [Theory]
    [InlineData("a orange court", "an orange court")]
    [InlineData("beside a almost empty lot", "beside an almost empty lot")]
    [InlineData("a pizza area", "a pizza area")]
    public void The_article_fits_the_next_word(string template, string expected) =>
        Assert.Equal(expected, Grammar.Write(new Random(1), 1, [template])[0]);

    [Fact]
    public void An_images_sentences_come_from_different_templates_and_never_repeat()
    {
        string[] written = Grammar.Write(new Random(2), 5, ["x [1|2|3]", "y", "z"]);
        Assert.Equal(5, written.Distinct().Count());
        Assert.Contains("y", written);
        Assert.Contains("z", written);
    }

    [Fact]
    public void More_sentences_than_the_templates_make_are_refused() =>
        Assert.Contains("only 2", Assert.Throws<ArgumentException>(() => Grammar.Write(new Random(3), 3, ["[a|b]"])).Message);

    [Theory]
    [InlineData(0, "white plane", "no white planes")]
    [InlineData(1, "white plane", "one white plane")]
    [InlineData(3, "white plane", "three white planes")]
    [InlineData(2, "red aircraft", "two red aircraft")]
    [InlineData(40, "car", "many cars")]
    public void Counts_are_words(int n, string thing, string expected) => Assert.Equal(expected, Grammar.Count(n, thing));
}
