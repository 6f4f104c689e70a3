using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Text;
using Swan.Training.Network;
using Swan.Training.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Weights;

public sealed class WordVectorsTests : IDisposable
{
    private static readonly WordVocabulary Vocabulary = WordVocabulary.Build(
        ["planes parked air-port river/lake u.s. don't/won't unheard ' bridge"], 1, keepStopWords: true);
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly SwanNetwork _network =
        SwanNetwork.Create(TinyRun.Options.Network with { WordDimension = 3, VocabularyRows = Vocabulary.UnknownId + 1 });

    public void Dispose()
    {
        _network.Dispose();
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Words_get_their_vectors_and_missing_ones_those_of_their_other_forms()
    {
        float[] before = Table();
        WordVectorReport report = WordVectors.Load(_network, Vocabulary, Write(
            "the 9 9 9", "planes 1 2.5 -3e-1", "airport 4 5 6", "river 7 8 9", "us 0.1 0.2 0.3", "planes 8 8 8", ". . . 1 2 3",
            "<unk> 5 5 5", "bridge 1 1 1 "));

        Assert.Equal([1, 2.5f, -0.3f], Row("planes")); // the first of two
        Assert.Equal([4, 5, 6], Row("air-port"));
        Assert.Equal([7, 8, 9], Row("river/lake"));
        Assert.Equal([0.1f, 0.2f, 0.3f], Row("u.s."));
        Assert.Equal([1, 1, 1], Row("bridge"));
        Assert.Equal((Vocabulary.Words.Count - 1, 5, 3), (report.Words, report.Found, report.FoundInAnotherForm));
        Assert.Equal(Vocabulary.Words.Except(["planes", "air-port", "river/lake", "u.s.", "bridge", "<unk>"]), report.Missing);

        float[] after = Table();
        foreach (int row in report.Missing.Select(Vocabulary.IdOf).Append(Vocabulary.UnknownId).Append(0))
            Assert.Equal(before.AsSpan(3 * row, 3), after.AsSpan(3 * row, 3));
    }

    [Fact]
    public void A_word_as_it_is_goes_before_its_other_forms()
    {
        WordVectors.Load(_network, Vocabulary, Write("airport 4 5 6", "air-port 1 2 3", "river 1 1 1", "river/lake 2 2 2"));
        Assert.Equal([1, 2, 3], Row("air-port"));
        Assert.Equal([2, 2, 2], Row("river/lake"));
    }

    [Fact]
    public void A_first_line_with_two_counts_is_no_word()
    {
        Assert.Equal(1, WordVectors.Load(_network, Vocabulary, Write("400000 3", "planes 1 2 3")).Found);
    }

    [Theory]
    [InlineData("line 1: found a word with 2 numbers, but the word table takes 3", "the 1 2")]
    [InlineData("line 1: found a word with 4 numbers, but the word table takes 3", "the 1 2 3 4")]
    [InlineData("line 2: found a word with 50 numbers", "1 50",
        "the 1 2 3 4 5 6 7 8 9 10 1 2 3 4 5 6 7 8 9 10 1 2 3 4 5 6 7 8 9 10 1 2 3 4 5 6 7 8 9 10 1 2 3 4 5 6 7 8 9 10")]
    [InlineData("line 3: found a word with 1 numbers", "the 1 2 3", "of 1 2 3", "planes 1")]
    [InlineData("line 2: number 2 is 'x'", "the 1 2 3", "planes 1 x 3")]
    [InlineData("line 2: number 3 is 'nan'", "the 1 2 3", "planes 1 2 nan")]
    [InlineData("is empty")]
    public void A_file_that_cannot_be_right_is_refused_and_changes_nothing(string message, params string[] lines)
    {
        float[] before = Table();
        string path = Write(lines);
        var e = Assert.Throws<SwanFormatException>(() => WordVectors.Load(_network, Vocabulary, path));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Equal(before, Table());
    }

    [Fact]
    public void A_run_starts_from_them_and_says_what_it_found()
    {
        (CaptionedImageSet Train, CaptionedImageSet Validation) data = TinyData.Open(_folder.File("data"));
        string path = Write(["forest 9 9 9 9 9 9 9 9", "beach 1 2 3 4 5 6 7 8"]);
        var messages = new List<string>();
        TrainingResult result = TinyRun.Train(TinyRun.Options with { Epochs = 1, WordVectors = path, LearningRate = 1e-6 }, data,
            _folder.File("run"), progress: p => messages.Add(p.Message ?? ""));

        Assert.Contains(messages, m => m.StartsWith($"2 of ", StringComparison.Ordinal)
            && m.Contains("missing: ", StringComparison.Ordinal)
            && m.Contains("river", StringComparison.Ordinal));
        int row = ((WordCaptionTokenizer)result.Run.Tokenizer).Vocabulary.IdOf("forest");
        Assert.All(SafeTensors.Read(result.Run.BestWeights)["text_encoder.embed.weight"][row].data<float>().ToArray(),
            v => Assert.Equal(9, v, tolerance: 1e-3));
        Assert.Equal(path, SwanRun.Open(result.Run.Folder).Options.WordVectors);
    }

    private string Write(params string[] lines)
    {
        string path = _folder.File("vectors.txt");
        File.WriteAllText(path, string.Concat(lines.Select(l => l + "\n")));
        return path;
    }

    private float[] Table() => [.. _network.state_dict()["text_encoder.embed.weight"].data<float>()];

    private float[] Row(string word) => Table().AsSpan(3 * Vocabulary.IdOf(word), 3).ToArray();
}
