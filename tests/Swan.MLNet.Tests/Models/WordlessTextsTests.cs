using Microsoft.Extensions.AI;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Generators;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.MLNet.Text;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Models;

public sealed class WordlessTextsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SwanModel _model;
    private readonly MLContext _ml = new(1);

    public WordlessTextsTests() => _model = SwanModel.Open(TinyModel.Write(_folder.FullName));

    public static TheoryData<string> Wordless =>
    [
        "", " \t\n", "!!!", "...", "zzz", "12345", "机场", "日本 空港", "аэропорт", "✈️", "🚢🚢", "𠀀", "\u200B\uFEFF", "\u00AD", "\ud83d",
        new string('!', 10_000_000),
    ];

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Wordless))]
    public async Task Everything_that_takes_a_text_refuses_one_without_a_known_word(string text)
    {
        SwanIndex index = SwanIndex.Build(TinyModel.CaptionEmbedding("river"), _model.EmbeddingSize, model: _model.Card.Identity);
        using var generator = new SwanCaptionEmbeddingGenerator(_model);
        string[] several = ["river", text, "bridge"];
        CancellationToken none = TestContext.Current.CancellationToken;

        Assert.False(_model.HasWords(text));
        var one = Assert.Throws<SwanTextException>(() => _model.EmbedCaption(text));
        Assert.Null(one.Index);
        Assert.Equal(one.Message, Assert.Throws<SwanTextException>(() => index.SearchCaption(_model, text, 1)).Message);
        IDataView data = _ml.Data.LoadFromEnumerable(Array.Empty<TextRow>());
        using PredictionEngine<TextRow, EmbeddedRow> engine = _ml.Model.CreatePredictionEngine<TextRow, EmbeddedRow>(
            _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", _model).Fit(data));
        engine.Predict(new TextRow { Text = "river" });
        Assert.Equal(one.Message, Assert.Throws<SwanTextException>(() => engine.Predict(new TextRow { Text = text })).Message);
        engine.Predict(new TextRow { Text = "river" });
        SwanTextException[] many =
        [
            Assert.Throws<SwanTextException>(() => _model.EmbedCaptions(several, cancellationToken: none)),
            Assert.Throws<SwanTextException>(() => _model.EmbedCaptions(3, i => several[i], cancellationToken: none)),
            await Assert.ThrowsAsync<SwanTextException>(() => generator.GenerateAsync(several, cancellationToken: none)),
        ];
        Assert.All(many, e => Assert.Equal((1, many[0].Message), (e.Index, e.Message)));
        Assert.Contains("1 of 3 texts, text 1 (", many[0].Message, StringComparison.Ordinal);
        var only = Assert.Throws<SwanTextException>(() => _model.EmbedCaptions([text], cancellationToken: none));
        Assert.Equal((0, one.Message), (only.Index, only.Message));
        Assert.Equal(text.Trim().Length == 0, one.Message.StartsWith("An empty text has no word", StringComparison.Ordinal));
        foreach (string message in (string[])[one.Message, many[0].Message])
        {
            Assert.Contains("no word that the model 'tiny' knows", message, StringComparison.Ordinal);
            Assert.Contains("English", message, StringComparison.Ordinal);
            Assert.InRange(message.Length, 100, 500);
            Assert.DoesNotContain(message, char.IsControl);
        }
    }

    [Theory]
    [InlineData("river")]
    [InlineData("zzz river 12345")]
    [InlineData("🚢 river")]
    [InlineData("ｒｉｖｅｒ")]
    [InlineData("机场 river!!!")]
    public void One_known_word_is_enough(string text)
    {
        Assert.True(_model.HasWords(text));
        TinyModel.Same(TinyModel.CaptionEmbedding(text), _model.EmbedCaption(text));
    }

    [Fact]
    public void A_known_word_after_the_longest_text_does_not_count()
    {
        string text = string.Join(' ', Enumerable.Repeat("zzz", TinyModel.MaxCaptionLength)) + " river";
        Assert.True(_model.IsTruncated(text));
        Assert.False(_model.HasWords(text));
    }

    [Theory]
    [MemberData(nameof(Cut))]
    public void A_message_says_where_the_text_was_cut_before_any_known_word(string text, string read)
    {
        string one = Assert.Throws<SwanTextException>(() => _model.EmbedCaption(text)).Message;
        Assert.Contains($"has no word that the model 'tiny' knows{read}, so no image", one, StringComparison.Ordinal);
        string many = Assert.Throws<SwanTextException>(
            () => _model.EmbedCaptions(["zzz", text], cancellationToken: TestContext.Current.CancellationToken)).Message;
        Assert.Contains(
            $"2 of 2 texts, text 0 ('zzz'), text 1 ({SwanTextException.Quote(text)}{read}), have", many, StringComparison.Ordinal);
        IDataView data = _ml.Data.LoadFromEnumerable([new TextRow { Text = text }]);
        IDataView embedded = _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", _model).Fit(data).Transform(data);
        Assert.Contains(one, Assert.Throws<SwanRowException>(
            () => _ml.Data.CreateEnumerable<EmbeddedRow>(embedded, reuseRowObject: false).Count()).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Cut => new()
    {
        { string.Concat(Enumerable.Repeat("zzz ", TinyModel.MaxCaptionLength)) + "river", " in its first 12 tokens" },
        { new string('z', 10_000) + " river", $" in its first {64 * TinyModel.MaxCaptionLength} characters" },
        { "zzz yyy", "" },
        { "zzz" + new string('\u0301', 10_000), "" },
    };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_missing_caption_is_refused_by_its_place(int place)
    {
        string[] captions = ["river", "bridge"];
        captions[place] = null!;
        CancellationToken none = TestContext.Current.CancellationToken;
        ArgumentException list = Assert.ThrowsAny<ArgumentException>(() => _model.EmbedCaptions(captions, cancellationToken: none)),
            indexed = Assert.ThrowsAny<ArgumentException>(() => _model.EmbedCaptions(2, i => captions[i], cancellationToken: none));
        Assert.All([list, indexed], e => Assert.Contains($"Caption {place} of 2 is null", e.Message, StringComparison.Ordinal));
        Assert.Equal(("captions", "caption"), (list.ParamName, indexed.ParamName));
    }

    [Fact]
    public void An_engine_answers_with_missing_values_where_its_pipeline_says_so()
    {
        SwanIndex index = SwanIndex.Build(TinyModel.CaptionEmbedding("river"), _model.EmbeddingSize, ["a.png"], _model.Card.Identity);
        IDataView none = _ml.Data.LoadFromEnumerable(Array.Empty<TextRow>());
        ITransformer pipeline = _ml.Transforms
            .SwanCaptionEmbedding("Embedding", "Text", _model, new() { OnError = SwanOnError.Missing })
            .Append(_ml.Transforms.SwanSearch("Keys", "Scores", "Embedding", index, new() { K = 2 })).Fit(none);
        using PredictionEngine<TextRow, FoundRow> engine = _ml.Model.CreatePredictionEngine<TextRow, FoundRow>(pipeline);
        FoundRow found = engine.Predict(new TextRow { Text = "zzz" });
        Assert.All(found.Embedding, value => Assert.True(float.IsNaN(value)));
        Assert.Equal(["", ""], found.Keys);
        Assert.All(found.Scores, score => Assert.True(float.IsNaN(score)));
        Assert.Equal(["a.png", ""], engine.Predict(new TextRow { Text = "river" }).Keys);
    }

    private sealed class FoundRow
    {
        [VectorType(TinyModel.EmbeddingSize)]
        public float[] Embedding { get; set; } = [];

        [VectorType(2)]
        public string[] Keys { get; set; } = [];

        [VectorType(2)]
        public float[] Scores { get; set; } = [];
    }

    [Fact]
    public void All_texts_without_a_known_word_are_counted_and_the_first_are_named()
    {
        string[] texts = [.. Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? "river" : $"zzz{i}")];
        string message = Assert.Throws<SwanTextException>(
            () => _model.EmbedCaptions(texts, cancellationToken: TestContext.Current.CancellationToken)).Message;
        Assert.StartsWith(
            "10 of 20 texts, text 1 ('zzz1'), text 3 ('zzz3'), text 5 ('zzz5'), text 7 ('zzz7'), text 9 ('zzz9') and 5 more, have no word",
            message, StringComparison.Ordinal);
    }

    // An attribute can't hold half a surrogate pair: metadata are UTF-8.
    public static TheoryData<string, string> Invisible => new()
    {
        { "!\n?\r\t", "'!\\u000A?\\u000D\\u0009'" },
        { "\u202Ezzz\u2028", "'\\u202Ezzz\\u2028'" },
        { "🚢\ud83d", "'🚢\uFFFD'" },
    };

    [Theory]
    [MemberData(nameof(Invisible))]
    public void A_message_shows_what_nobody_sees_and_stays_on_one_line(string text, string shown) =>
        Assert.StartsWith(shown + " has no word", Assert.Throws<SwanTextException>(() => _model.EmbedCaption(text)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_message_does_not_cut_an_emoji_in_half()
    {
        string message = Assert.Throws<SwanTextException>(
            () => _model.EmbedCaption("!" + string.Concat(Enumerable.Repeat("🚢", 30)))).Message;
        Assert.StartsWith("'!" + string.Concat(Enumerable.Repeat("🚢", 19)) + "…'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Captions_of_training_data_and_metrics_may_be_wordless_where_asked()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new TextRow { Text = "." }]);
        IDataView embedded = _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", _model, new() { EmbedEmptyCaptions = true })
            .Fit(data).Transform(data);
        float[] found = _ml.Data.CreateEnumerable<EmbeddedRow>(embedded, reuseRowObject: false).Single().Embedding;
        TinyModel.Same(TinyModel.CaptionEmbedding("."), found);
    }

    [Theory]
    [InlineData("planes parked at an airport")]
    [InlineData("x")]
    [InlineData("5")]
    [InlineData("zzz")]   // spelled from pieces that it knows
    [InlineData("12345")]
    public void The_model_inside_the_library_knows_words_and_their_pieces(string text) => Assert.True(SwanModel.Default.HasWords(text));

    [Theory]
    [MemberData(nameof(Foreign))]
    public void The_model_inside_the_library_knows_no_other_language(string text) => Assert.False(SwanModel.Default.HasWords(text));

    public static TheoryData<string> Foreign =>
        ["机场", "日本 空港", "аэропорт", "αεροδρόμιο", "مطار", "공항", "हवाई अड्डा", "✈️", "½ °", "...", ""];
}
