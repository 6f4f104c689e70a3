using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Imaging;
using Swan.MLNet.Generators;
using Swan.MLNet.Models;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Transforms;

public sealed class SwanEmbeddingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string _model;

    public SwanEmbeddingTests() => _model = TinyModel.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Filters_skips_and_shuffles_behind_the_step_keep_rows_and_embeddings_together()
    {
        IDataView view = Captions(batchSize: 4).Fit(Texts(20)).Transform(Texts(20));
        IDataView[] derived =
        [
            _ml.Data.FilterRowsByColumn(view, "Number", 3, 15), _ml.Data.SkipRows(view, 7), _ml.Data.TakeRows(view, 5),
            _ml.Data.ShuffleRows(view, seed: 3),
        ];
        Assert.All(derived, d => Assert.All(
            _ml.Data.CreateEnumerable<EmbeddedRow>(d, reuseRowObject: false),
            r => TinyModel.Same(TinyModel.CaptionEmbedding(Text((int)r.Number)), r.Embedding)));
    }

    [Fact]
    public void Image_paths_image_columns_and_loaded_images_agree()
    {
        for (int i = 0; i < 6; i++) TinyImages.Write(_folder.FullName, $"{i}.png", i);
        IDataView paths = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 6).Select(i => new TextRow { Text = $"{i}.png", Number = i }));
        IDataView images = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 6)
            .Select(i => new ImageRow { Image = TinyImages.Create(i), Number = i })
            .ToArray());
        float[][] fromPaths = Read(_ml.Transforms.SwanEmbedding("Embedding", "Text", _model, new() { ImageFolder = _folder.FullName })
            .Fit(paths)
            .Transform(paths));
        float[][] fromImages = Read(_ml.Transforms.SwanEmbedding("Embedding", "Image", _model).Fit(images).Transform(images));
        float[][] fromLoader = Read(_ml.Transforms.LoadImages("Loaded", _folder.FullName, "Text")
            .AppendSwanEmbedding(_ml, "Embedding", "Loaded", _model, new() { BatchSize = 4 }).Fit(paths).Transform(paths));
        for (int i = 0; i < 6; i++)
        {
            float[] expected = TinyModel.ImageEmbedding(ImageDecoder.Decode(_folder.File($"{i}.png")));
            TinyModel.Same(expected, fromPaths[i]);
            TinyModel.Same(expected, fromImages[i]);
            TinyModel.Same(expected, fromLoader[i]);
        }
    }

    [Fact]
    public void Canceling_stops_a_pass()
    {
        using var source = new CancellationTokenSource();
        IDataView view = Cancelable(batchSize: 4, source.Token).Fit(Texts(40)).Transform(Texts(40));
        int seen = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (EmbeddedRow _ in _ml.Data.CreateEnumerable<EmbeddedRow>(view, reuseRowObject: false))
            {
                if (++seen == 5) source.Cancel();
            }
        });
        Assert.InRange(seen, 5, 8);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Reading_before_the_first_row_is_an_error_that_says_so(int batchSize)
    {
        IDataView view = Captions(batchSize).Fit(Texts(2)).Transform(Texts(2));
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(view.Schema["Embedding"]);
        VBuffer<float> value = default;
        Assert.Contains("MoveNext", Assert.Throws<InvalidOperationException>(() => getter(ref value)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trainer_that_reads_many_times_encodes_once_behind_a_cache()
    {
        IDataView data = Texts(40);
        using SwanModel model = SwanModel.Open(_model);
        _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", model).AppendCacheCheckpoint(_ml)
            .Append(_ml.Clustering.Trainers.KMeans("Embedding", numberOfClusters: 3)).Fit(data);
        Assert.InRange(model.CaptionEncoder.Session.Rows, 40, 80);
    }

    [Fact]
    public void Transformers_of_one_estimator_share_an_encoder_and_the_last_one_closes_it()
    {
        SwanEmbeddingEstimator estimator = Captions(batchSize: 4);
        SwanEmbeddingTransformer first = estimator.Fit(Texts(2)), second = estimator.Fit(Texts(2));
        Assert.Same(first.Lease.Captions, second.Lease.Captions);
        first.Dispose();
        first.Dispose();
        Assert.Equal(2, Read(second.Transform(Texts(2))).Length);
        Assert.Throws<ObjectDisposedException>(() => Read(first.Transform(Texts(2))));
        second.Dispose();
        Assert.Equal(2, Read(estimator.Fit(Texts(2)).Transform(Texts(2))).Length);
    }

    [Fact]
    public void A_model_that_the_caller_opened_stays_open()
    {
        using SwanModel model = _ml.Swan().LoadModel(_model);
        _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", model).Fit(Texts(2)).Dispose();
        Assert.Equal(TinyModel.EmbeddingSize, model.EmbedCaption("river").Length);
        ArgumentException e = Assert.Throws<ArgumentException>(
            () => _ml.Transforms.SwanEmbedding("E", "Text", model, new SwanEmbeddingOptions { Threads = 2 }));
        Assert.Contains("SwanModelOptions", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Captions_that_are_cut_are_counted_and_logged()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([
            new TextRow { Text = string.Join(' ', Enumerable.Repeat("river", 50)) }, new TextRow { Text = "river" }]);
        SwanEmbeddingTransformer transformer = Captions(batchSize: 4).Fit(data);
        Read(transformer.Transform(data));
        Assert.Equal(1, transformer.TruncatedCaptions);
    }

    [Fact]
    public void Options_survive_JSON_and_all_their_faults_are_told_at_once()
    {
        var options = new SwanEmbeddingOptions
        {
            BatchSize = 7,
            ImageFolder = "images",
            Input = SwanInput.Caption,
            OnError = SwanOnError.Missing,
            ErrorColumn = "Why",
            MaxPixels = 1000,
            Device = SwanDevice.Cuda(1),
            Threads = 3,
        };
        SwanEmbeddingOptions read = JsonSerializer.Deserialize<SwanEmbeddingOptions>(JsonSerializer.Serialize(options))!;
        Assert.Equivalent(options, read);
        string message = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.SwanEmbedding("E", "Text", _model, new SwanEmbeddingOptions { BatchSize = 0, Threads = -1 })).Message;
        Assert.Contains("BatchSize is 0", message, StringComparison.Ordinal);
        Assert.Contains("Threads is -1", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(ImageDecodingOptions.MaxAllowedPixels + 1)]
    public void Limits_of_pixels_that_no_decoder_has_are_refused_at_once(long pixels)
    {
        string message = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.SwanEmbedding("E", "Text", _model, new SwanEmbeddingOptions { MaxPixels = pixels })).Message;
        Assert.Contains($"MaxPixels is {pixels}; expected 1 to 536870911", message, StringComparison.Ordinal);
        message = Assert.Throws<ArgumentOutOfRangeException>(
            () => new SwanGeneratorOptions { Decoding = new ImageDecodingOptions { MaxPixels = pixels } }).Message;
        Assert.Contains("1 to 536870911", message, StringComparison.Ordinal);
        _ = _ml.Transforms.SwanEmbedding("E", "Text", _model, new SwanEmbeddingOptions { MaxPixels = 536_870_911 });
    }

    [Fact]
    public void The_embedding_column_says_which_model_and_variant_made_it_and_that_it_is_normalized()
    {
        using SwanEmbeddingTransformer transformer = Captions(batchSize: 4).Fit(Texts(1));
        DataViewSchema.Column column = transformer.Transform(Texts(1)).Schema["Embedding"];
        Assert.True(column.IsNormalized());
        Assert.Equal($"{transformer.Card.Identity!.Fingerprint} tiny", Annotation("SwanModel"));
        Assert.Equal("canonical", Annotation("SwanVariant"));

        string Annotation(string kind)
        {
            ReadOnlyMemory<char> value = default;
            column.Annotations.GetValue(kind, ref value);
            return value.ToString();
        }
    }

    [Fact]
    public void A_missing_input_column_names_those_that_exist()
    {
        string message = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.SwanEmbedding("Embedding", "ImagePath", _model).Fit(Texts(1))).Message;
        Assert.Contains("'ImagePath'", message, StringComparison.Ordinal);
        Assert.Contains("Text, Number", message, StringComparison.Ordinal);
    }

    private SwanEmbeddingEstimator Captions(int batchSize) => Cancelable(batchSize, CancellationToken.None);

    private SwanEmbeddingEstimator Cancelable(int batchSize, CancellationToken cancellation) => _ml.Transforms.SwanCaptionEmbedding(
        "Embedding", "Text", _model, new SwanEmbeddingOptions { BatchSize = batchSize, CancellationToken = cancellation });

    private static string Text(int i) => TinyModel.Sentences[i % 4] + (i % 3 == 0 ? " river" : "");

    private IDataView Texts(int count) =>
        _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new TextRow { Text = Text(i), Number = i }).ToArray());

    private float[][] Read(IDataView view) =>
        [.. _ml.Data.CreateEnumerable<EmbeddedRow>(view, reuseRowObject: false).Select(r => r.Embedding)];
}
