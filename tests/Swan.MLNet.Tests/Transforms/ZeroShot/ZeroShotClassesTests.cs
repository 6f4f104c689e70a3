using Microsoft.ML;
using Swan.MLNet.Models;
using Swan.MLNet.Text;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Transforms;

public sealed class ZeroShotClassesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string _model;

    public ZeroShotClassesTests() => _model = TinyModel.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("...", "...")]
    [InlineData("✈️", "✈️")]
    [InlineData("zzz", "zzz")]
    [InlineData("机场", "机场")]
    [InlineData("\u200B", "\\u200B")]
    [InlineData("\u202E!", "\\u202E!")]
    public void A_class_without_a_known_word_is_refused(string name, string shown)
    {
        var e = Assert.Throws<SwanTextException>(() => Embed("river", name, "bridge", "!!!"));
        Assert.Equal(1, e.Index);
        Assert.Contains($"2 of 4 texts, text 1 ('{shown}'), text 3 ('!!!'), have no word", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("river", "ri\u00ADver")]
    [InlineData("green river", "green\u200Briver")]
    [InlineData("river", "ｒｉｖｅｒ")]
    [InlineData("river", "river!")]
    [InlineData("river zzz", "river yyy")] // differ in unknown words
    public void Classes_with_the_same_tokens_are_refused_by_their_names(string first, string second)
    {
        var e = Assert.Throws<SwanTextException>(() => Embed("bridge", first, "houses", second));
        Assert.Equal(3, e.Index);
        Assert.Contains($"'{first}' and '{Shown(second)}'", e.Message, StringComparison.Ordinal);

        static string Shown(string text) => text.Replace("\u00AD", "\\u00AD", StringComparison.Ordinal)
            .Replace("\u200B", "\\u200B", StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_that_differ_after_the_longest_text_are_refused()
    {
        string start = string.Join(' ', Enumerable.Repeat("river", TinyModel.MaxCaptionLength));
        var e = Assert.Throws<SwanTextException>(() => Embed($"{start} bridge", $"{start} houses"));
        Assert.Contains("can't tell these classes apart", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_with_equal_embeddings_are_refused()
    {
        // The tiny text tower adds up its words: their order is nothing to it, though the tokens differ.
        var e = Assert.Throws<SwanTextException>(() => Embed("green river", "bridge", "houses", "river green"));
        Assert.Contains("'green river' and 'river green'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_pairs_of_equal_classes_are_counted()
    {
        var e = Assert.Throws<SwanTextException>(() => Embed([.. Enumerable.Range(0, 8).Select(i => $"river {new string('z', i + 1)}")]));
        Assert.Contains("; and 2 more pairs", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Canceling_ends_it_and_progress_counts_classes()
    {
        using var canceled = new CancellationTokenSource();
        var reported = new List<int>();
        var options = new SwanZeroShotOptions
        {
            Classes = [.. Many()],
            Progress = new Immediate<int>(count =>
            {
                reported.Add(count);
                canceled.Cancel();
            }),
            CancellationToken = canceled.Token,
        };
        using SwanModel model = SwanModel.Open(_model);
        Assert.ThrowsAny<OperationCanceledException>(() => Embed(model, options));
        Assert.Equal(64 / 3, Assert.Single(reported));
        options.CancellationToken = CancellationToken.None;
        reported.Clear();
        Embed(model, options);
        Assert.Equal(options.Classes.Count, reported[^1]);
    }

    [Fact]
    public void Prompts_are_encoded_in_batches()
    {
        using SwanModel model = SwanModel.Open(_model);
        Embed(model, new SwanZeroShotOptions { Classes = [.. Many()] });
        Assert.Equal((Many().Count() * 3, 4), ((int)model.CaptionEncoder.Session.Rows, (int)model.CaptionEncoder.Session.Runs));
    }

    [Fact]
    public void A_template_that_makes_the_same_of_every_class_is_refused_by_its_place()
    {
        string hiding = string.Join(' ', Enumerable.Repeat("green", TinyModel.MaxCaptionLength)) + " {0}";
        var options = new SwanZeroShotOptions { Classes = ["river", "bridge", "houses"], PromptTemplates = ["{0}", hiding, "many {0}"] };
        using SwanModel model = SwanModel.Open(_model);
        string message = Assert.Throws<SwanTextException>(() => Embed(model, options)).Message;
        Assert.Contains("1 of 3 templates, template 1 ('green green ", message, StringComparison.Ordinal);
        Assert.Contains($"takes {TinyModel.MaxCaptionLength} tokens", message, StringComparison.Ordinal);
        Assert.Equal(0, model.CaptionEncoder.Session.Rows);
        // It tells some classes apart.
        options.PromptTemplates = ["{0}", hiding.Replace("green green", "green", StringComparison.Ordinal)];
        Embed(model, options);
    }

    [Theory]
    [MemberData(nameof(Unfit))]
    public void A_class_that_no_index_can_keep_is_refused_before_any_is_embedded(string name, string fault)
    {
        using SwanModel model = SwanModel.Open(_model);
        var options = new SwanZeroShotOptions { Classes = ["bridge", name, "houses"] };
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => Embed(model, options));
        Assert.Equal("options", e.ParamName);
        Assert.Contains($"class 1 of Classes ({SwanTextException.Quote(name)}) {fault}", e.Message, StringComparison.Ordinal);
        Assert.InRange(e.Message.Length, 50, 400);
        Assert.Equal(0, model.CaptionEncoder.Session.Rows);
    }

    // An attribute can't hold half a surrogate pair: metadata are UTF-8.
    public static TheoryData<string, string> Unfit => new()
    {
        { "river \ud83d", "is not valid Unicode" },
        { "\udea2 river", "is not valid Unicode" },
        { "river " + new string('r', 100_000), "has 100,006 bytes of UTF-8; the limit is 65,536" },
    };

    [Fact]
    public void A_class_whose_known_word_comes_after_what_is_read_says_so()
    {
        string name = string.Join(' ', Enumerable.Repeat("zzz", TinyModel.MaxCaptionLength)) + " river";
        string message = Assert.Throws<SwanTextException>(() => Embed("bridge", name)).Message;
        Assert.Contains($"' in its first {TinyModel.MaxCaptionLength} tokens), has no word", message, StringComparison.Ordinal);
    }

    // 66 classes, each with words of its own.
    private static IEnumerable<string> Many()
    {
        string[] words = [.. TinyModel.Tokenizer.Vocabulary.Words.SkipLast(1)];
        return words.SelectMany((a, i) => words.Skip(i + 1).Select(b => $"{a} {b}")).Take(66);
    }

    private void Embed(params string[] classes)
    {
        using SwanModel model = SwanModel.Open(_model);
        Embed(model, new SwanZeroShotOptions { Classes = classes });
    }

    private void Embed(SwanModel model, SwanZeroShotOptions options) =>
        _ml.Transforms.SwanZeroShot("Label", "Score", "Embedding", model, options);
}
