using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Diagnostics;

[Collection(nameof(SwanTelemetryTests))]
public sealed class TruncatedTextsTests : IDisposable
{
    private static readonly string Long = string.Join(' ', Enumerable.Repeat("river", TinyModel.MaxCaptionLength + 1));

    private readonly TemporaryFolder _folder = new();
    private readonly RecordedLog _log = new();
    private readonly SwanModel _model;

    public TruncatedTextsTests() => _model =
        SwanModel.Open(TinyModel.Write(_folder.FullName), new SwanModelOptions { Logger = _log.CreateLogger("model") });

    public void Dispose()
    {
        _model.Dispose();
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_caption_that_is_too_long_is_counted_and_logged()
    {
        using var measurements = new Measurements();
        _model.EmbedCaption(Long);
        Cut(1, 1, measurements);
    }

    [Fact]
    public void Captions_that_are_too_long_are_logged_once_a_call()
    {
        using var measurements = new Measurements();
        _model.EmbedCaptions(["river", Long, Long, "bridge"], batchSize: 1, cancellationToken: TestContext.Current.CancellationToken);
        Cut(2, 4, measurements);
    }

    [Fact]
    public void A_caption_that_fits_is_not_counted_with_longer_ones_that_begin_alike()
    {
        using var measurements = new Measurements();
        string fits = string.Join(' ', Enumerable.Repeat("river", TinyModel.MaxCaptionLength));
        _model.EmbedCaptions([fits, Long, fits], cancellationToken: TestContext.Current.CancellationToken);
        Cut(1, 3, measurements);
    }

    [Fact]
    public void A_query_that_is_too_long_is_logged_once_and_its_caller_can_ask()
    {
        SwanIndex index = SwanIndex.Build(TinyModel.CaptionEmbedding("river"), _model.EmbeddingSize, model: _model.Card.Identity);
        using var measurements = new Measurements();
        index.SearchCaption(_model, Long, 1);
        Cut(1, 1, measurements);
        Assert.True(_model.IsTruncated(Long));
        Assert.False(_model.IsTruncated("river"));
    }

    [Fact]
    public void A_pass_over_data_is_logged_once()
    {
        var ml = new MLContext(1);
        var warnings = new LogLines(ml);
        IDataView data = ml.Data.LoadFromEnumerable(Enumerable.Repeat(new TextRow { Text = Long }, 7).ToArray());
        IDataView embedded = ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", _model).Fit(data).Transform(data);
        using var measurements = new Measurements();
        Assert.Equal(7, ml.Data.CreateEnumerable<EmbeddedRow>(embedded, reuseRowObject: false).Count());
        Assert.Equal(7, measurements.Sum("swan.captions.truncated"));
        Assert.Equal(
            "7 rows of 'Text' read, 0 errors. Texts longer than 12 tokens: 7 of 7. The rest of each was ignored.",
            Assert.Single(warnings.Warnings));
    }

    [Fact]
    public void A_prediction_engine_logs_each_call_that_is_too_long_at_once()
    {
        var ml = new MLContext(1);
        var log = new LogLines(ml);
        SwanEmbeddingTransformer step = ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", _model)
            .Fit(ml.Data.LoadFromEnumerable(Array.Empty<TextRow>()));
        using PredictionEngine<TextRow, EmbeddedRow> engine = ml.Model.CreatePredictionEngine<TextRow, EmbeddedRow>(step);
        using var measurements = new Measurements();
        engine.Predict(new TextRow { Text = "river" });
        Assert.Empty(log.Warnings);
        engine.Predict(new TextRow { Text = Long });
        engine.Predict(new TextRow { Text = Long });
        Assert.Equal((2, 2), (log.Warnings.Length, step.TruncatedCaptions));
        Assert.EndsWith("Texts longer than 12 tokens: 1 of 1. The rest of each was ignored.", log.Warnings[1], StringComparison.Ordinal);
        Assert.Equal(2, measurements.Sum("swan.captions.truncated"));
    }

    [Fact]
    public void Texts_that_fit_are_neither_counted_nor_logged()
    {
        using var measurements = new Measurements();
        _model.EmbedCaption("river");
        Assert.Empty(measurements.Of("swan.captions.truncated"));
        Assert.Empty(_log.Entries);
    }

    private void Cut(int cut, int texts, Measurements measurements)
    {
        Assert.Equal(cut, measurements.Sum("swan.captions.truncated"));
        Assert.All(measurements.Of("swan.captions.truncated"), m => Assert.Equal("tiny", m["swan.model"]));
        LogEntry entry = Assert.Single(_log.Entries);
        Assert.Equal(
            (LogLevel.Warning, $"Texts longer than 12 tokens: {cut} of {texts}. The rest of each was ignored."),
            (entry.Level, entry.Message));
    }
}
