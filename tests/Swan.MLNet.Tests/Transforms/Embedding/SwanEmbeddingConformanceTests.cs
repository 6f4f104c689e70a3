using Microsoft.ML;
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
        _ml, _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", TinyModel.Write(_folder.FullName),
            new SwanEmbeddingOptions { BatchSize = batchSize }), Captions(), Invalid());

    [Fact]
    public void Caption_embeddings_over_a_cached_and_shuffled_source_conform() => EstimatorConformance.Check(
        _ml, _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", TinyModel.Write(_folder.FullName),
            new SwanEmbeddingOptions { BatchSize = 4 }), _ml.Data.Cache(Captions()), Invalid());

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Image_paths_do_what_ML_NET_demands_of_every_estimator(int batchSize)
    {
        IDataView paths = _ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 7)
                .Select(i => new TextRow { Text = TinyImages.Write(_folder.FullName, $"{i}.png", i), Number = i })
                .ToArray());
        EstimatorConformance.Check(
            _ml, _ml.Transforms.SwanEmbedding("Embedding", "Text", TinyModel.Write(_folder.FullName), new() { BatchSize = batchSize }),
            paths, Invalid());
    }

    [Fact]
    public void Images_in_memory_do_what_ML_NET_demands_of_every_estimator()
    {
        ImageRow[] rows = [.. Enumerable.Range(0, 7).Select(i => new ImageRow { Image = TinyImages.Create(i), Number = i })];
        IDataView text = _ml.Data.LoadFromEnumerable([new TextRow()]);
        EstimatorConformance.Check(
            _ml, _ml.Transforms.SwanEmbedding("Embedding", "Image", TinyModel.Write(_folder.FullName), new() { BatchSize = 3 }),
            _ml.Data.LoadFromEnumerable(rows), [.. Invalid(), text]);
    }

    [Theory]
    [InlineData(SwanOnError.Throw, 1)]
    [InlineData(SwanOnError.Throw, 3)]
    [InlineData(SwanOnError.Missing, 3)]
    [InlineData(SwanOnError.Skip, 32)]
    public void Encoded_images_do_what_ML_NET_demands_of_every_estimator(SwanOnError onError, int batchSize)
    {
        IDataView text = _ml.Data.LoadFromEnumerable([new OtherRow()]);
        EstimatorConformance.Check(
            _ml, _ml.Transforms.SwanEmbedding(
                "Embedding", "Image", TinyModel.Write(_folder.FullName), new() { OnError = onError, BatchSize = batchSize }),
            Encoded(bad: onError != SwanOnError.Throw), [.. Invalid(), text]);
    }

    [Fact]
    public void A_chain_of_encoded_images_and_zero_shot_labels_conforms()
    {
        string model = TinyModel.Write(_folder.FullName);
        EstimatorConformance.Check(
            _ml, _ml.Transforms.SwanEmbedding("Embedding", "Image", model, new() { BatchSize = 3 })
                .Append(_ml.Transforms.SwanZeroShot("PredictedLabel", "Score", "Embedding", model, ZeroShotRows.Options)),
            Encoded(bad: false), Invalid());
    }

    [Theory]
    [InlineData(SwanOnError.Missing, 1)]
    [InlineData(SwanOnError.Missing, 32)]
    [InlineData(SwanOnError.Skip, 3)]
    [InlineData(SwanOnError.Skip, 32)]
    public void Embeddings_of_bad_image_paths_that_are_no_error_conform(SwanOnError onError, int batchSize)
    {
        string[] paths =
            [.. Enumerable.Range(0, 12).Select(i => i % 3 == 1 ? "none.png" : TinyImages.Write(_folder.FullName, $"{i}.png", i))];
        EstimatorConformance.Check(
            _ml, _ml.Transforms.SwanEmbedding(
                "Embedding", "Text", TinyModel.Write(_folder.FullName), new() { OnError = onError, BatchSize = batchSize }),
            _ml.Data.LoadFromEnumerable(paths.Select((p, i) => new TextRow { Text = p, Number = i }).ToArray()), Invalid());
    }

    [Theory]
    [InlineData(SwanOnError.Missing)]
    [InlineData(SwanOnError.Skip)]
    public void Embeddings_of_missing_images_that_are_no_error_conform(SwanOnError onError)
    {
        ImageRow[] rows =
            [.. Enumerable.Range(0, 9).Select(i => new ImageRow { Image = i % 4 == 0 ? null : TinyImages.Create(i), Number = i })];
        EstimatorConformance.Check(
            _ml, _ml.Transforms.SwanEmbedding(
                "Embedding", "Image", TinyModel.Write(_folder.FullName), new() { OnError = onError, BatchSize = 3 }),
            _ml.Data.LoadFromEnumerable(rows), Invalid());
    }

    [Theory]
    [InlineData(SwanOnError.Missing)]
    [InlineData(SwanOnError.Skip)]
    public void Embeddings_of_empty_captions_that_are_no_error_conform(SwanOnError onError)
    {
        TextRow[] rows =
            [.. Enumerable.Range(0, 11).Select(i => new TextRow { Text = i % 5 == 3 ? "" : TinyModel.Sentences[i % 4], Number = i })];
        EstimatorConformance.Check(
            _ml, _ml.Transforms.SwanCaptionEmbedding(
                "Embedding", "Text", TinyModel.Write(_folder.FullName), new SwanEmbeddingOptions { OnError = onError, BatchSize = 3 }),
            _ml.Data.LoadFromEnumerable(rows), Invalid());
    }

    [Fact]
    public void A_chain_of_loading_embedding_and_searching_conforms()
    {
        TextRow[] rows =
            [.. Enumerable.Range(0, 8).Select(i => new TextRow { Text = TinyImages.Write(_folder.FullName, $"{i}.png", i), Number = i })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        string model = TinyModel.Write(_folder.FullName);
        IDataView gallery = _ml.Transforms.SwanEmbedding("Embedding", "Text", model).Fit(data).Transform(data);
        EstimatorConformance.Check(
            _ml,
            _ml.Transforms.LoadImages("Image", null, "Text").AppendSwanEmbedding(_ml, "Embedding", "Image", model, new() { BatchSize = 3 })
                .AppendSwanSearch(_ml, "Keys", "Scores", "Embedding", _ml.Swan().BuildIndex(gallery, "Embedding", "Text"), new() { K = 2 })
                .Append(_ml.Transforms.DropColumns("Image")),
            data, Invalid());
    }

    [Fact]
    public void An_output_that_hides_its_input_is_fine() => EstimatorConformance.Check(
        _ml, _ml.Transforms.SwanCaptionEmbedding("Text", null, TinyModel.Write(_folder.FullName)), Captions(), Invalid());

    private IDataView Captions() => _ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, 10).Select(i => new TextRow { Text = TinyModel.Sentences[i % 4] + (i > 5 ? " river" : ""), Number = i }));

    private IDataView Encoded(bool bad) => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 9).Select(i => new BytesRow
    {
        Image = bad && i % 4 == 2 ? [] : File.ReadAllBytes(TinyImages.Write(_folder.FullName, $"{i}.png", i, 12 + i)), Number = i,
    }).ToArray());

    private IDataView[] Invalid() => [_ml.Data.LoadFromEnumerable([new NumberRow()]), _ml.Data.LoadFromEnumerable([new OtherRow()])];
}
