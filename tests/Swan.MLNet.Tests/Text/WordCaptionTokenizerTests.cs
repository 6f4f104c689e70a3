using Swan.MLNet.Text;

namespace Swan.MLNet.Tests.Text;

public sealed class WordCaptionTokenizerTests
{
    private static readonly WordVocabulary Vocabulary = WordVocabulary.Build(["river bridge tree"], minimumCount: 1);

    [Fact]
    public void Ids_start_at_one_and_unknown_words_get_the_last()
    {
        var tokenizer = new WordCaptionTokenizer(Vocabulary);
        Assert.Equal([2, 4, 1], tokenizer.Tokenize("Bridge over River.").Ids);
        Assert.Equal(5, tokenizer.VocabularySize);
        Assert.Equal(0, tokenizer.PaddingId);
        Assert.Equal("swan-text-1", tokenizer.Contract);
    }

    [Fact]
    public void One_word_is_one_id() => Assert.Equal([1], new WordCaptionTokenizer(Vocabulary).Tokenize("river").Ids);

    [Fact]
    public void Unknown_words_alone_are_all_unknown() => Assert.Equal([4, 4], new WordCaptionTokenizer(Vocabulary).Tokenize("飞机 zzz").Ids);

    [Theory]
    [InlineData("")]
    [InlineData(" \t ")]
    [InlineData("...,")]     // "..." is a word to the rules, though an unknown one
    [InlineData(". ! ?")]
    public void A_caption_is_never_without_ids(string caption)
    {
        TokenizedCaption tokens = new WordCaptionTokenizer(Vocabulary).Tokenize(caption);
        Assert.Equal([caption == "...," ? 4 : 0], tokens.Ids);
        Assert.False(tokens.Truncated);
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(100_000, true)]
    public void A_caption_over_the_limit_is_cut_and_says_so(int words, bool truncated)
    {
        TokenizedCaption tokens =
            new WordCaptionTokenizer(Vocabulary, maximumLength: 3).Tokenize(string.Join(' ', Enumerable.Repeat("tree", words)));
        Assert.Equal([3, 3, 3], tokens.Ids);
        Assert.Equal(truncated, tokens.Truncated);
    }

    [Fact]
    public void A_saved_tokenizer_is_rebuilt_from_its_contract()
    {
        using var stream = new MemoryStream();
        new WordCaptionTokenizer(Vocabulary).SaveVocabulary(stream);
        ICaptionTokenizer again = CaptionTokenizers.Load("swan-text-1", stream.ToArray(), maximumLength: 2);
        Assert.Equal([1, 3], again.Tokenize("river tree bridge").Ids);
        Assert.Equal(2, again.MaxLength);
    }

    [Fact]
    public void An_unknown_contract_is_refused_by_its_name()
    {
        var e = Assert.Throws<SwanFormatException>(() => CaptionTokenizers.Load("swan-text-9", "{}"u8.ToArray(), 64));
        Assert.Contains("'swan-text-9'", e.Message, StringComparison.Ordinal);
        Assert.Contains("swan-text-1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        Assert.Throws<ArgumentNullException>(() => new WordCaptionTokenizer(Vocabulary).Tokenize(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WordCaptionTokenizer(Vocabulary, 0));
    }
}
