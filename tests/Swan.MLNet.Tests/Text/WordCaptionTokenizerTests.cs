using Swan.MLNet.Text;

namespace Swan.MLNet.Tests.Text;

public sealed class WordCaptionTokenizerTests
{
    private static readonly WordVocabulary Vocabulary = WordVocabulary.Build(["planes parked at airport", "a green river"], minimumCount: 1);

    [Fact]
    public void Ids_start_at_1_in_order_of_first_appearance_and_unknown_is_the_last()
    {
        Assert.Equal(["planes", "parked", "airport", "green", "river", "<unk>"], Vocabulary.Words); // stop words are left out
        Assert.Equal([1, 2, 6, 3], new WordCaptionTokenizer(Vocabulary).Tokenize("Planes PARKED at airport.").Ids);
    }

    [Theory]
    [InlineData("", new[] { 0 })]
    [InlineData(" . , ! ", new[] { 0 })]                    // punctuation is no word
    [InlineData("river", new[] { 5 })]
    [InlineData("zzz qqq", new[] { 6, 6 })]
    [InlineData("rivière 河流 🛩", new[] { 6, 6, 6 })]
    [InlineData("green river.", new[] { 4, 5 })]
    public void Unusual_captions_have_at_least_one_id(string caption, int[] ids)
    {
        TokenizedCaption tokenized = new WordCaptionTokenizer(Vocabulary).Tokenize(caption);
        Assert.Equal(ids, tokenized.Ids);
        Assert.False(tokenized.Truncated);
    }

    [Fact]
    public void A_caption_over_the_limit_is_cut_and_says_so()
    {
        var tokenizer = new WordCaptionTokenizer(Vocabulary, maximumLength: 3);
        TokenizedCaption cut = tokenizer.Tokenize("planes parked airport green river");
        Assert.Equal([1, 2, 3], cut.Ids);
        Assert.True(cut.Truncated);
        Assert.False(tokenizer.Tokenize("planes parked airport").Truncated);
    }

    [Fact]
    public void A_word_enters_the_vocabulary_at_its_minimum_count_only()
    {
        string[] captions = [.. Enumerable.Repeat("bridge over water", 5), "bridge pier pier pier pier"];
        Assert.Equal(["bridge", "water", "<unk>"], WordVocabulary.Build(captions).Words);
        Assert.Equal(["bridge", "over", "water", "<unk>"], WordVocabulary.Build(captions, keepStopWords: true).Words);
    }
}
