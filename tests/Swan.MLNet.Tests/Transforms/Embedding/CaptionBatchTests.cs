using Microsoft.ML;
using Swan.MLNet.Text;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Transforms;

public sealed class CaptionBatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string _model;

    public CaptionBatchTests() => _model = TinyModel.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(" ! ")]
    [InlineData("zzz")]
    [InlineData("机场")]
    public void A_caption_without_a_known_word_is_an_error(string caption)
    {
        IDataView data = Texts(["river", caption, "green bridge"]);
        ErrorRow[] Read(SwanOnError onError) => [.. _ml.Data.CreateEnumerable<ErrorRow>(_ml.Transforms
            .SwanCaptionEmbedding("Embedding", "Text", _model, new SwanEmbeddingOptions { OnError = onError })
            .Fit(data)
            .Transform(data), reuseRowObject: false, ignoreMissingColumns: true)];
        SwanRowException thrown = Assert.Throws<SwanRowException>(() => Read(SwanOnError.Throw));
        Assert.Contains("Row 1 (column 'Text')", thrown.Message, StringComparison.Ordinal);
        Assert.IsType<SwanTextException>(thrown.InnerException);
        Assert.Equal([0f, 2f], Read(SwanOnError.Skip).Select(r => r.Number));
        ErrorRow[] rows = Read(SwanOnError.Missing);
        Assert.Equal(["", "NoKnownWord", ""], rows.Select(r => r.EmbeddingError.Split(':')[0]));
        Assert.True(float.IsNaN(rows[1].Embedding[0]));
        TinyModel.Same(TinyModel.CaptionEmbedding("green bridge"), rows[2].Embedding);
    }

    private IDataView Texts(IEnumerable<string> texts) =>
        _ml.Data.LoadFromEnumerable(texts.Select((t, i) => new TextRow { Text = t, Number = i }).ToArray());
}
