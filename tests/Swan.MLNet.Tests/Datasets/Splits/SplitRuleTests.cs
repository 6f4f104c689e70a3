using System.Text.Json;
using Swan.MLNet.Datasets;

namespace Swan.MLNet.Tests.Datasets;

public sealed class SplitRuleTests
{
    [Theory]
    [InlineData("random"), InlineData("scene"), InlineData("group:^([^_]+)_"), InlineData("group:P\\d+")]
    public void A_rule_comes_back_from_its_text_and_from_json(string text)
    {
        SplitRule rule = SplitRule.Parse(text);
        Assert.Equal(text, rule.ToString());
        Assert.Equal(rule, JsonSerializer.Deserialize<SplitRule>(JsonSerializer.Serialize(rule)));
    }

    [Theory]
    [InlineData("by scene", "'by scene' is not a rule to divide images. Expected random, scene or group:REGEX")]
    [InlineData("Scene", "is not a rule to divide images")]
    [InlineData("group:", "is not a rule to divide images")]
    [InlineData("", "is not a rule to divide images")]
    [InlineData("group:(", "'(' can't group images")]
    [InlineData("group:(a)\\1", "'(a)\\1' can't group images")] // a backreference needs backtracking
    [InlineData("group:(?=a)", "can't group images")]
    public void Another_text_is_refused_with_what_is_expected(string text, string fault)
    {
        Assert.Contains(fault, Assert.Throws<FormatException>(() => SplitRule.Parse(text)).Message, StringComparison.Ordinal);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<SplitRule>(JsonSerializer.Serialize(text)));
    }

    [Fact]
    public void Json_that_is_no_text_is_refused() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<SplitRule>("true"));

    // A pattern that backtracks takes years with such a name.
    [Fact]
    public void No_name_takes_a_pattern_exponential_time()
    {
        var set = new CaptionedImageSet([new("x", new string('a', 5000) + "!", null, ["a"]), new("y", "aa", null, ["a"])]);
        var refused = Assert.Throws<SwanOptionsException>(() => SplitRule.Group("^(a|aa)+$").Unmatched(set));
        Assert.Contains("'^(a|aa)+$' takes more than 1 s for the image 'aaa", refused.Message, StringComparison.Ordinal);
    }

    // .NET's matching without backtracking misses the first b, and in the second name every one.
    [Fact]
    public void A_pattern_that_begins_with_something_optional_finds_the_first_match()
    {
        var set = new CaptionedImageSet([new("x", "acb1b2", null, ["a"]), new("y", "acb3", null, ["a"])]);
        Assert.Equal(["1", "3"], SplitRule.Group("a?b([0-9])").GroupsOf(set));
    }
}
