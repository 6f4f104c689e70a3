using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Text;

namespace Swan.Training.Tests.Training.Runs;

public sealed class RunTokenizerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_run_says_how_many_words_it_keeps()
    {
        var said = new List<string>();
        ICaptionTokenizer tokenizer = RunTokenizer.Create(
            Set("a long river", "a wide river"), TinyRun.Options with { MinWordCount = 2, KeepStopWords = true }, said.Add);
        Assert.True(tokenizer.Tokenize("river").HasWords);
        Assert.Equal(
            "The vocabulary keeps 2 of 4 different words: those that the training captions contain at least 2 times.", Assert.Single(said));
    }

    [Fact]
    public void Captions_without_a_word_that_is_kept_are_refused()
    {
        string problem = Assert.Single(Assert.Throws<SwanDataException>(() => RunTokenizer.Create(
            Set("one river", "two houses"), TinyRun.Options with { MinWordCount = 2 }, _ => { })).Faults).Problem;
        Assert.Contains("no word of its 2 captions is in the vocabulary", problem, StringComparison.Ordinal);
        Assert.Contains("set MinWordCount to 1", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_without_words_is_refused()
    {
        string path = _folder.File("words.json");
        using (FileStream file = File.Create(path)) WordVocabulary.Build([]).Save(file);
        Assert.Contains("has no words", Assert.Throws<SwanFormatException>(() => RunTokenizer.Create(
            Set("a river"), TinyRun.Options with { Vocabulary = path }, _ => { })).Message, StringComparison.Ordinal);
    }

    private static CaptionedImageSet Set(params string[] captions) =>
        new([.. captions.Select((caption, i) => new CaptionedImage($"{i}.png", $"{i}.png", null, [caption]))], "train.jsonl");
}
