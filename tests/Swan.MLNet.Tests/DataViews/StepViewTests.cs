using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.DataViews;

/// <summary>ML.NET's converter to ONNX, over pipelines with a step of Swan's.</summary>
public sealed class StepViewTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();
    private readonly string _file;

    public StepViewTests() => _file = TinyModel.Write(_folder.FullName);

    private IDataView Captions => _ml.Data.LoadFromEnumerable([new TextRow { Text = "river" }, new TextRow { Text = "bridge" }]);

    private IDataView Queries => _ml.Data.LoadFromEnumerable(SearchRows.Queries(4));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_embedding_is_not_converted(bool last)
    {
        IEstimator<ITransformer> embedding = _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", _file);
        Refused(
            last ? embedding : embedding.Append(_ml.Transforms.NormalizeMinMax("Scaled", "Embedding")), Captions,
            "SWAN embedding 'Embedding'");
    }

    [Fact]
    public void An_image_embedding_is_not_converted()
    {
        IDataView images = _ml.Data.LoadFromEnumerable([new TextRow { Text = TinyImages.Write(_folder.FullName, "a.png", 1) }]);
        Refused(_ml.Transforms.SwanEmbedding("Embedding", "Text", _file), images, "SWAN embedding 'Embedding'");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_search_is_not_converted(bool last)
    {
        IEstimator<ITransformer> search = _ml.Transforms.NormalizeLpNorm("Query")
            .Append(_ml.Transforms.SwanSearch("Keys", "Scores", "Query", SearchRows.Index()));
        Refused(last ? search : search.Append(_ml.Transforms.CopyColumns("Copy", "Scores")), Queries, "SWAN search 'Keys'");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_zero_shot_classification_is_not_converted(bool last)
    {
        IDataView embedded = _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", _file).Fit(Captions).Transform(Captions);
        IDataView vectors = _ml.Data.LoadFromEnumerable(_ml.Data.CreateEnumerable<EmbeddedRow>(embedded, reuseRowObject: false).ToArray());
        var options = new SwanZeroShotOptions { Classes = ["river", "bridge"] };
        IEstimator<ITransformer> labels = _ml.Transforms.SwanZeroShot("Label", "Scores", "Embedding", _file, options);
        Refused(last ? labels : labels.Append(_ml.Transforms.CopyColumns("Copy", "Scores")), vectors,
            "SWAN zero-shot classification 'Label'");
    }

    [Fact]
    public void The_steps_after_it_are_converted_as_the_message_says()
    {
        IDataView embedded = _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", _file).Fit(Captions).Transform(Captions);
        ITransformer steps = _ml.Transforms.NormalizeMinMax("Scaled", "Embedding").Fit(embedded);
        using var stream = new MemoryStream();
        _ml.Model.ConvertToOnnx(steps, _ml.Data.Cache(embedded), stream, "Scaled");
        using var session = new InferenceSession(stream.ToArray());
        Assert.Contains("Embedding", session.InputMetadata.Keys);
        Assert.StartsWith("Scaled", Assert.Single(session.OutputMetadata.Keys), StringComparison.Ordinal);
    }

    public static TheoryData<string> StepsThatMlNetStopsAt => [.. Stopping.Keys];

    private static Dictionary<string, Func<MLContext, IDataView, IDataView>> Stopping { get; } = new()
    {
        ["TakeRows"] = static (ml, view) => ml.Data.TakeRows(view, 1),
        ["SkipRows"] = static (ml, view) => ml.Data.SkipRows(view, 1),
        ["ShuffleRows"] = static (ml, view) => ml.Data.ShuffleRows(view, seed: 1),
        ["FilterRowsByMissingValues"] = static (ml, view) => ml.Data.FilterRowsByMissingValues(view, "Embedding"),
        ["CustomMapping"] = static (ml, view) => ml.Transforms
            .CustomMapping<TextRow, DoubledRow>(static (from, to) => to.Doubled = 2 * from.Number, null).Fit(view).Transform(view),
    };

    [Theory]
    [MemberData(nameof(StepsThatMlNetStopsAt))]
    public void No_graph_without_the_embedding_is_made_behind(string step)
    {
        IDataView embedded = _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", _file).Fit(Captions).Transform(Captions);
        IDataView view = Stopping[step](_ml, embedded);
        using var stream = new MemoryStream();
        ITransformer scaled = _ml.Transforms.NormalizeMinMax("Scaled", "Embedding").Fit(view);
        var e = Assert.Throws<InvalidOperationException>(() => _ml.Model.ConvertToOnnx(scaled, view, stream));
        Assert.StartsWith("The targeted pipeline can not be fully converted", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, stream.Length);
    }

    private void Refused(IEstimator<ITransformer> pipeline, IDataView data, string step)
    {
        ITransformer model = pipeline.Fit(data);
        using var stream = new MemoryStream();
        NotSupportedException e = Assert.Throws<NotSupportedException>(() => _ml.Model.ConvertToOnnx(model, data, stream));
        Assert.StartsWith($"ConvertToOnnx can't convert the {step}", e.Message, StringComparison.Ordinal);
        Assert.Contains("mlContext.Swan().SavePortable(", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, stream.Length);
        (model as IDisposable)?.Dispose();
    }

    private sealed class DoubledRow
    {
        public float Doubled { get; set; }
    }
}
