using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.DataViews;
using Swan.MLNet.Encoders;
using Swan.MLNet.Imaging;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Transforms;

public sealed class BatchingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string _model;

    public BatchingTests() => _model = TinyModel.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_are_encoded_in_batches_only_when_read()
    {
        SwanEmbeddingTransformer transformer = Captions(batchSize: 4).Fit(Texts(10));
        IDataView view = transformer.Transform(Texts(10));
        Assert.Equal(0, Session(transformer).Batches);

        EmbeddedRow[] rows = [.. _ml.Data.CreateEnumerable<EmbeddedRow>(view, reuseRowObject: false)];
        Assert.Equal((3, 10), (Session(transformer).Batches, Session(transformer).Rows));
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
        Assert.Equal(0, Session(transformer).Batches);
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
    public void Batches_start_small_and_grow_so_that_a_preview_is_cheap()
    {
        SwanEmbeddingTransformer transformer = Captions(batchSize: 32).Fit(Texts(1));
        EncoderSession session = Session(transformer);
        Read(_ml.Data.TakeRows(transformer.Transform(Texts(100)), 3));
        Assert.Equal((1, 4), (session.Batches, session.Rows));
        transformer.Transform(Texts(100)).Preview(maxRows: 5);
        Assert.Equal((3, 4 + 12), (session.Batches, session.Rows));
        Read(transformer.Transform(Texts(100)));
        Assert.Equal((3 + 6, 16 + 100), (session.Batches, session.Rows)); // 4, 8, 16, 32, 32, 8
    }

    [Fact]
    public void Images_are_decoded_in_the_background_and_a_cleared_batch_stops()
    {
        using var began = new SemaphoreSlim(0);
        using var release = new ManualResetEventSlim();
        int decoded = 0;
        var images = new PreparedImages(TinyModel.Card.Image, 64);
        images.Begin(64, Image, CancellationToken.None);
        // This thread has asked for nothing yet.
        began.Wait(TestContext.Current.CancellationToken);
        var clearing = new Thread(images.Clear);
        clearing.Start();
        SpinWait.SpinUntil(() => clearing.ThreadState.HasFlag(ThreadState.WaitSleepJoin));
        release.Set();
        clearing.Join();
        Assert.InRange(decoded, 1, Environment.ProcessorCount + 1);
        images.Prepare(3, Image, CancellationToken.None);
        Assert.Equal(3, images.Count);

        IncomingImage Image(int i) => new IncomingPicture(() => Decode(i));

        RgbImage Decode(int i)
        {
            Interlocked.Increment(ref decoded);
            began.Release();
            release.Wait();
            return new RgbImage(1, 1, new byte[3]);
        }
    }

    [Fact]
    public void Files_of_the_next_batch_are_decoded_before_anybody_asks_for_them()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new TextRow { Text = TinyImages.Write(_folder.FullName, "a.png", 5) }]);
        using SwanEmbeddingTransformer transformer = _ml.Transforms.SwanEmbedding("Embedding", "Text", _model).Fit(data);
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        var context = new EmbeddingContext(transformer.Lease, new SwanEmbeddingOptions(), MlNetEnvironment.Host(_ml, "test"));
        using var pass = new EmbeddingPass(context, cursor, data.Schema["Text"], SwanInput.ImagePath);
        Assert.True(pass.PreparesAhead);
        using var next = Assert.IsType<ImagePathBatch>(pass.CreateBatch(4));
        cursor.MoveNext();
        next.Add();
        next.Prepare();
        Assert.True(SpinWait.SpinUntil(() => next.Images.Count == 1, TimeSpan.FromMinutes(2)));
        File.Delete(_folder.File("a.png"));
        next.Compute();
        VBuffer<float> value = default;
        ((ValueGetter<VBuffer<float>>)next.Getter(0, () => 0))(ref value);
        using MLImage image = TinyImages.Create(5);
        TinyModel.Same(TinyModel.ImageEmbedding(ImageDecoder.FromMLImage(image)), value.GetValues());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void Image_files_in_many_batches_keep_their_order_and_their_errors(int batchSize)
    {
        string[] files = [.. Enumerable.Range(0, 9).Select(i => TinyImages.Write(_folder.FullName, $"{i}.png", i))];
        float[][] expected = [.. files.Select(f => TinyModel.ImageEmbedding(ImageDecoder.Decode(f)))];
        TextRow[] rows =
            [.. Enumerable.Range(0, 100).Select(i => new TextRow { Text = i % 10 == 9 ? "none.png" : files[i % 10], Number = i })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        ErrorRow[] found = [.. _ml.Data.CreateEnumerable<ErrorRow>(
            _ml.Transforms.SwanEmbedding("Embedding", "Text", _model, new() { BatchSize = batchSize, OnError = SwanOnError.Missing })
                .Fit(data)
                .Transform(data), reuseRowObject: false)];
        for (int i = 0; i < found.Length; i++)
        {
            Assert.Equal(i, found[i].Number);
            Assert.Equal(i % 10 == 9, found[i].EmbeddingError.Length > 0);
            if (i % 10 != 9) TinyModel.Same(expected[i % 10], found[i].Embedding);
        }
    }

    [Fact]
    public void A_column_of_images_larger_than_a_batch_agrees_with_the_files()
    {
        IDataView images = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40)
            .Select(i => new ImageRow { Image = TinyImages.Create(i), Number = i })
            .ToArray());
        float[][] found =
            Read(_ml.Transforms.SwanEmbedding("Embedding", "Image", _model, new() { BatchSize = 32 }).Fit(images).Transform(images));
        for (int i = 0; i < 40; i++)
        {
            using MLImage image = TinyImages.Create(i);
            TinyModel.Same(TinyModel.ImageEmbedding(ImageDecoder.FromMLImage(image)), found[i]);
        }
    }

    [Fact]
    public void Prediction_engines_on_sixteen_threads_give_the_bits_that_one_gives()
    {
        SwanEmbeddingTransformer transformer = Captions(batchSize: 4).Fit(Texts(10));
        float[][] expected = Answers(0);
        float[][][] found = new float[16][][];
        Thread[] threads = [.. Enumerable.Range(0, 16).Select(t => new Thread(() => found[t] = Answers(t)))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        for (int t = 0; t < 16; t++)
        {
            for (int i = 0; i < 50; i++) Assert.Equal(expected[i], found[t][i]);
        }
        TinyModel.Same(TinyModel.CaptionEmbedding(Text(7)), expected[7]);

        float[][] Answers(int first)
        {
            using PredictionEngine<TextRow, EmbeddedRow> engine = _ml.Model.CreatePredictionEngine<TextRow, EmbeddedRow>(
                transformer, new PredictionEngineOptions { OwnsTransformer = false });
            float[][] answers = new float[50][];
            // Each thread at another place, so that they don't march in step.
            for (int i = 0; i < 50; i++)
                answers[(i + 3 * first) % 50] = engine.Predict(new TextRow { Text = Text((i + 3 * first) % 50) }).Embedding;
            return answers;
        }
    }

    [Fact]
    public void Cursors_on_several_threads_share_the_encoder_and_agree()
    {
        SwanEmbeddingTransformer transformer = Captions(batchSize: 8).Fit(Texts(60));
        IDataView view = transformer.Transform(Texts(60));
        float[][] expected = Read(view);
        Parallel.For(0, 8, _ => Assert.Equal(expected, Read(view)));
        Assert.Equal(9 * 60, Session(transformer).Rows);
    }

    private SwanEmbeddingEstimator Captions(int batchSize) =>
        _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", _model, new SwanEmbeddingOptions { BatchSize = batchSize });

    private static EncoderSession Session(SwanEmbeddingTransformer transformer) => transformer.Lease.Captions.Session;

    private static string Text(int i) => TinyModel.Sentences[i % 4] + (i % 3 == 0 ? " river" : "");

    private IDataView Texts(int count) =>
        _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new TextRow { Text = Text(i), Number = i }).ToArray());

    private float[][] Read(IDataView view) =>
        [.. _ml.Data.CreateEnumerable<EmbeddedRow>(view, reuseRowObject: false).Select(r => r.Embedding)];
}
