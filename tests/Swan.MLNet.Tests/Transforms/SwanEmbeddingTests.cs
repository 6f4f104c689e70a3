using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Tests.Models;
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
    public void Rows_are_encoded_in_batches_only_when_read()
    {
        SwanEmbeddingTransformer transformer = Captions(batchSize: 4).Fit(Texts(10));
        IDataView view = transformer.Transform(Texts(10));
        Assert.Equal(0, Session(transformer).Runs);

        EmbeddedRow[] rows = [.. _ml.Data.CreateEnumerable<EmbeddedRow>(view, reuseRowObject: false)];
        Assert.Equal((3, 10), (Session(transformer).Runs, Session(transformer).Rows));
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.Equal(i, rows[i].Number);
            TinyModel.Same(TinyModel.CaptionEmbedding(Text(i)), rows[i].Embedding);
        }
    }

    [Fact]
    public void Nothing_is_encoded_for_a_column_that_is_not_asked_for_or_not_read()
    {
        SwanEmbeddingTransformer transformer = Captions(batchSize: 4).Fit(Texts(10));
        IDataView view = transformer.Transform(Texts(10));
        Assert.Equal(10, view.GetColumn<float>("Number").Count());
        using (DataViewRowCursor cursor = view.GetRowCursor(view.Schema))
        {
            while (cursor.MoveNext())
            {
            }
        }
        Assert.Equal(0, Session(transformer).Runs);
    }

    [Fact]
    public void Reading_one_late_row_encodes_from_that_row_on()
    {
        SwanEmbeddingTransformer transformer = Captions(batchSize: 4).Fit(Texts(10));
        IDataView view = transformer.Transform(Texts(10));
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(view.Schema["Embedding"]);
        VBuffer<float> value = default;
        while (cursor.MoveNext())
        {
            if (cursor.Position == 7) getter(ref value);
        }
        TinyModel.Same(TinyModel.CaptionEmbedding(Text(7)), [.. value.DenseValues()]);
        Assert.Equal(3, Session(transformer).Rows);
    }

    [Fact]
    public void Filters_skips_and_shuffles_behind_the_step_keep_rows_and_embeddings_together()
    {
        IDataView view = Captions(batchSize: 4).Fit(Texts(20)).Transform(Texts(20));
        IDataView[] derived =
        [
            _ml.Data.FilterRowsByColumn(view, "Number", 3, 15), _ml.Data.SkipRows(view, 7), _ml.Data.TakeRows(view, 5), _ml.Data.ShuffleRows(view, seed: 3),
        ];
        Assert.All(derived, d => Assert.All(
            _ml.Data.CreateEnumerable<EmbeddedRow>(d, reuseRowObject: false), r => TinyModel.Same(TinyModel.CaptionEmbedding(Text((int)r.Number)), r.Embedding)));
    }

    [Fact]
    public void A_prediction_engine_answers_as_the_batches_do()
    {
        SwanEmbeddingTransformer transformer = Captions(batchSize: 4).Fit(Texts(10));
        Parallel.For(0, 4, thread =>
        {
            using PredictionEngine<TextRow, EmbeddedRow> engine = _ml.Model.CreatePredictionEngine<TextRow, EmbeddedRow>(transformer, new PredictionEngineOptions { OwnsTransformer = false });
            for (int i = 0; i < 25; i++)
                TinyModel.Same(TinyModel.CaptionEmbedding(Text(i + thread)), engine.Predict(new TextRow { Text = Text(i + thread), Number = i }).Embedding);
        });
    }

    [Fact]
    public void Image_paths_image_columns_and_loaded_images_agree()
    {
        for (int i = 0; i < 6; i++) TinyImages.Write(_folder.FullName, $"{i}.png", i);
        IDataView paths = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 6).Select(i => new TextRow { Text = $"{i}.png", Number = i }));
        IDataView images = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 6).Select(i => new ImageRow { Image = TinyImages.Create(i), Number = i }).ToArray());
        float[][] fromPaths = Read(_ml.Transforms.SwanEmbedding("Embedding", "Text", _model, o => o.ImageFolder = _folder.FullName).Fit(paths).Transform(paths));
        float[][] fromImages = Read(_ml.Transforms.SwanEmbedding("Embedding", "Image", _model).Fit(images).Transform(images));
        float[][] fromLoader = Read(_ml.Transforms.LoadImages("Loaded", _folder.FullName, "Text")
            .AppendSwanEmbedding(_ml, "Embedding", "Loaded", _model, o => o.BatchSize = 4).Fit(paths).Transform(paths));
        for (int i = 0; i < 6; i++)
        {
            float[] expected = TinyModel.ImageEmbedding(ImageDecoder.Decode(_folder.File($"{i}.png")));
            TinyModel.Same(expected, fromPaths[i]);
            TinyModel.Same(expected, fromImages[i]);
            TinyModel.Same(expected, fromLoader[i]);
        }
    }

    [Fact]
    public void An_unreadable_image_throws_at_its_own_row_and_names_row_column_and_file()
    {
        IDataView paths = PathsWithFaults();
        IDataView view = _ml.Transforms.SwanEmbedding("Embedding", "Text", _model).Fit(paths).Transform(paths);
        int delivered = 0;
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() =>
        {
            foreach (EmbeddedRow _ in _ml.Data.CreateEnumerable<EmbeddedRow>(view, reuseRowObject: false)) delivered++;
        });
        Assert.Equal(1, delivered);
        Assert.Contains("Row 1 (column 'Text')", e.Message, StringComparison.Ordinal);
        Assert.Contains("bad.png", e.Message, StringComparison.Ordinal);
        Assert.IsType<SwanImageException>(e.InnerException);
    }

    [Fact]
    public void Unreadable_images_can_become_missing_values_and_the_others_stay_right()
    {
        var warnings = new List<string>();
        _ml.Log += (_, line) =>
        {
            if (line.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) warnings.Add(line.Message);
        };
        IDataView paths = PathsWithFaults();
        float[][] rows = Read(_ml.Transforms.SwanEmbedding("Embedding", "Text", _model, o => o.OnUnreadable = SwanUnreadable.MissingValues).Fit(paths).Transform(paths));
        TinyModel.Same(TinyModel.ImageEmbedding(ImageDecoder.Decode(_folder.File("0.png"))), rows[0]);
        Assert.All(rows[1..4], row => Assert.All(row, v => Assert.True(float.IsNaN(v))));
        TinyModel.Same(TinyModel.ImageEmbedding(ImageDecoder.Decode(_folder.File("1.png"))), rows[4]);
        Assert.Equal(3, warnings.Count(w => w.Contains("can't be read", StringComparison.Ordinal)));
    }

    [Fact]
    public void Cancelling_stops_a_pass()
    {
        using var source = new CancellationTokenSource();
        IDataView view = Cancellable(batchSize: 4, source.Token).Fit(Texts(40)).Transform(Texts(40));
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

    [Fact]
    public void A_source_that_changes_between_passes_is_an_error_and_not_a_wrong_embedding()
    {
        IDataView once = _ml.Data.LoadFromEnumerable(new OneShot());
        IDataView view = Captions(batchSize: 2).Fit(Texts(1)).Transform(once);
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Read(view));
        Assert.Contains("Cache", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Batches_of_one_row_need_no_second_pass()
    {
        IDataView view = Captions(batchSize: 1).Fit(Texts(1)).Transform(_ml.Data.LoadFromEnumerable(new OneShot()));
        float[][] rows = Read(view);
        Assert.Equal(6, rows.Length);
        for (int i = 0; i < rows.Length; i++) TinyModel.Same(TinyModel.CaptionEmbedding(Text(i)), rows[i]);
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
        ArgumentException e = Assert.Throws<ArgumentException>(() => _ml.Transforms.SwanEmbedding("E", "Text", model, new SwanEmbeddingOptions { Threads = 2 }));
        Assert.Contains("SwanModelOptions", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Captions_that_are_cut_are_counted_and_logged()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new TextRow { Text = string.Join(' ', Enumerable.Repeat("river", 50)) }, new TextRow { Text = "river" }]);
        SwanEmbeddingTransformer transformer = Captions(batchSize: 4).Fit(data);
        Read(transformer.Transform(data));
        Assert.Equal(1, transformer.TruncatedCaptions);
    }

    [Fact]
    public void Options_survive_JSON_and_all_their_faults_are_told_at_once()
    {
        var options = new SwanEmbeddingOptions { BatchSize = 7, ImageFolder = "images", Input = SwanInput.Caption, OnUnreadable = SwanUnreadable.MissingValues, Device = SwanDevice.Cuda(1), Threads = 3 };
        SwanEmbeddingOptions read = JsonSerializer.Deserialize<SwanEmbeddingOptions>(JsonSerializer.Serialize(options))!;
        Assert.Equivalent(options, read);
        string message = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.SwanEmbedding("E", "Text", _model, new SwanEmbeddingOptions { BatchSize = 0, Threads = -1 })).Message;
        Assert.Contains("BatchSize is 0", message, StringComparison.Ordinal);
        Assert.Contains("Threads is -1", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_input_column_names_those_that_exist()
    {
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.SwanEmbedding("Embedding", "ImagePath", _model).Fit(Texts(1))).Message;
        Assert.Contains("'ImagePath'", message, StringComparison.Ordinal);
        Assert.Contains("Text, Number", message, StringComparison.Ordinal);
    }

    private SwanEmbeddingEstimator Captions(int batchSize) => Cancellable(batchSize, CancellationToken.None);

    private SwanEmbeddingEstimator Cancellable(int batchSize, CancellationToken cancellation) => _ml.Transforms.SwanCaptionEmbedding(
        "Embedding", "Text", _model, new SwanEmbeddingOptions { BatchSize = batchSize, CancellationToken = cancellation });

    private static Swan.MLNet.Encoders.EncoderSession Session(SwanEmbeddingTransformer transformer) => transformer.Lease.Captions.Session;

    private static string Text(int i) => TinyModel.Sentences[i % 4] + (i % 3 == 0 ? " river" : "");

    private IDataView Texts(int count) => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new TextRow { Text = Text(i), Number = i }).ToArray());

    private float[][] Read(IDataView view) => [.. _ml.Data.CreateEnumerable<EmbeddedRow>(view, reuseRowObject: false).Select(r => r.Embedding)];

    private IDataView PathsWithFaults()
    {
        string bad = _folder.File("bad.png");
        File.WriteAllText(bad, "not an image");
        string[] paths = [TinyImages.Write(_folder.FullName, "0.png", 0), bad, _folder.File("none.png"), "", TinyImages.Write(_folder.FullName, "1.png", 1)];
        return _ml.Data.LoadFromEnumerable(paths.Select((p, i) => new TextRow { Text = p, Number = i }).ToArray());
    }

    /// <summary>Gives its rows to whoever asks first, as a network stream would.</summary>
    private sealed class OneShot : IEnumerable<TextRow>
    {
        private readonly Queue<TextRow> _rows = new(Enumerable.Range(0, 6).Select(i => new TextRow { Text = Text(i), Number = i }));

        public IEnumerator<TextRow> GetEnumerator()
        {
            while (_rows.TryDequeue(out TextRow? row)) yield return row;
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
