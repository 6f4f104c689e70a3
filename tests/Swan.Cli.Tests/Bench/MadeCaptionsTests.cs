using Swan.Cli.Bench;
using Swan.MLNet.Models;

namespace Swan.Cli.Tests.Bench;

public sealed class MadeCaptionsTests
{
    [Fact]
    public void All_are_different_and_have_known_words()
    {
        string[] captions = MadeCaptions.Make(MadeCaptions.Most);
        Assert.Equal(captions.Length, captions.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(10_800, captions.Length);
        Assert.All(captions.Where((_, i) => i % 100 == 0), caption => Assert.True(SwanModel.Default.HasWords(caption), caption));
    }

    // The captions of RSICD's val have 10.6 words on average, 11.6 with their full stops.
    [Theory]
    [InlineData(20)]
    [InlineData(500)]
    [InlineData(10_800)]
    public void However_many_are_as_long_as_those_of_rsicd(int count) =>
        Assert.InRange(MadeCaptions.Make(count).Average(caption => caption.Split(' ').Length), 11, 12);
}
