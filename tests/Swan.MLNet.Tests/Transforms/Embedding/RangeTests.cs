using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Transforms;

/// <summary>The range that a caller gives: where it stands, and that different ones refuse each other.</summary>
public sealed class RangeTests : IDisposable
{
    private static readonly SampleRange Given = SampleRange.Values(0, 3000);
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string _model, _image;

    public RangeTests()
    {
        _model = TinyModel.Write(_folder.FullName);
        _image = _folder.File("deep.tif");
        File.WriteAllBytes(_image, new WrittenTiff(16, 16, 3, 16, (x, y, band) => 100 * x + 50 * y + 300 * band).Write());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_columns_annotation_says_the_range()
    {
        Assert.Equal("values 0 3000", Annotation(Embed(Given)));
        Assert.Equal("model", Annotation(Embed(null)));
        IDataView captions = _ml.Data.LoadFromEnumerable([new TextRow { Text = "river" }]);
        IDataView embedded = _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", _model).Fit(captions).Transform(captions);
        Assert.DoesNotContain("SwanRange", embedded.Schema["Embedding"].Annotations.Schema.Select(c => c.Name));
    }

    [Fact]
    public void A_range_changes_what_is_embedded_and_a_pipeline_embeds_as_the_model_does()
    {
        using SwanModel model = SwanModel.Open(_model, new() { Decoding = new() { Range = Given } });
        using SwanModel other = SwanModel.Open(_model);

        float[] embedding = Vector(Embed(Given));

        Assert.Equal(model.EmbedImage(_image), embedding);
        Assert.NotEqual(other.EmbedImage(_image), embedding);
        Assert.Equal(other.EmbedImage(_image), Vector(Embed(null)));
    }

    [Fact]
    public void A_step_reads_images_as_the_open_model_that_it_is_given()
    {
        using SwanModel model = SwanModel.Open(_model, new() { Decoding = new() { Range = Given, Bands = [3, 2, 1], NoData = 7 } });

        SwanEmbeddingTransformer step = _ml.Transforms.SwanEmbedding("Embedding", "Text", model).Fit(Rows);

        Assert.Equal((Given, 7.0), (step.Options.Range, step.Options.NoData));
        Assert.Equal(model.EmbedImage(_image), Vector(step.Transform(Rows)));
        Assert.Equal("values 0 3000", Annotation(step.Transform(Rows)));
        Assert.Equal(SampleRange.Full, _ml.Transforms.SwanEmbedding(
            "Embedding", "Text", model, new SwanEmbeddingOptions { Range = SampleRange.Full }).Fit(Rows).Options.Range);
    }

    [Fact]
    public void An_index_keeps_the_range_and_refuses_images_of_another()
    {
        SwanIndex built = _ml.Swan().BuildIndex(Embed(Given), "Embedding");
        built.Save(_folder.File("gallery.swanindex"));
        SwanIndex index = SwanIndex.Load(_folder.File("gallery.swanindex"));
        using SwanModel same = SwanModel.Open(_model, new() { Decoding = new() { Range = Given } });
        using SwanModel other = SwanModel.Open(_model);

        Assert.Equal(Given, index.Range);
        Assert.Equal(1, index.SearchImage(same, _image, 1)[0].Score, tolerance: 1e-5f);
        Both(Assert.Throws<SwanMismatchException>(() => index.SearchImage(other, _image, 1)), "the model's own range");
        Assert.Single(index.ForRange(null).SearchImage(other, _image, 1));
        Assert.Single(index.SearchCaption(other, "river", 1)); // captions have no range
    }

    [Fact]
    public void A_search_step_refuses_a_column_of_another_range()
    {
        SwanIndex index = _ml.Swan().BuildIndex(Embed(Given), "Embedding");

        Assert.NotNull(_ml.Transforms.SwanSearch("Keys", "Scores", "Embedding", index).Fit(Embed(Given)));
        Both(Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.SwanSearch("Keys", "Scores", "Embedding", index).Fit(Embed(null))), "the model's own range");
        Both(Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.SwanSearch("Keys", "Scores", "Embedding", index).Fit(Embed(SampleRange.Full))), "'full'");
    }

    [Fact]
    public void Evaluation_refuses_views_of_two_ranges() => Both(
        Assert.Throws<SwanMismatchException>(
            () => _ml.Swan().EvaluateRetrieval(Embed(Given), Embed(null), imageKeyColumnName: "Text")), "the model's own range");

    [Fact]
    public void An_index_of_an_earlier_version_holds_images_by_the_models_rule()
    {
        SwanIndex earlier = SwanIndex.Load(Path.Combine(
            Repository.Root, "tests", "Swan.MLNet.Tests", "SavedModels", "d82fd72", "gallery.swanindex"));

        Assert.Null(earlier.Range);
        Assert.Equal("the model's own range", earlier.GivenRange!.ToString());
    }

    [Fact]
    public void A_saved_pipeline_reads_images_in_its_range()
    {
        IDataView rows = Rows;
        using SwanEmbeddingTransformer fitted = Estimator(Given).Fit(rows);
        _ml.Model.Save(fitted, rows.Schema, _folder.File("pipeline.zip"));

        ITransformer loaded = _ml.Model.Load(_folder.File("pipeline.zip"), out _);

        Assert.Equal(Vector(fitted.Transform(rows)), Vector(loaded.Transform(rows)));
        Assert.Equal("values 0 3000", Annotation(loaded.Transform(rows)));
    }

    [Fact]
    public void A_pass_logs_each_file_for_those_who_look_closely_and_a_summary()
    {
        var log = new LogLines(_ml);

        Vector(Embed(null));

        Assert.Contains(log.Traces, l => l.Contains("Row 0 (column 'Text'): UInt16 × 3 bands; ", StringComparison.Ordinal));
        Assert.Contains(log.Infos, l => l.Contains("1 × range by percentile", StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_logs_the_same()
    {
        using var log = new RecordedLog();
        using SwanModel model = SwanModel.Open(_model, new() { Logger = log.For<SwanModel>() });

        model.EmbedImage(_image);

        Assert.Contains("UInt16 × 3 bands", Assert.Single(log.Of(3)).Message, StringComparison.Ordinal);
        Assert.Contains("1 × range by percentile", Assert.Single(log.Of(4)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_make_no_sense_are_reported_together()
    {
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.SwanEmbedding(
            "Embedding", "Text", _model,
            new SwanEmbeddingOptions { Bands = [0, 1], NoData = double.NegativeInfinity, MinValidShare = 2 })).Message;

        Assert.All(["Bands is '0,1'", "NoData is infinite", "MinValidShare is 2; expected 0 to 1"],
            text => Assert.Contains(text, message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_range_is_refused_where_nothing_reads_it()
    {
        using MLImage picture = TinyImages.Create(1);
        IDataView images = _ml.Data.LoadFromEnumerable([new ImageRow { Image = picture }]);
        IDataView captions = _ml.Data.LoadFromEnumerable([new TextRow { Text = "river" }]);
        var ranged = new SwanEmbeddingOptions { Range = Given };

        Assert.Contains("holds decoded images, which don't use them", Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.SwanEmbedding("Embedding", "Image", _model, ranged).Fit(images)).Message, StringComparison.Ordinal);
        Assert.Contains("holds captions", Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", _model, ranged).Fit(captions)).Message,
            StringComparison.Ordinal);

        // An open model's own range is for the images that it reads itself.
        using SwanModel model = SwanModel.Open(_model, new() { Decoding = new() { Range = Given } });
        SwanEmbeddingTransformer step = _ml.Transforms.SwanEmbedding("Embedding", "Image", model).Fit(images);
        Assert.Null(step.Options.Range);
        Assert.DoesNotContain("SwanRange", step.Transform(images).Schema["Embedding"].Annotations.Schema.Select(c => c.Name));
    }

    [Fact]
    public void Eight_bit_images_embed_alike_in_all_ranges()
    {
        string image = TinyImages.Write(_folder.FullName, "plain.png", 1);
        using SwanModel model = SwanModel.Open(_model), ranged = SwanModel.Open(_model, new() { Decoding = new() { Range = Given } });

        Assert.Equal(model.EmbedImage(image), ranged.EmbedImage(image));
    }

    private IDataView Rows => _ml.Data.LoadFromEnumerable([new TextRow { Text = _image }]);

    private static void Both(Exception e, string other)
    {
        Assert.Contains("'values 0 3000'", e.Message, StringComparison.Ordinal);
        Assert.Contains(other, e.Message, StringComparison.Ordinal);
    }

    private SwanEmbeddingEstimator Estimator(SampleRange? range) =>
        _ml.Transforms.SwanEmbedding("Embedding", "Text", _model, new SwanEmbeddingOptions { Range = range });

    private IDataView Embed(SampleRange? range) => Estimator(range).Fit(Rows).Transform(Rows);

    private float[] Vector(IDataView view) => _ml.Data.CreateEnumerable<EmbeddedRow>(view, reuseRowObject: false).Single().Embedding;

    private static string Annotation(IDataView view)
    {
        ReadOnlyMemory<char> text = default;
        view.Schema["Embedding"].Annotations.GetValue("SwanRange", ref text);
        return text.ToString();
    }
}
