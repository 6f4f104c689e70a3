using Swan.MLNet.Text;
using Swan.Training.DataLoading;

namespace Swan.Training.Tests.DataLoading;

public sealed class TokenizedCaptionsTests
{
    [Fact]
    public void Captions_with_the_same_ids_share_a_key_and_cut_ones_are_counted()
    {
        string[] captions = ["many planes", "Many planes .", "a river", "", "many planes many planes", "unheard words"];
        TokenizedCaptions tokenized = TokenizedCaptions.Create(
            captions, new WordCaptionTokenizer(WordVocabulary.Build(["many planes river"], 1), maximumLength: 2));

        Assert.Equal(6, tokenized.Count);
        Assert.Equal([0, 0, 1, 2, 0, 3], tokenized.Keys); // the fifth is cut to two words
        Assert.Equal(4, tokenized.Distinct);
        Assert.Equal(1, tokenized.Truncated);
        Assert.Equal([0], tokenized[3].ToArray());
    }
}
