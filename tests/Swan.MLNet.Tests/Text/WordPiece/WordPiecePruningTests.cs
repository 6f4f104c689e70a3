using Swan.MLNet.Text;

namespace Swan.MLNet.Tests.Text;

public sealed class WordPiecePruningTests
{
    // Marks, spare places, characters alone and within words, then words from frequent to rare, as BERT has them.
    private static readonly string[] Tokens =
    [
        "[PAD]", "[unused0]", "[unused1]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "ж", ".",
        .. "abcdefghijklmnopqrstuvwxyz".Select(c => $"{c}"), "river", "bridge", "##s", "over", "quay", "harbour", "harb", "##our", "москва",
        .. "abcdefghijklmnopqrtuvwxyz0".Select(c => $"##{c}"), "##ж", "marina",
    ];

    // 5 marks, 28 single characters, 26 ASCII ones within words and ##s.
    private const int Always = 5 + 28 + 27;

    private static readonly WordPieceCaptionTokenizer Whole = new(Tokens, 20);

    [Theory]
    [InlineData("bridges river a quay.")]
    [InlineData("BRIDGE")]
    [InlineData("")]
    [InlineData("ж")]
    public void A_text_of_kept_tokens_has_the_same_tokens(string text)
    {
        WordPieceCaptionTokenizer pruned = Whole.Prune(Always + 3, ["a quay"]);
        Assert.Equal(Words(Whole, text), Words(pruned, text));
    }

    [Theory]
    [InlineData("harbour", "h ##a ##r ##b ##o ##u ##r")]
    [InlineData("marina", "m ##a ##r ##i ##n ##a")]
    [InlineData("quays", "quay ##s")]
    public void A_word_that_is_not_kept_is_spelled_from_pieces(string word, string pieces)
    {
        WordPieceCaptionTokenizer pruned = Whole.Prune(Always + 3, ["a quay"]);
        Assert.Equal($"[CLS] {pieces} [SEP]", Words(pruned, word));
    }

    [Fact]
    public void Frequent_tokens_fill_the_vocabulary_up_in_their_order_and_spare_places_go()
    {
        WordPieceCaptionTokenizer pruned = Whole.Prune(Always + 3, ["a marina"]);

        Assert.Equal(Always + 3, pruned.VocabularySize);
        Assert.Equal(Whole.MaxLength, pruned.MaxLength);
        Assert.Equal(Tokens.Where(t => t is not ("[unused0]" or "[unused1]" or "over" or "quay" or "harbour" or "harb" or "##our"
            or "москва" or "##ж")), pruned.Tokens);
    }

    [Theory]
    [InlineData("[MASK]")]
    [InlineData("[pad]")]
    [InlineData("[Unk]")]
    [InlineData("[cls]")]
    [InlineData("[SEP]")]
    public void A_mark_in_a_caption_keeps_the_tokens_of_its_letters(string mark)
    {
        var whole = new WordPieceCaptionTokenizer([.. Tokens, "[", "]", "##[", mark[1..^1].ToLowerInvariant()], 20);
        string[] kept = [.. whole.Prune(Always + 5, [$"river {mark}"]).Tokens];
        Assert.Contains(mark[1..^1].ToLowerInvariant(), kept);
        Assert.Contains("[", kept);
    }

    [Fact]
    public void A_vocabulary_that_is_small_enough_is_kept_as_it_is() => Assert.Same(Whole, Whole.Prune(Tokens.Length, []));

    [Fact]
    public void Fewer_tokens_than_have_to_stay_are_refused_with_their_number()
    {
        var e = Assert.Throws<SwanOptionsException>(() => Whole.Prune(Always + 1, ["a marina", "москва"]));
        Assert.Contains($"{Always + 2} must stay: {Always} marks and single characters", e.Message, StringComparison.Ordinal);
        Assert.Equal(Always + 2, Whole.Prune(Always + 2, ["a marina", "москва"]).VocabularySize);
    }

    [Fact]
    public void No_word_of_a_real_vocabulary_is_lost_and_kept_ones_stay_whole()
    {
        WordPieceCaptionTokenizer whole = WordPieceCaptionTokenizer.LoadText(SharedFolder.Weights("minilm_l6_vocab.txt"));
        WordPieceCaptionTokenizer pruned = whole.Prune(8000, ["a jetty in an estuary"]);
        using var stream = new MemoryStream();
        pruned.SaveVocabulary(stream);
        ICaptionTokenizer loaded = CaptionTokenizers.Load(pruned.Contract, stream.ToArray(), 64);
        var kept = pruned.Tokens.ToHashSet(StringComparer.Ordinal);
        int unknown = pruned.Tokens.ToList().IndexOf("[UNK]");
        string[] words = [.. whole.Tokens.Where(t => t.All(char.IsAsciiLetterOrDigit))];

        Assert.Equal(8000, pruned.VocabularySize);
        Assert.Contains("estuary", kept);
        Assert.InRange(words.Count(kept.Contains), 3000, words.Length / 2);
        foreach (string word in words)
        {
            int[] ids = loaded.Tokenize(word).Ids;
            Assert.DoesNotContain(unknown, ids);
            Assert.Equal(word, string.Concat(ids[1..^1].Select((id, i) => i == 0 ? pruned.Tokens[id] : pruned.Tokens[id][2..])));
            if (kept.Contains(word)) Assert.Equal(3, ids.Length);
        }
    }

    private static string Words(WordPieceCaptionTokenizer tokenizer, string text) =>
        string.Join(' ', tokenizer.Tokenize(text).Ids.Select(id => tokenizer.Tokens[id]));
}
