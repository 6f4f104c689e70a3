using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Imaging;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Transforms;

public sealed class SwanOnErrorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly LogLines _log;
    private readonly string _model;

    public SwanOnErrorTests() => (_model, _log) = (TinyModel.Write(_folder.FullName), new LogLines(_ml));

    public static TheoryData<ImageFault> Kinds => [.. BadImages.Kinds];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_bad_image_throws_at_its_own_row_and_names_row_column_file_and_cause(ImageFault fault)
    {
        string bad = BadImages.Write(_folder.FullName, fault);
        IDataView view = Embed(Texts([Good(0), Good(1), bad, Good(2)]), SwanOnError.Throw);
        int delivered = 0;
        SwanRowException e = Assert.Throws<SwanRowException>(() =>
        {
            foreach (ErrorRow _ in Rows(view)) delivered++;
        });
        Assert.Equal(2, delivered);
        Assert.Contains("Row 2 (column 'Text')", e.Message, StringComparison.Ordinal);
        Assert.Contains(bad, e.Message, StringComparison.Ordinal);
        Assert.Equal(fault, Assert.IsType<SwanImageException>(e.InnerException).Fault);
    }

    [Fact]
    public void A_prediction_engine_names_no_row_number_and_advises_no_skipping()
    {
        IDataView data = Texts([Good(0)]);
        using SwanEmbeddingTransformer step = _ml.Transforms.SwanEmbedding("Embedding", "Text", _model).Fit(data);
        using PredictionEngine<TextRow, EmbeddedRow> engine = _ml.Model.CreatePredictionEngine<TextRow, EmbeddedRow>(step);
        string bad = BadImages.Write(_folder.FullName, ImageFault.Truncated);
        for (int call = 0; call < 3; call++)
        {
            SwanRowException e = Assert.Throws<SwanRowException>(() => engine.Predict(new TextRow { Text = bad }));
            Assert.Null(e.Row);
            Assert.StartsWith($"The row's 'Text' can't be embedded: '{bad}'", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(nameof(SwanOnError.Skip), e.Message, StringComparison.Ordinal);
            Assert.EndsWith("make the pipeline with OnError = Missing.", e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_bad_image_can_become_missing_values_with_the_reason_beside_them(ImageFault fault)
    {
        string bad = BadImages.Write(_folder.FullName, fault);
        ErrorRow[] rows = [.. Rows(Embed(Texts([Good(0), bad, Good(1)]), SwanOnError.Missing))];
        IsGood(rows[0], 0);
        Assert.All(rows[1].Embedding, v => Assert.True(float.IsNaN(v)));
        Assert.StartsWith($"{fault}: '{bad}' can't be used as an image: ", rows[1].EmbeddingError, StringComparison.Ordinal);
        IsGood(rows[2], 1);
    }

    [Theory]
    [InlineData("-gg-g--gggg-ggggg--g")]
    [InlineData("ggggggg-------------")]
    [InlineData("--------------------")]
    public void Bad_rows_take_no_place_in_a_batch_and_good_ones_keep_theirs(string rows)
    {
        IDataView images = Texts(rows.Select((row, i) => row == 'g' ? Good(i) : "none.png"));
        IDataView captions = Texts(rows.Select((row, i) => row == 'g' ? TinyModel.Sentences[i % 4] : ""));
        using SwanEmbeddingTransformer imageStep = Estimator(SwanOnError.Missing).Fit(images);
        using SwanEmbeddingTransformer captionStep = _ml.Transforms
            .SwanCaptionEmbedding("Embedding", "Text", _model, new() { OnError = SwanOnError.Missing }).Fit(captions);
        ErrorRow[] ofImages = [.. Rows(imageStep.Transform(images))], ofCaptions = [.. Rows(captionStep.Transform(captions))];
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i] == 'g')
            {
                IsGood(ofImages[i], i);
                TinyModel.Same(TinyModel.CaptionEmbedding(TinyModel.Sentences[i % 4]), ofCaptions[i].Embedding);
                continue;
            }
            Assert.All([.. ofImages[i].Embedding, .. ofCaptions[i].Embedding], value => Assert.True(float.IsNaN(value)));
            Assert.NotEqual("", ofCaptions[i].EmbeddingError);
        }
        int good = rows.Count(row => row == 'g');
        Assert.Equal(
            (good, good), ((int)imageStep.Lease.Images.Session.Encoded, (int)captionStep.Lease.Captions.Session.Rows));
    }

    [Theory]
    [InlineData(SwanOnError.Missing)]
    [InlineData(SwanOnError.Skip)]
    public void A_file_that_LoadImages_cannot_load_is_a_bad_row(SwanOnError onError)
    {
        string damaged = _folder.File("damaged.png");
        File.WriteAllBytes(damaged, [1, 2, 3]);
        IDataView paths = Texts([Good(0), _folder.File("none.png"), damaged, Good(1)]);
        IDataView images = _ml.Transforms.LoadImages("Image", null, "Text").Fit(paths).Transform(paths);
        using SwanEmbeddingTransformer step =
            _ml.Transforms.SwanEmbedding("Embedding", "Image", _model, new SwanEmbeddingOptions { OnError = onError }).Fit(images);
        EmbeddedRow[] rows = [.. _ml.Data.CreateEnumerable<EmbeddedRow>(step.Transform(images), reuseRowObject: false)];
        Assert.Equal(onError == SwanOnError.Skip ? [0f, 3f] : [0f, 1f, 2f, 3f], rows.Select(r => r.Number));
        Assert.Equal(onError == SwanOnError.Skip ? 0 : 2, rows.Count(r => r.Embedding.All(float.IsNaN)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_bad_image_can_be_left_out(ImageFault fault)
    {
        IDataView view = Embed(
            Texts([BadImages.Write(_folder.FullName, fault), Good(0), BadImages.Write(_folder.FullName, fault), Good(1)]),
            SwanOnError.Skip);
        ErrorRow[] rows = [.. Rows(view)];
        Assert.Equal([1f, 3f], rows.Select(r => r.Number));
        IsGood(rows[0], 0);
        IsGood(rows[1], 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void An_empty_path_is_a_missing_image_also_where_there_is_an_image_folder(string path)
    {
        IDataView data = Texts([path]);
        IDataView view = _ml.Transforms
            .SwanEmbedding("Embedding", "Text", _model, new() { OnError = SwanOnError.Missing, ImageFolder = _folder.FullName })
            .Fit(data)
            .Transform(data);
        Assert.StartsWith("Missing: ", Rows(view).Single().EmbeddingError, StringComparison.Ordinal);
    }

    [Fact]
    public void A_null_image_is_a_missing_image()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new ImageRow { Image = TinyImages.Create(3) }, new ImageRow { Image = null }]);
        ErrorRow[] rows = [.. Rows(_ml.Transforms.SwanEmbedding("Embedding", "Image", _model, new() { OnError = SwanOnError.Missing })
            .Fit(data)
            .Transform(data))];
        Assert.Equal("", rows[0].EmbeddingError);
        Assert.StartsWith("Missing: ", rows[1].EmbeddingError, StringComparison.Ordinal);
    }

    [Fact]
    public void Leaving_rows_out_is_no_row_mapper_and_says_why()
    {
        IDataView data = Texts([Good(0)]);
        SwanEmbeddingTransformer transformer = Estimator(SwanOnError.Skip).Fit(data);
        Assert.False(transformer.IsRowToRowMapper);
        string message = Assert.Throws<InvalidOperationException>(() => transformer.GetRowToRowMapper(data.Schema)).Message;
        Assert.Contains("leaves rows out", message, StringComparison.Ordinal);
        Assert.Contains("prediction engine", message, StringComparison.Ordinal);
        ArgumentException e =
            Assert.ThrowsAny<ArgumentException>(() => _ml.Model.CreatePredictionEngine<TextRow, EmbeddedRow>(transformer));
        Assert.Contains("row to row mapper", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_are_left_out_whichever_columns_are_read_and_their_number_is_unknown()
    {
        IDataView view = Embed(Texts([Good(0), "none.png", Good(1), "none.png"]), SwanOnError.Skip);
        Assert.Null(view.GetRowCount());
        Assert.Equal([0f, 2f], view.GetColumn<float>("Number"));
        using DataViewRowCursor cursor = view.GetRowCursor([]);
        var positions = new List<long>();
        while (cursor.MoveNext()) positions.Add(cursor.Position);
        Assert.Equal([0L, 1L], positions);
        Assert.Equal(-1, cursor.Position);
        Assert.Equal(2, _ml.Data.Cache(view).GetColumn<float>("Number").Count());
    }

    [Fact]
    public void Where_all_rows_are_bad_none_is_left() =>
        Assert.Empty(Rows(Embed(Texts(Enumerable.Repeat("none.png", 70)), SwanOnError.Skip)));

    [Theory]
    [InlineData(SwanOnError.Skip, "left out")]
    [InlineData(SwanOnError.Missing, "missing values")]
    public void The_log_gets_one_summary_when_a_pass_ends(SwanOnError onError, string outcome)
    {
        string[] bad =
        [
            .. Enumerable.Range(0, 6).Select(i => _folder.File($"none{i}.png")), BadImages.Write(_folder.FullName, ImageFault.Truncated),
        ];
        _ = Rows(Embed(Texts([Good(0), .. bad, Good(1)]), onError)).Count();
        string line = Assert.Single(_log.Warnings);
        Assert.StartsWith($"9 rows of 'Text' read, 7 errors (Missing 6, Truncated 1; {outcome}", line, StringComparison.Ordinal);
        Assert.Contains($"row 1: '{bad[0]}'", line, StringComparison.Ordinal);
        Assert.Contains($"row 5: '{bad[4]}'", line, StringComparison.Ordinal);
        Assert.DoesNotContain("row 6", line, StringComparison.Ordinal);
        Assert.EndsWith("And 2 more.", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_nobody_reads_are_not_in_the_summary()
    {
        IDataView view = Embed(Texts([Good(0), Good(1), "none.png"]), SwanOnError.Throw);
        Assert.Equal(2, Rows(_ml.Data.TakeRows(view, 2)).Count());
        Assert.Empty(_log.Warnings);
        Assert.Contains("2 rows of 'Text' read, 0 errors.", _log.Infos);
    }

    [Fact]
    public void The_error_column_has_the_name_that_is_asked_for_or_is_left_out()
    {
        IDataView data = Texts([Good(0), "none.png"]);
        IDataView With(string? name) => _ml.Transforms
            .SwanEmbedding("Embedding", "Text", _model, new() { OnError = SwanOnError.Missing, ErrorColumn = name })
            .Fit(data)
            .Transform(data);
        Assert.Equal(["Text", "Number", "Embedding", "EmbeddingError"], With(null).Schema.Select(c => c.Name));
        Assert.Equal(["Text", "Number", "Embedding", "Why"], With("Why").Schema.Select(c => c.Name));
        Assert.Equal(["Text", "Number", "Embedding"], With("").Schema.Select(c => c.Name));
        Assert.Throws<ArgumentException>(() => With("Embedding"));
        Assert.Contains("only Missing adds", Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.SwanEmbedding("Embedding", "Text", _model, new() { ErrorColumn = "Why" })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_prediction_engine_reports_the_error_of_a_bad_row()
    {
        SwanEmbeddingTransformer transformer = Estimator(SwanOnError.Missing).Fit(Texts([Good(0)]));
        using PredictionEngine<TextRow, ErrorRow> engine = _ml.Model.CreatePredictionEngine<TextRow, ErrorRow>(transformer);
        Assert.StartsWith("Missing: ", engine.Predict(new TextRow { Text = "none.png" }).EmbeddingError, StringComparison.Ordinal);
        IsGood(engine.Predict(new TextRow { Text = Good(4) }), 4);
    }

    private static void IsGood(ErrorRow row, int seed)
    {
        using MLImage image = TinyImages.Create(seed);
        TinyModel.Same(TinyModel.ImageEmbedding(ImageDecoder.FromMLImage(image)), row.Embedding);
        Assert.Equal("", row.EmbeddingError);
    }

    private string Good(int seed) => TinyImages.Write(_folder.FullName, $"{seed}.png", seed);

    private SwanEmbeddingEstimator Estimator(SwanOnError onError) =>
        _ml.Transforms.SwanEmbedding("Embedding", "Text", _model, new() { OnError = onError, MaxPixels = BadImages.PixelLimit });

    private IDataView Embed(IDataView data, SwanOnError onError) => Estimator(onError).Fit(data).Transform(data);

    private IDataView Texts(IEnumerable<string> texts) =>
        _ml.Data.LoadFromEnumerable(texts.Select((t, i) => new TextRow { Text = t, Number = i }).ToArray());

    private IEnumerable<ErrorRow> Rows(IDataView view) =>
        _ml.Data.CreateEnumerable<ErrorRow>(view, reuseRowObject: false, ignoreMissingColumns: true);
}
