using System.Collections;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Swan.MLNet.Encoders;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Transforms;

/// <summary>Sources that give each row once: queues, cameras, database readers, random crops.</summary>
public sealed class SinglePassTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string _model;

    public SinglePassTests() => _model = TinyModel.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(32)]
    public void Frames_of_a_queue_get_their_own_embeddings(int batchSize)
    {
        var queue = new Queue<Frame>(Enumerable.Range(0, 48).Select(i => new Frame { Name = $"frame {i}", Image = TinyImages.Create(i) }));
        IDataView frames = _ml.Data.LoadFromEnumerable(Drained(queue));
        using SwanEmbeddingTransformer step = Images("Image", batchSize).Fit(frames);
        EmbeddedFrame[] rows = [.. _ml.Data.CreateEnumerable<EmbeddedFrame>(step.Transform(frames), reuseRowObject: false)];
        Assert.Equal(48, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.Equal($"frame {i}", rows[i].Name);
            TinyModel.Same(ImageEmbedding(i), rows[i].Embedding);
        }
    }

    [Fact]
    public void Random_crops_get_the_embeddings_of_the_crops_in_their_rows()
    {
        var random = new Random();
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 24)
            .Select(i => new Frame { Name = $"{i}", Image = TinyImages.Create(i) })
            .ToArray());
        IDataView crops = _ml.Transforms.CustomMapping<Frame, Crop>((_, crop) => crop.Cropped = TinyImages.Create(random.Next()), null)
            .Fit(data)
            .Transform(data);
        using SwanEmbeddingTransformer step = Images("Cropped", 8).Fit(crops);
        EmbeddedCrop[] rows = [.. _ml.Data.CreateEnumerable<EmbeddedCrop>(step.Transform(crops), reuseRowObject: false)];
        Assert.Equal(24, rows.Length);
        Assert.All(rows, row => TinyModel.Same(TinyModel.ImageEmbedding(ImageDecoder.FromMLImage(row.Cropped!)), row.Embedding));
    }

    [Fact]
    public void Queries_of_a_queue_find_what_is_nearest_to_each()
    {
        IDataView queries = _ml.Data.LoadFromEnumerable(Drained(new Queue<QueryRow>(SearchRows.Queries(64))));
        SwanSearchTransformer step = _ml.Transforms.SwanSearch("Keys", "Scores", "Query", SearchRows.Index()).Fit(queries);
        FoundRow[] rows = [.. _ml.Data.CreateEnumerable<FoundRow>(step.Transform(queries), reuseRowObject: false)];
        Assert.Equal(64, rows.Length);
        for (int i = 0; i < rows.Length; i++) Assert.Equal((i, SearchRows.Keys[i % 5]), ((int)rows[i].Number, rows[i].Keys[0]));
    }

    [Fact]
    public void A_source_with_one_reader_at_a_time_is_enough_for_a_chain()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new OneReader<TextRow>(Texts(30)));
        SwanIndex index = Index();
        using var chain = (IDisposable)_ml.Transforms.SwanCaptionEmbedding(
            "Embedding", "Text", _model, new SwanEmbeddingOptions { BatchSize = 8 })
            .Append(_ml.Transforms.SwanSearch("Keys", "Scores", "Embedding", index)).Fit(data);
        FoundRow[] rows = [.. _ml.Data.CreateEnumerable<FoundRow>(((ITransformer)chain).Transform(data), reuseRowObject: false)];
        Assert.Equal(Enumerable.Range(0, 30).Select(i => Text(i)), rows.Select(r => r.Keys[0]));
    }

    [Theory]
    [InlineData(SwanOnError.Throw)]
    [InlineData(SwanOnError.Skip)]
    [InlineData(SwanOnError.Missing)]
    public void A_chain_encodes_each_row_once_whichever_columns_are_read(SwanOnError onError)
    {
        TextRow[] rows = Texts(64);
        if (onError != SwanOnError.Throw) rows[5].Text = rows[40].Text = "";
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        SwanEmbeddingTransformer embedding = _ml.Transforms
            .SwanCaptionEmbedding("Embedding", "Text", _model, new SwanEmbeddingOptions { BatchSize = 16, OnError = onError }).Fit(data);
        EncoderSession session = embedding.Lease.Captions.Session;
        IDataView searched = data;
        foreach (ITransformer step in Steps(embedding)) searched = step.Transform(searched);
        int delivered = onError == SwanOnError.Skip ? 62 : 64;

        long before = session.Rows;
        using (DataViewRowCursor cursor = searched.GetRowCursor(searched.Schema))
        {
            ValueGetter<VBuffer<float>> vector = cursor.GetGetter<VBuffer<float>>(searched.Schema["Embedding"]);
            ValueGetter<VBuffer<ReadOnlyMemory<char>>> keys = cursor.GetGetter<VBuffer<ReadOnlyMemory<char>>>(searched.Schema["Keys"]);
            ValueGetter<VBuffer<float>> scores = cursor.GetGetter<VBuffer<float>>(searched.Schema["ClassScores"]);
            VBuffer<float> value = default;
            VBuffer<ReadOnlyMemory<char>> found = default;
            int count = 0;
            for (; cursor.MoveNext(); count++)
            {
                vector(ref value);
                keys(ref found);
                scores(ref value);
            }
            Assert.Equal(delivered, count);
        }
        Assert.Equal(rows.Count(row => row.Text.Length > 0), session.Rows - before);

        before = session.Rows;
        Assert.Equal(delivered, searched.GetColumn<string[]>("Keys").Count());
        Assert.Equal(rows.Count(row => row.Text.Length > 0), session.Rows - before);

        List<ITransformer> Steps(SwanEmbeddingTransformer first)
        {
            IDataView view = first.Transform(data);
            SwanSearchTransformer search = _ml.Transforms.SwanSearch("Keys", "Scores", "Embedding", Index()).Fit(view);
            SwanSearchTransformer second = _ml.Transforms.SwanSearch("MoreKeys", "MoreScores", "Embedding", Index()).Fit(view);
            SwanZeroShotTransformer classes = _ml.Transforms
                .SwanZeroShot(
                    "Class", "ClassScores", "Embedding", _model, new SwanZeroShotOptions { Classes = ["river", "planes"] }).Fit(view);
            return [first, search, second, classes];
        }
    }

    [Theory]
    [InlineData(SwanOnError.Throw)]
    [InlineData(SwanOnError.Skip)]
    public void A_batch_size_of_one_never_waits_for_a_second_row(SwanOnError onError)
    {
        int pulled = 0;
        IDataView live = _ml.Data.LoadFromEnumerable(Counted(Texts(10)));
        using SwanEmbeddingTransformer step = _ml.Transforms
            .SwanCaptionEmbedding("Embedding", "Text", _model, new SwanEmbeddingOptions { BatchSize = 1, OnError = onError }).Fit(live);
        IDataView view = step.Transform(live);
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(view.Schema["Embedding"]);
        VBuffer<float> value = default;
        for (int i = 0; i < 10; i++)
        {
            Assert.True(cursor.MoveNext());
            getter(ref value);
            Assert.Equal(i + 1, pulled);
            TinyModel.Same(TinyModel.CaptionEmbedding(Text(i)), [.. value.DenseValues()]);
        }

        IEnumerable<TextRow> Counted(TextRow[] rows)
        {
            foreach (TextRow row in rows)
            {
                pulled++;
                yield return row;
            }
        }
    }

    [Fact]
    public void A_reader_may_dispose_each_image_before_it_reads_the_embedding()
    {
        string[] files = [.. Enumerable.Range(0, 20).Select(i => TinyImages.Write(_folder.FullName, $"{i}.png", i))];
        IDataView paths = _ml.Data.LoadFromEnumerable(files.Select(f => new TextRow { Text = f }).ToArray());
        IDataView images = _ml.Transforms.LoadImages("Image", null, "Text").Fit(paths).Transform(paths);
        using SwanEmbeddingTransformer step = Images("Image", 8).Fit(images);
        IDataView view = step.Transform(images);
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        ValueGetter<MLImage> picture = cursor.GetGetter<MLImage>(view.Schema["Image"]);
        ValueGetter<VBuffer<float>> embedding = cursor.GetGetter<VBuffer<float>>(view.Schema["Embedding"]);
        VBuffer<float> value = default;
        for (int i = 0; cursor.MoveNext(); i++)
        {
            MLImage first = null!, second = null!;
            picture(ref first);
            picture(ref second);
            Assert.NotSame(first, second);
            Assert.Equal(first.Pixels.ToArray(), second.Pixels.ToArray());
            first.Dispose();
            second.Dispose();
            embedding(ref value);
            TinyModel.Same(ImageEmbedding(i), [.. value.DenseValues()]);
        }
    }

    [Fact]
    public void An_earlier_step_that_fails_for_a_row_fails_only_where_its_value_is_read()
    {
        TwoTexts[] rows = [.. Enumerable.Range(0, 20).Select(i => new TwoTexts { Text = Text(i), Other = i == 7 ? "" : Text(i + 1) })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        var options = new SwanEmbeddingOptions { BatchSize = 16 };
        using SwanEmbeddingTransformer earlier = _ml.Transforms.SwanCaptionEmbedding("Earlier", "Other", _model, options).Fit(data);
        IDataView first = earlier.Transform(data);
        using SwanEmbeddingTransformer step = _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", _model, options).Fit(first);
        IDataView view = step.Transform(first);
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        ValueGetter<VBuffer<float>> before = cursor.GetGetter<VBuffer<float>>(view.Schema["Earlier"]);
        ValueGetter<VBuffer<float>> embedding = cursor.GetGetter<VBuffer<float>>(view.Schema["Embedding"]);
        VBuffer<float> value = default;
        for (int i = 0; cursor.MoveNext(); i++)
        {
            embedding(ref value);
            TinyModel.Same(TinyModel.CaptionEmbedding(Text(i)), [.. value.DenseValues()]);
            if (i == 7)
            {
                string message = Assert.Throws<SwanRowException>(() => before(ref value)).Message;
                Assert.Contains("Row 7 (column 'Other')", message, StringComparison.Ordinal);
                continue;
            }
            before(ref value);
            TinyModel.Same(TinyModel.CaptionEmbedding(Text(i + 1)), [.. value.DenseValues()]);
        }
    }

    [Fact]
    public void Large_values_beside_the_input_end_a_batch_before_it_is_full()
    {
        const int Megabyte = 1 << 20;
        int pulled = 0;
        IDataView data = _ml.Data.LoadFromEnumerable(Large());
        using SwanEmbeddingTransformer step = _ml.Transforms
            .SwanCaptionEmbedding("Embedding", "Text", _model, new SwanEmbeddingOptions { BatchSize = 512 }).Fit(data);
        IDataView view = step.Transform(data);
        int most = 0, read = 0;
        foreach (LargeRow row in _ml.Data.CreateEnumerable<LargeRow>(view, reuseRowObject: true)) most = Math.Max(most, pulled - ++read);
        Assert.Equal(200, read);
        Assert.InRange(most, 8, 24);

        IEnumerable<LargeRow> Large()
        {
            for (int i = 0; i < 200; i++)
            {
                pulled++;
                yield return new LargeRow { Text = Text(i), Blob = new byte[Megabyte] };
            }
        }
    }

    private SwanEmbeddingEstimator Images(string column, int batchSize) =>
        _ml.Transforms.SwanEmbedding("Embedding", column, _model, new SwanEmbeddingOptions { BatchSize = batchSize });

    private static SwanIndex Index() => SwanIndex.Build(
        [.. Enumerable.Range(0, 30).SelectMany(i => TinyModel.CaptionEmbedding(Text(i)))],
        TinyModel.EmbeddingSize,
        [.. Enumerable.Range(0, 30).Select(Text)],
        null,
        TestContext.Current.CancellationToken);

    private static float[] ImageEmbedding(int seed)
    {
        using MLImage image = TinyImages.Create(seed);
        return TinyModel.ImageEmbedding(ImageDecoder.FromMLImage(image));
    }

    private static TextRow[] Texts(int count) => [.. Enumerable.Range(0, count).Select(i => new TextRow { Text = Text(i), Number = i })];

    private static string Text(int i) => TinyModel.Sentences[i % TinyModel.Sentences.Length];

    private static IEnumerable<T> Drained<T>(Queue<T> queue)
    {
        while (queue.TryDequeue(out T? row)) yield return row;
    }

    private sealed class Frame
    {
        public string Name { get; set; } = "";

        [ImageType(14, 20)]
        public MLImage? Image { get; set; }
    }

    private sealed class Crop
    {
        [ImageType(14, 20)]
        public MLImage? Cropped { get; set; }
    }

    private sealed class EmbeddedFrame
    {
        public string Name { get; set; } = "";

        [VectorType(TinyModel.EmbeddingSize)]
        public float[] Embedding { get; set; } = [];
    }

    private sealed class EmbeddedCrop
    {
        [ImageType(14, 20)]
        public MLImage? Cropped { get; set; }

        [VectorType(TinyModel.EmbeddingSize)]
        public float[] Embedding { get; set; } = [];
    }

    private sealed class TwoTexts
    {
        public string Text { get; set; } = "";

        public string Other { get; set; } = "";
    }

    private sealed class LargeRow
    {
        public string Text { get; set; } = "";

        public byte[] Blob { get; set; } = [];

        [VectorType(TinyModel.EmbeddingSize)]
        public float[] Embedding { get; set; } = [];
    }

    /// <summary>As a database connection: a second reader while one is open is an error.</summary>
    private sealed class OneReader<T>(T[] rows) : IEnumerable<T>
    {
        private bool _open;

        public IEnumerator<T> GetEnumerator()
        {
            if (_open) throw new InvalidOperationException("There is already an open reader.");
            _open = true;
            return Read();
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private IEnumerator<T> Read()
        {
            try
            {
                foreach (T row in rows) yield return row;
            }
            finally
            {
                _open = false;
            }
        }
    }
}
