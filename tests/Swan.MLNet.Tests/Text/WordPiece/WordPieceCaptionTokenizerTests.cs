using Swan.MLNet.Text;

namespace Swan.MLNet.Tests.Text;

public sealed class WordPieceCaptionTokenizerTests
{
    private static readonly string[] Tokens =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "naive", "bridge", "##s", "over", "a", "river", ".", "zu", "##rich", "##n",
    ];

    [Theory]
    [InlineData("A bridge over a river.", "[CLS] a bridge over a river . [SEP]")]
    [InlineData("BRIDGES", "[CLS] bridge ##s [SEP]")]
    [InlineData("naïve Zürich", "[CLS] naive zu ##rich [SEP]")]
    [InlineData("nai\u0308ve", "[CLS] naive [SEP]")]
    [InlineData("quay", "[CLS] [UNK] [SEP]")]
    [InlineData("river 河", "[CLS] river [UNK] [SEP]")]
    [InlineData("", "[CLS] [SEP]")]
    [InlineData(" \t\r\n ", "[CLS] [SEP]")]
    public void A_caption_becomes_pieces_between_its_two_marks(string caption, string expected)
    {
        TokenizedCaption tokenized = new WordPieceCaptionTokenizer(Tokens).Tokenize(caption);
        Assert.Equal(expected, string.Join(' ', tokenized.Ids.Select(id => Tokens[id])));
        Assert.False(tokenized.Truncated);
    }

    [Theory]
    [InlineData("[PAD]", "[ pa ##d ]")]
    [InlineData("[UNK]", "[ un ##k ]")]
    [InlineData("[CLS]", "[ cl ##s ]")]
    [InlineData("[SEP]", "[ se ##p ]")]
    [InlineData("[MASK]", "[ ma ##sk ]")]
    public void A_mark_in_a_text_is_its_letters_between_brackets(string mark, string pieces)
    {
        string[] tokens = [.. Tokens, "[", "]", "pa", "##d", "un", "##k", "cl", "se", "##p", "ma", "##sk"];
        var tokenizer = new WordPieceCaptionTokenizer(tokens);
        string[] forms = [mark, mark.ToLowerInvariant(), mark.Replace('A', 'Ä'), mark.Insert(2, "\u00AD"), $"［{mark[1..]}"];
        foreach (string written in forms)
        {
            TokenizedCaption tokenized = tokenizer.Tokenize($"a {written}river");
            Assert.Equal($"[CLS] a {pieces} river [SEP]", string.Join(' ', tokenized.Ids.Select(id => tokens[id])));
            Assert.True(tokenizer.Tokenize(written).HasWords);
        }
        Assert.Equal($"[CLS] [ {pieces} ] [SEP]", string.Join(' ', tokenizer.Tokenize($"[{mark}]").Ids.Select(id => tokens[id])));
    }

    [Fact]
    public void A_long_caption_is_cut_and_still_ends_with_its_mark()
    {
        TokenizedCaption tokenized =
            new WordPieceCaptionTokenizer(Tokens, maximumLength: 5).Tokenize(string.Join(' ', Enumerable.Repeat("river", 1000)));
        Assert.Equal("[CLS] river river river [SEP]", string.Join(' ', tokenized.Ids.Select(id => Tokens[id])));
        Assert.True(tokenized.Truncated);
    }

    [Fact]
    public void A_saved_vocabulary_gives_the_same_tokenizer_through_its_contract()
    {
        var tokenizer = new WordPieceCaptionTokenizer(Tokens, 9);
        using var stream = new MemoryStream();
        tokenizer.SaveVocabulary(stream);

        ICaptionTokenizer loaded = CaptionTokenizers.Load(tokenizer.Contract, stream.ToArray(), 9);

        Assert.Equal("wordpiece-1", loaded.Contract);
        Assert.Equal((Tokens.Length, 0, 9), (loaded.VocabularySize, loaded.PaddingId, loaded.MaxLength));
        Assert.Equal(tokenizer.Tokenize("bridges over a river").Ids, loaded.Tokenize("bridges over a river").Ids);
    }

    [Theory]
    [InlineData("[PAD]")]
    [InlineData("[UNK]")]
    [InlineData("[CLS]")]
    [InlineData("[SEP]")]
    [InlineData("[MASK]")]
    public void A_vocabulary_without_a_special_token_is_refused_by_its_name(string special)
    {
        var e = Assert.Throws<SwanFormatException>(() => new WordPieceCaptionTokenizer([.. Tokens.Where(t => t != special)]));
        Assert.Contains($"has {special} 0 times", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1, 2]")]
    [InlineData("[\"[PAD]\", null]")]
    [InlineData("")]
    public void A_damaged_vocabulary_is_refused(string json) =>
        Assert.Throws<SwanFormatException>(() => WordPieceCaptionTokenizer.Load(System.Text.Encoding.UTF8.GetBytes(json)));
}
