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
        Assert.All(captions.Where((_, i) => i % 100 == 0), caption => Assert.True(SwanModel.Default.HasWords(caption), caption));
    }
}
