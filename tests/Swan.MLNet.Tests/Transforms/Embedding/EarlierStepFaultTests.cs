using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Transforms;

/// <summary>What an earlier step or the source throws is no fault of the row.</summary>
public sealed class EarlierStepFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string _model;

    public EarlierStepFaultTests() => _model = TinyModel.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SwanOnError.Throw)]
    [InlineData(SwanOnError.Missing)]
    [InlineData(SwanOnError.Skip)]
    public void A_failure_of_an_earlier_step_throws_whatever_the_policy(SwanOnError onError)
    {
        IDataView data = Texts(["river", "green river", "river"]);
        var options = new SwanEmbeddingOptions { OnError = onError, Input = SwanInput.Caption };
        IDataView failing = new FailingColumn(data, "Text", row: 1, new NullReferenceException("a bug"));
        using SwanEmbeddingTransformer step = _ml.Transforms.SwanEmbedding("Embedding", "Text", _model, options).Fit(data);
        InvalidOperationException e =
            Assert.Throws<InvalidOperationException>(() => step.Transform(failing).GetColumn<float[]>("Embedding").Count());
        Assert.Contains("Row 1 (column 'Text')", e.Message, StringComparison.Ordinal);
        Assert.Contains("nothing is wrong with the row itself", e.Message, StringComparison.Ordinal);
        Assert.IsType<NullReferenceException>(e.InnerException);
    }

    [Theory]
    [InlineData(SwanOnError.Throw)]
    [InlineData(SwanOnError.Skip)]
    public void A_source_that_gives_up_once_throws_at_that_row_and_spoils_no_other(SwanOnError onError)
    {
        string[] texts = [.. Enumerable.Range(0, 40).Select(i => TinyModel.Sentences[i % 4])];
        IDataView data = Texts(texts);
        var options = new SwanEmbeddingOptions { OnError = onError, Input = SwanInput.Caption, BatchSize = 16 };
        IDataView failing = new FailingColumn(data, "Text", row: 21, new TaskCanceledException("timeout"));
        using SwanEmbeddingTransformer step = _ml.Transforms.SwanEmbedding("Embedding", "Text", _model, options).Fit(data);
        IDataView view = step.Transform(failing);
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        ValueGetter<VBuffer<float>> embedding = cursor.GetGetter<VBuffer<float>>(view.Schema["Embedding"]);
        VBuffer<float> value = default;
        for (int i = 0; i < 21; i++)
        {
            Assert.True(cursor.MoveNext());
            embedding(ref value);
            TinyModel.Same(TinyModel.CaptionEmbedding(texts[i]), [.. value.DenseValues()]);
        }
        if (onError == SwanOnError.Skip)
        {
            Assert.Throws<TaskCanceledException>(() => cursor.MoveNext());
            return;
        }
        Assert.True(cursor.MoveNext());
        Assert.Throws<TaskCanceledException>(() => embedding(ref value));
        Assert.Throws<TaskCanceledException>(() => embedding(ref value));
        for (int i = 22; i < 40; i++)
        {
            Assert.True(cursor.MoveNext());
            embedding(ref value);
            TinyModel.Same(TinyModel.CaptionEmbedding(texts[i]), [.. value.DenseValues()]);
        }
    }

    private IDataView Texts(IEnumerable<string> texts) =>
        _ml.Data.LoadFromEnumerable(texts.Select((t, i) => new TextRow { Text = t, Number = i }).ToArray());
}
