using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Transforms;

public sealed class SwanZeroShotTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string _model;

    public SwanZeroShotTests() => _model = TinyModel.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_row_gets_the_class_whose_words_fit_it_best_and_the_softmax_of_all()
    {
        LabeledRow[] rows = ZeroShotRows.Rows(9);
        ClassifiedRow[] found = Classify(rows, ZeroShotRows.Options);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.Equal(i % 4 + 1, (int)found[i].PredictedLabel);
            double[] expected = ZeroShotRows.Scores(rows[i].Embedding, ZeroShotRows.Options);
            Assert.All(expected.Zip(found[i].Score), p => Assert.Equal(p.First, p.Second, tolerance: 1e-5));
        }
    }

    [Theory]
    [InlineData(0.0001f)]
    [InlineData(100f)]
    public void Temperature_changes_how_sure_the_scores_are_but_not_the_class(float temperature)
    {
        SwanZeroShotOptions options = ZeroShotRows.Options;
        options.Temperature = temperature;
        ClassifiedRow[] found = Classify(ZeroShotRows.Rows(4), options);
        Assert.Equal([1u, 2u, 3u, 4u], found.Select(r => r.PredictedLabel));
        Assert.All(found, r => Assert.Equal(1, r.Score.Sum(), tolerance: 1e-5f));
        Assert.All(found, r => Assert.InRange(r.Score.Max(), temperature < 1 ? 0.999f : 0.25f, temperature < 1 ? 1f : 0.26f));
    }

    [Fact]
    public void A_row_without_an_embedding_has_no_class_and_missing_scores()
    {
        LabeledRow[] rows = ZeroShotRows.Rows(3);
        rows[0].Embedding = new float[TinyModel.EmbeddingSize];
        rows[1].Embedding = [.. Enumerable.Repeat(float.NaN, TinyModel.EmbeddingSize)];
        ClassifiedRow[] found = Classify(rows, ZeroShotRows.Options);
        Assert.Equal([0u, 0u, 3u], found.Select(r => r.PredictedLabel));
        Assert.All(found[..2].SelectMany(r => r.Score), s => Assert.True(float.IsNaN(s)));
    }

    [Fact]
    public void Keys_become_the_classes_words_and_slots_have_their_names()
    {
        IDataView labeled = ZeroShot(ZeroShotRows.Options).Append(_ml.Transforms.Conversion.MapKeyToValue("Words", "PredictedLabel"))
            .Fit(Data(4)).Transform(Data(4));
        Assert.Equal(TinyModel.Sentences, labeled.GetColumn<string>("Words"));
        VBuffer<ReadOnlyMemory<char>> names = default;
        labeled.Schema["Score"].GetSlotNames(ref names);
        Assert.Equal(TinyModel.Sentences, names.DenseValues().Select(n => n.ToString()));
    }

    [Fact]
    public void ML_NETs_own_evaluator_measures_zero_shot_labels()
    {
        LabeledRow[] rows = ZeroShotRows.Rows(12);
        rows[5].Scene = TinyModel.Sentences[0]; // looks like class 1: the one mistake
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        IDataView classes = _ml.Data.LoadFromEnumerable(ZeroShotRows.Options.Classes.Select(c => new { Class = c }));
        IDataView scored = _ml.Transforms.Conversion.MapValueToKey("Label", "Scene", keyData: classes)
            .AppendSwanZeroShot(_ml, "PredictedLabel", "Score", "Embedding", _model, ZeroShotRows.Options).Fit(data).Transform(data);
        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(scored);
        Assert.Equal(11 / 12.0, metrics.MicroAccuracy, tolerance: 1e-9);
        Assert.Equal(1, metrics.ConfusionMatrix.Counts[0][1]);
    }

    [Fact]
    public void A_prediction_engine_answers_as_the_view_does()
    {
        SwanZeroShotTransformer transformer = ZeroShot(ZeroShotRows.Options).Fit(Data(4));
        ClassifiedRow[] expected = Classify(ZeroShotRows.Rows(4), ZeroShotRows.Options);
        PredictionEngine<LabeledRow, ClassifiedRow> engine = _ml.Model.CreatePredictionEngine<LabeledRow, ClassifiedRow>(transformer);
        Assert.Equivalent(expected, ZeroShotRows.Rows(4).Select(engine.Predict));
    }

    [Fact]
    public void Reading_labels_scores_and_embeddings_together_encodes_each_row_once()
    {
        using SwanModel model = SwanModel.Open(_model);
        IDataView data = Data(8);
        IDataView view = _ml.Transforms.SwanCaptionEmbedding("Embedding", "Scene", model, new SwanEmbeddingOptions { BatchSize = 4 })
            .AppendSwanZeroShot(_ml, "PredictedLabel", "Score", "Embedding", model, ZeroShotRows.Options).Fit(data).Transform(data);
        long before = model.CaptionEncoder.Session.Rows;
        using (DataViewRowCursor cursor = view.GetRowCursor(view.Schema))
        {
            ValueGetter<VBuffer<float>> embedding = cursor.GetGetter<VBuffer<float>>(view.Schema["Embedding"]),
                scores = cursor.GetGetter<VBuffer<float>>(view.Schema["Score"]);
            ValueGetter<uint> label = cursor.GetGetter<uint>(view.Schema["PredictedLabel"]);
            VBuffer<float> values = default;
            uint key = 0;
            while (cursor.MoveNext())
            {
                embedding(ref values);
                scores(ref values);
                label(ref key);
            }
        }
        Assert.Equal(8, model.CaptionEncoder.Session.Rows - before);
    }

    [Fact]
    public void The_model_is_needed_to_embed_the_classes_and_not_afterward()
    {
        SwanModel model = _ml.Swan().LoadModel(_model);
        SwanZeroShotEstimator opened = _ml.Transforms.SwanZeroShot("PredictedLabel", "Score", "Embedding", model, ZeroShotRows.Options);
        SwanZeroShotEstimator named = ZeroShot(ZeroShotRows.Options);
        model.Dispose();
        File.Delete(_model);
        Assert.Equal(Labels(opened), Labels(named));
        Assert.Equal(TinyModel.Sentences, named.Classes.Keys);
        Assert.Equal("tiny", named.Classes.Model!.Name);

        uint[] Labels(SwanZeroShotEstimator e) => [.. e.Fit(Data(8)).Transform(Data(8)).GetColumn<uint>("PredictedLabel")];
    }

    [Fact]
    public void Embeddings_of_another_model_are_refused()
    {
        string other = _folder.File("other.swan");
        SwanModelFile.Write(other, TinyModel.Card with { Name = "other" }, TinyModel.ImageOnnx, TinyModel.TextOnnx,
            TinyModel.Vocabulary.Append((byte)'\n').ToArray());
        IDataView data = Data(2);
        IEstimator<ITransformer> pipeline = _ml.Transforms.SwanCaptionEmbedding("Embedding", "Scene", other)
            .AppendSwanZeroShot(_ml, "PredictedLabel", "Score", "Embedding", _model, ZeroShotRows.Options);
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Fit(data)).Message;
        Assert.Contains("'other'", message, StringComparison.Ordinal);
        Assert.Contains("'tiny'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embeddings_of_another_length_are_refused()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(SearchRows.Queries(2));
        string message = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.SwanZeroShot("PredictedLabel", "Score", "Query", _model, ZeroShotRows.Options).Fit(data)).Message;
        Assert.Contains("3 values", message, StringComparison.Ordinal);
        Assert.Contains($"have {TinyModel.EmbeddingSize}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_of_the_options_are_told_at_once()
    {
        var options = new SwanZeroShotOptions
        {
            Classes = ["river", " River", "", "bridge"],
            PromptTemplates = ["{0}", "an aerial image"],
            Temperature = 0,
        };
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => ZeroShot(options)).Message;
        Assert.Contains("'river' and ' River'", message, StringComparison.Ordinal);
        Assert.Contains("empty texts (at 2)", message, StringComparison.Ordinal);
        Assert.Contains("'an aerial image', which has no {0}", message, StringComparison.Ordinal);
        Assert.Contains("Temperature is 0", message, StringComparison.Ordinal);
        Assert.Contains("has 0 classes", Assert.Throws<ArgumentOutOfRangeException>(() => ZeroShot(new SwanZeroShotOptions())).Message,
            StringComparison.Ordinal);
        Assert.Contains("has 0 templates", Assert.Throws<ArgumentOutOfRangeException>(
            () => ZeroShot(new SwanZeroShotOptions { Classes = ["a", "b"], PromptTemplates = [] })).Message, StringComparison.Ordinal);
        Assert.Contains("NaN", Assert.Throws<ArgumentOutOfRangeException>(
            () => ZeroShot(new SwanZeroShotOptions { Classes = ["a", "b"], Temperature = float.NaN })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _ml.Transforms.SwanZeroShot("Same", "Same", "Embedding", _model, ZeroShotRows.Options));
    }

    [Fact]
    public void Faults_of_the_options_are_named_briefly_however_many_and_long_they_are()
    {
        string megabyte = new('a', 1 << 20), kilobyte = megabyte[..999];
        var options = new SwanZeroShotOptions
        {
            Classes = [.. Enumerable.Range(0, 3000).SelectMany(i => (string[])[$"class {i} {kilobyte}", $"CLASS {i} {kilobyte}", ""])],
            PromptTemplates = [.. Enumerable.Range(0, 500).SelectMany(i => (string[])[$"{i} {kilobyte}", $"{i} {{0}} {{1}}"]), megabyte],
        };
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => ZeroShot(options)).Message;
        Assert.InRange(message.Length, 1000, 5000);
        string[] parts = ["(at 2, 5, 8, 11, 14 and 2995 more)", "2995 more classes", "496 more templates", "495 more templates"];
        foreach (string part in parts)
            Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{0} {1}")]
    [InlineData("{0} beside {")]
    [InlineData("}{0}")]
    [InlineData("{{0}}")]
    [InlineData("{class} {0}")]
    public void A_template_with_other_braces_is_refused(string template)
    {
        var options = new SwanZeroShotOptions { Classes = ["river", "bridge"], PromptTemplates = ["{0}", template] };
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => ZeroShot(options)).Message;
        Assert.Contains($"'{template}', which has braces", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_may_stand_in_a_template_twice_and_have_braces()
    {
        var options = new SwanZeroShotOptions { Classes = ["{1} river", "{bridge}"], PromptTemplates = ["{0} beside {0}"] };
        Assert.Equal(2, ZeroShot(options).Classes.Count);
    }

    [Fact]
    public void Prompts_that_are_cut_are_logged_once()
    {
        var log = new LogLines(_ml);
        ZeroShot(new SwanZeroShotOptions
        {
            Classes = ["houses", "river", "bridge"],
            PromptTemplates = ["{0}", string.Join(' ', Enumerable.Repeat("{0}", 30))],
        });
        Assert.Contains("Texts longer than 12 tokens: 3 of 6. The rest of each was ignored.", Assert.Single(log.Warnings),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Without_options_the_error_says_what_to_give() =>
        Assert.Contains("new SwanZeroShotOptions { Classes = [",
            Assert.Throws<ArgumentNullException>(() => ZeroShot(null!)).Message, StringComparison.Ordinal);

    [Fact]
    public void Options_survive_JSON_and_changing_them_later_changes_nothing()
    {
        SwanZeroShotOptions options = ZeroShotRows.Options;
        Assert.Equivalent(options, JsonSerializer.Deserialize<SwanZeroShotOptions>(JsonSerializer.Serialize(options)), strict: true);
        string[] classes = [.. options.Classes];
        options.Classes = classes;
        SwanZeroShotEstimator estimator = ZeroShot(options);
        classes[0] = "changed";
        options.Temperature = 1;
        Assert.Equal(TinyModel.Sentences, estimator.Classes.Keys);
        ClassifiedRow row =
            _ml.Data.CreateEnumerable<ClassifiedRow>(estimator.Fit(Data(1)).Transform(Data(1)), reuseRowObject: false).Single();
        Assert.Equal(ZeroShotRows.Scores(ZeroShotRows.Rows(1)[0].Embedding, ZeroShotRows.Options)[0], row.Score[0], tolerance: 1e-5);
    }

    private SwanZeroShotEstimator ZeroShot(SwanZeroShotOptions options) =>
        _ml.Transforms.SwanZeroShot("PredictedLabel", "Score", "Embedding", _model, options);

    private IDataView Data(int count) => _ml.Data.LoadFromEnumerable(ZeroShotRows.Rows(count));

    private ClassifiedRow[] Classify(LabeledRow[] rows, SwanZeroShotOptions options)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        return [.. _ml.Data.CreateEnumerable<ClassifiedRow>(ZeroShot(options).Fit(data).Transform(data), reuseRowObject: false)];
    }
}
