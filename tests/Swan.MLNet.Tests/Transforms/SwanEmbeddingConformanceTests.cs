using Microsoft.ML;
using Swan.MLNet.Tests.Models;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Transforms;

public sealed class SwanEmbeddingConformanceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(32)]
    public void Captions_do_what_ML_NET_demands_of_every_estimator(int batchSize) => EstimatorConformance.Check(
        _ml, _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", TinyModel.Write(_folder.FullName), new SwanEmbeddingOptions { BatchSize = batchSize }), Captions(), Invalid());

    [Fact]
    public void Captions_over_a_cached_and_shuffled_source_do_too() => EstimatorConformance.Check(
        _ml, _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", TinyModel.Write(_folder.FullName), new SwanEmbeddingOptions { BatchSize = 4 }), _ml.Data.Cache(Captions()), Invalid());

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Image_paths_do_what_ML_NET_demands_of_every_estimator(int batchSize)
    {
        IDataView paths = _ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 7).Select(i => new TextRow { Text = TinyImages.Write(_folder.FullName, $"{i}.png", i), Number = i }).ToArray());
        EstimatorConformance.Check(
            _ml, _ml.Transforms.SwanEmbedding("Embedding", "Text", TinyModel.Write(_folder.FullName), o => o.BatchSize = batchSize), paths, Invalid());
    }

    [Fact]
    public void Images_in_memory_do_what_ML_NET_demands_of_every_estimator()
    {
        ImageRow[] rows = [.. Enumerable.Range(0, 7).Select(i => new ImageRow { Image = TinyImages.Create(i), Number = i })];
        IDataView text = _ml.Data.LoadFromEnumerable([new TextRow()]);
        EstimatorConformance.Check(
            _ml, _ml.Transforms.SwanEmbedding("Embedding", "Image", TinyModel.Write(_folder.FullName), o => o.BatchSize = 3),
            _ml.Data.LoadFromEnumerable(rows), [.. Invalid(), text]);
    }

    [Fact]
    public void An_output_that_hides_its_input_is_fine() => EstimatorConformance.Check(
        _ml, _ml.Transforms.SwanCaptionEmbedding("Text", null, TinyModel.Write(_folder.FullName)), Captions(), Invalid());

    private IDataView Captions() => _ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, 10).Select(i => new TextRow { Text = TinyModel.Sentences[i % 4] + (i > 5 ? " river" : ""), Number = i }));

    private IDataView[] Invalid() => [_ml.Data.LoadFromEnumerable([new NumberRow()]), _ml.Data.LoadFromEnumerable([new OtherRow()])];
}
