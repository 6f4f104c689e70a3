using System.Text;
using System.Text.Json;
using Swan.MLNet.Text;
using Swan.Training.Tests;

namespace Swan.MLNet.Tests.Text;

public sealed class WordVocabularyTests
{
    [Fact]
    public void A_saved_vocabulary_has_the_authors_keys_and_reads_back_equal()
    {
        WordVocabulary vocabulary = WordVocabulary.Build(["zürich's \"green\" river", "a/b t-shaped"], minimumCount: 1);
        using var stream = new MemoryStream();
        vocabulary.Save(stream);

        JsonElement json = JsonDocument.Parse(stream.ToArray()).RootElement;
        Assert.Equal(vocabulary.Words.Count, json.GetProperty("idx").GetInt32());
        Assert.Equal(vocabulary.UnknownId, json.GetProperty("word2idx").GetProperty("<unk>").GetInt32());
        Assert.Equal("<unk>", json.GetProperty("idx2word").GetProperty($"{vocabulary.UnknownId}").GetString());
        Assert.Equal(vocabulary.Words, WordVocabulary.Load(stream.ToArray()).Words);
    }

    [Theory]
    [InlineData("""{"word2idx": {"a": 1, "b": 4, "<unk>": 2}}""", "'b' the id 4")]
    [InlineData("""{"word2idx": {"a": 1, "b": 1, "<unk>": 3}}""", "'b' the id 1")]
    [InlineData("""{"word2idx": {"a": 0, "<unk>": 1}}""", "'a' the id 0")]
    [InlineData("""{"word2idx": {"<unk>": 1, "a": 2}}""", "the last id must be '<unk>'")]
    [InlineData("""{"word2idx": {}}""", "the last id must be '<unk>'")]
    [InlineData("""{"words": []}""", "no object 'word2idx'")]
    [InlineData("""{"word2idx": {"a": "one", "<unk>": 2}}""", "can't be read")]
    [InlineData("[1, 2]", "can't be read")]
    [InlineData("not json", "can't be read")]
    public void A_vocabulary_whose_ids_could_be_wrong_is_refused(string json, string reason)
    {
        var e = Assert.Throws<SwanFormatException>(() => WordVocabulary.Load(Encoding.UTF8.GetBytes(json), "my.json"));
        Assert.Contains("my.json", e.Message, StringComparison.Ordinal);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rsicd_splits_vocab.json", 1225)]
    [InlineData("rsitmd_splits_vocab.json", 1349)]
    public void The_authors_vocabularies_are_read_and_written_without_loss(string file, int unknown)
    {
        WordVocabulary vocabulary = WordVocabulary.Load(SharedFolder.Data($"rsicd/vocab/{file}"));
        Assert.Equal(unknown, vocabulary.UnknownId);
        using var stream = new MemoryStream();
        vocabulary.Save(stream);
        Assert.Equal(vocabulary.Words, WordVocabulary.Load(stream.ToArray()).Words);
    }

    [Fact]
    public void The_rule_finds_the_words_of_the_authors_vocabulary()
    {
        WordVocabulary theirs = WordVocabulary.Load(SharedFolder.Data("rsicd/vocab/rsicd_splits_vocab.json"));
        string[] captions = [.. File.ReadLines(SharedFolder.Data("rsicd/precomp/train_caps.txt")), .. File.ReadLines(SharedFolder.Data("rsicd/precomp/val_caps.txt"))];

        WordVocabulary ours = WordVocabulary.Build(captions);

        // These captions are nearly all that theirs was built from: a word at the limit of five may be missing, none may be foreign.
        Assert.Empty(ours.Words.Except(theirs.Words));
        Assert.InRange(theirs.Words.Count(w => ours.IdOf(w) != ours.UnknownId || w == WordVocabulary.Unknown) / (double)theirs.Words.Count, 0.9, 1);
    }
}
