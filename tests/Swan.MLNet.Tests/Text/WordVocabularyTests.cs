using System.Text;
using System.Text.Json;
using Swan.MLNet.Datasets;
using Swan.MLNet.Text;

namespace Swan.MLNet.Tests.Text;

public sealed class WordVocabularyTests
{
    [Fact]
    public void Accents_in_any_form_choose_the_word_that_has_some()
    {
        WordVocabulary vocabulary = WordVocabulary.Build(["resume", "r\u00E9sum\u00E9", "bra\u0219ov", "naive"], minimumCount: 1);
        Assert.Equal([1, 2, 2, 2, 2], new[] { "resume", "r\u00E9sum\u00E9", "re\u0301sume\u0301", "r\u00E9sume", "re\u0301sume" }
            .Select(vocabulary.IdOf));
        Assert.Equal([3, 3, 3], new[] { "bra\u0219ov", "bras\u0326ov", "brasov" }.Select(vocabulary.IdOf));
        Assert.Equal([4, 4, 4], new[] { "naive", "na\u00EFve", "nai\u0308ve" }.Select(vocabulary.IdOf));
    }

    [Fact]
    public void Words_come_in_order_of_first_appearance_and_unknown_is_last()
    {
        WordVocabulary vocabulary = WordVocabulary.Build(["a bridge near a river", "river", "tree river bridge"], minimumCount: 2);
        Assert.Equal(["bridge", "river", "<unk>"], vocabulary.Words);
        Assert.Equal(3, vocabulary.UnknownId);
        Assert.Equal(3, vocabulary.IdOf("tree"));
    }

    [Fact]
    public void A_word_is_kept_from_the_fifth_time_on()
    {
        string[] captions = [.. Enumerable.Repeat("often", 5), .. Enumerable.Repeat("seldom", 4)];
        Assert.Equal(["often", "<unk>"], WordVocabulary.Build(captions).Words);
    }

    [Fact]
    public void Stop_words_stay_only_when_asked_for()
    {
        Assert.Equal(["river", "<unk>"], WordVocabulary.Build(["on the river"], 1).Words);
        Assert.Equal(["on", "the", "river", "<unk>"], WordVocabulary.Build(["on the river"], 1, keepStopWords: true).Words);
        Assert.Equal(179, EnglishStopWords.All.Count);
    }

    [Fact]
    public void No_captions_leave_only_unknown() => Assert.Equal(["<unk>"], WordVocabulary.Build([]).Words);

    [Fact]
    public void A_vocabulary_is_written_as_the_authors_write_it()
    {
        using var stream = new MemoryStream();
        WordVocabulary.Build(["flughäfen river"], 1).Save(stream);
        Assert.Equal("""{"word2idx":{"flughäfen":1,"river":2,"<unk>":3},"idx2word":{"1":"flughäfen","2":"river","3":"<unk>"},"idx":4}""",
            Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Theory]
    [InlineData("[]", "can't be read")]
    [InlineData("{", "can't be read")]
    [InlineData("{}", "word2idx")]
    [InlineData("""{"word2idx":[]}""", "word2idx")]
    [InlineData("""{"word2idx":{}}""", "nothing")]
    [InlineData("""{"word2idx":{"a":1,"b":2}}""", "'b'")]
    [InlineData("""{"word2idx":{"a":1,"<unk>":3}}""", "id 3")]
    [InlineData("""{"word2idx":{"a":0,"<unk>":1}}""", "id 0")]
    [InlineData("""{"word2idx":{"a":1,"b":1,"<unk>":3}}""", "id 1")]
    [InlineData("""{"word2idx":{"a":1,"a":2,"<unk>":3}}""", "twice")]
    [InlineData("""{"word2idx":{"a":"1","<unk>":2}}""", "can't be read")]
    [InlineData("""{"word2idx":{"a":1.5,"<unk>":2}}""", "can't be read")]
    [InlineData("""{"word2idx":{"a":1,"<unk>":2},"idx2word":{"1":"b","2":"<unk>"}}""", "contradicts")]
    [InlineData("""{"word2idx":{"a":1,"<unk>":2},"idx2word":{"1":"a"}}""", "contradicts")]
    public void A_file_that_would_shift_ids_is_refused(string json, string because)
    {
        var e = Assert.Throws<SwanFormatException>(() => WordVocabulary.Load(Encoding.UTF8.GetBytes(json), "words.json"));
        Assert.Contains("'words.json'", e.Message, StringComparison.Ordinal);
        Assert.Contains(because, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_is_skipped() =>
        Assert.Equal(1, WordVocabulary.Load(Encoding.UTF8.GetBytes("\uFEFF{\"word2idx\":{\"<unk>\":1}}")).UnknownId);

    [Theory]
    [InlineData("rsicd", 1225)]
    [InlineData("rsitmd", 1349)]
    public void The_authors_files_are_read_and_written_back_with_the_same_content(string set, int unknown)
    {
        string path = SharedFolder.Data($"rsicd/vocab/{set}_splits_vocab.json");
        WordVocabulary vocabulary = WordVocabulary.Load(path);
        Assert.Equal(unknown, vocabulary.UnknownId);
        using var stream = new MemoryStream();
        vocabulary.Save(stream);
        using JsonDocument theirs = JsonDocument.Parse(File.ReadAllBytes(path)), ours = JsonDocument.Parse(stream.ToArray());
        Assert.True(JsonElement.DeepEquals(theirs.RootElement, ours.RootElement));
        Assert.Equal(theirs.RootElement.GetProperty("idx2word").EnumerateObject().Select(p => p.Name),
            ours.RootElement.GetProperty("idx2word").EnumerateObject().Select(p => p.Name));
    }

    [Theory]
    [InlineData("rsicd/train.jsonl rsicd/val.jsonl", "rsicd", 947)]
    [InlineData("rsicd/rsitmd-train.jsonl rsicd/rsitmd-val.jsonl", "rsitmd", 0)]
    public void Every_word_built_from_a_part_of_the_data_is_in_the_authors_vocabulary(string files, string set, int atLeast)
    {
        // Frequent in a part means frequent in the whole, so a word of ours that the authors lack would show a difference in the rules.
        IEnumerable<string> captions =
            files.Split(' ').SelectMany(f => JsonLinesReader.Read(SharedFolder.Data(f), SharedFolder.Data("rsicd/images")).Captions);
        HashSet<string> theirs = [.. WordVocabulary.Load(SharedFolder.Data($"rsicd/vocab/{set}_splits_vocab.json")).Words];
        IReadOnlyList<string> ours = WordVocabulary.Build(captions).Words;
        Assert.DoesNotContain(ours, w => !theirs.Contains(w));
        Assert.True(ours.Count >= atLeast, $"{ours.Count} words");
        Assert.DoesNotContain(theirs, EnglishStopWords.All.Contains);
    }

    [Fact]
    public void The_authors_training_captions_give_words_of_their_vocabulary_only()
    {
        IEnumerable<string> captions = File.ReadLines(SharedFolder.Data("rsicd/precomp/train_caps.txt"));
        HashSet<string> theirs = [.. WordVocabulary.Load(SharedFolder.Data("rsicd/vocab/rsicd_splits_vocab.json")).Words];
        Assert.All(WordVocabulary.Build(captions).Words, w => Assert.Contains(w, theirs));
    }
}
