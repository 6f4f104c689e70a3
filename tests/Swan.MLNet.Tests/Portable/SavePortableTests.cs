using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Portable;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Portable;

public sealed class SavePortableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string _model;
    private readonly List<string> _log = [];

    public SavePortableTests()
    {
        _model = TinyModel.Write(_folder.FullName);
        _ml.Log += (_, e) => _log.Add(e.Message);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_stock_only_process_contains_nothing_of_Swan() =>
        Assert.DoesNotContain(
            Directory.EnumerateFiles(LoadOnlyProcess.Folder(StockOnlyProcess.Project)),
            file => Path.GetFileName(file).StartsWith("Swan.", StringComparison.Ordinal)
                && !Path.GetFileName(file).StartsWith(StockOnlyProcess.Project, StringComparison.Ordinal));

    [Theory]
    [InlineData(20, 14)]   // smaller
    [InlineData(5, 3)]     // larger
    [InlineData(8, 8)]     // as it is
    [InlineData(8, 40)]    // one side only
    [InlineData(301, 97)]
    public void Stock_ML_NET_gives_the_same_embeddings(int width, int height)
    {
        File.WriteAllBytes(_folder.File("0.png"), EncodedImages.Png(width, height));
        File.WriteAllBytes(_folder.File("1.jpg"), EncodedImages.Jpeg(width, height));
        File.WriteAllBytes(_folder.File("2.png"), EncodedImages.Png(width, height, seed: 2));
        string[] names = ["0.png", "1.jpg", "2.png"];
        string pipeline = Save(
            _ml.Transforms.SwanEmbedding("Embedding", "Text", _model, new() { ImageFolder = _folder.FullName }), width, height);
        File.Delete(_model);
        JsonNode report = StockOnlyProcess.Run(pipeline, "Text", names);
        for (int i = 0; i < names.Length; i++)
        {
            TinyModel.Same(
                TinyModel.ImageEmbedding(ImageDecoder.Decode(_folder.File(names[i]))), LoadOnlyProcess.Vector(report, i, "Embedding"));
        }
        Assert.Equal(["Embedding", "Text"], report["Rows"]![0]!.AsObject().Select(c => c.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_portable_pipeline_takes_paths_without_a_folder_and_steps_around_it()
    {
        string path = TinyImages.Write(_folder.FullName, "a.png", seed: 4);
        string pipeline = Save(_ml.Transforms.CopyColumns("Path", "Text")
            .AppendSwanEmbedding(_ml, "Path", "Path", _model)
            .Append(_ml.Transforms.CopyColumns("Features", "Path")), 20, 14);
        JsonNode report = StockOnlyProcess.Run(pipeline, "Text", path, path);
        for (int row = 0; row < 2; row++)
        {
            foreach (string column in new[] { "Path", "Features" })
                TinyModel.Same(TinyModel.ImageEmbedding(ImageDecoder.Decode(path)), LoadOnlyProcess.Vector(report, row, column));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_portable_pipeline_averages_embeddings_over_rotations(int rotations)
    {
        string path = TinyImages.Write(_folder.FullName, "a.png", seed: 4);
        IDataView data = Data(path);
        ITransformer swan = _ml.Transforms.SwanEmbedding("Embedding", "Text", _model, new() { Rotations = rotations }).Fit(data);
        ITransformer stock = _ml.Model.Load(Save(swan, data.Schema, 20, 14), out _);
        float[] found = Rows<EmbeddedRow>(stock.Transform(data))[0].Embedding;
        TinyModel.Same(Rows<EmbeddedRow>(swan.Transform(data))[0].Embedding, found);
        Assert.NotEqual(TinyModel.ImageEmbedding(ImageDecoder.Decode(path)), found);
    }

    [Fact]
    public void A_stored_gallery_gives_the_same_keys_and_scores()
    {
        string[] paths = [.. Enumerable.Range(0, 12).Select(i => TinyImages.Write(_folder.FullName, $"{i}.png", seed: i))];
        // Each twice: equal scores have to come by row.
        string[] keys = [.. Enumerable.Range(0, 24).Select(i => $"key {i} – ключ")];
        SwanIndex index = SwanIndex.Build(
            [.. paths.Concat(paths).SelectMany(p => TinyModel.ImageEmbedding(ImageDecoder.Decode(p)))], TinyModel.EmbeddingSize, keys,
            cancellationToken: TestContext.Current.CancellationToken);
        IEstimator<ITransformer> steps = _ml.Transforms.SwanEmbedding("Embedding", "Text", _model)
            .AppendSwanSearch(_ml, "Keys", "Scores", "Embedding", index, new() { K = 5 })
            .AppendSwanSearch(_ml, "AllKeys", "AllScores", "Embedding", index, new() { K = 30 });
        IDataView data = Data(paths);
        ITransformer swan = steps.Fit(data);
        JsonNode report = StockOnlyProcess.Run(Save(swan, data.Schema, 20, 14), "Text", paths);
        IDataView expected = swan.Transform(data);
        foreach ((string keysColumn, string scoresColumn) in new[] { ("Keys", "Scores"), ("AllKeys", "AllScores") })
        {
            string[][] expectedKeys =
                [.. expected.GetColumn<ReadOnlyMemory<char>[]>(keysColumn).Select(k => k.Select(t => t.ToString()).ToArray())];
            float[][] expectedScores = [.. expected.GetColumn<float[]>(scoresColumn)];
            for (int row = 0; row < paths.Length; row++)
            {
                Assert.Equal(expectedKeys[row], report["Rows"]![row]![keysColumn]!.AsArray().Select(k => k!.GetValue<string>()));
                TinyModel.Same(expectedScores[row], LoadOnlyProcess.Vector(report, row, scoresColumn));
            }
        }
    }

    [Fact]
    public void A_query_without_direction_finds_nothing_there_either()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new QueryRow[]
        {
            new() { Query = [0, 0, 0] }, new() { Query = [1, float.NaN, 0] }, new() { Query = [0, float.NegativeInfinity, 0] },
            new() { Query = [1e-30f, 2e-30f, 1e-31f] }, new() { Query = [3e38f, -1e38f, 2e38f] }, new() { Query = [1, 2, 0.5f] },
        });
        ITransformer swan = _ml.Transforms.SwanSearch("Keys", "Scores", "Query", SearchRows.Index(), new() { K = 3 }).Fit(data);
        ITransformer stock = _ml.Model.Load(Save(swan, data.Schema), out _);
        FoundRow[] expected = Rows<FoundRow>(swan.Transform(data)), found = Rows<FoundRow>(stock.Transform(data));
        for (int row = 0; row < expected.Length; row++)
        {
            Assert.Equal(expected[row].Keys, found[row].Keys);
            TinyModel.Same(expected[row].Scores, found[row].Scores);
        }
    }

    [Fact]
    public void A_portable_pipeline_embeds_images_that_another_step_decoded()
    {
        ImageRow[] rows = [.. Enumerable.Range(0, 3).Select(i => new ImageRow { Image = TinyImages.Create(i), Number = i })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        ITransformer swan = _ml.Transforms.SwanEmbedding("Embedding", "Image", _model).Fit(data);
        ITransformer stock = _ml.Model.Load(Save(swan, data.Schema), out _);
        Assert.DoesNotContain((IEnumerable<ITransformer>)stock, t => t.GetType().Assembly == typeof(SwanCatalog).Assembly);
        // Before: stock ExtractPixels disposes what it has extracted.
        float[][] expected = [.. rows.Select(r => TinyModel.ImageEmbedding(ImageDecoder.FromMLImage(r.Image!)))];
        EmbeddedRow[] found = Rows<EmbeddedRow>(stock.Transform(data));
        for (int i = 0; i < rows.Length; i++) TinyModel.Same(expected[i], found[i].Embedding);
    }

    [Fact]
    public void A_prediction_engine_works()
    {
        string path = TinyImages.Write(_folder.FullName, "a.png", seed: 1);
        using var engine = _ml.Model.CreatePredictionEngine<TextRow, EmbeddedRow>(_ml.Model.Load(
            Save(_ml.Transforms.SwanEmbedding("Embedding", "Text", _model), 20, 14), out _));
        for (int i = 0; i < 3; i++)
            TinyModel.Same(TinyModel.ImageEmbedding(ImageDecoder.Decode(path)), engine.Predict(new TextRow { Text = path }).Embedding);
        string other = TinyImages.Write(_folder.FullName, "b.png", seed: 2);
        TinyModel.Same(TinyModel.ImageEmbedding(ImageDecoder.Decode(other)), engine.Predict(new TextRow { Text = other }).Embedding);
    }

    public static TheoryData<string, byte[], string> Unfit => new()
    {
        { "size.png", EncodedImages.Png(40, 28), ImageFileGraph.SizeFault(20, 14) },
        { "size.jpg", EncodedImages.Jpeg(14, 20), ImageFileGraph.SizeFault(20, 14) },
        { "turned.jpg", EncodedImages.With(EncodedImages.Jpeg(20, 14), EncodedImages.Orientation(6, bigEndian: true)),
            ImageFileGraph.UprightFault },
        { "half.jpg", EncodedImages.Jpeg(20, 14)[..^60], ImageFileGraph.WholeFault },
        { "half.png", EncodedImages.Png(20, 14)[..^60], ImageFileGraph.WholeFault },
        { "transparent.png", EncodedImages.Png(20, 14, transparent: true), EmbeddingGraph.OpaqueFault },
        { "one.tif", EncodedImages.Tiff(), ImageFileGraph.KindFault },
        { "empty.png", [], ImageFileGraph.KindFault },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void A_portable_pipeline_says_why_an_image_does_not_fit(string name, byte[] file, string fault)
    {
        TinyImages.Write(_folder.FullName, "good.png", seed: 1);
        File.WriteAllBytes(_folder.File(name), file);
        string pipeline = Save(_ml.Transforms.SwanEmbedding("Embedding", "Text", _model, new() { ImageFolder = _folder.FullName }), 20, 14);
        Assert.Contains(fault, StockOnlyProcess.Error(pipeline, "Text", "good.png", name), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("none.png")]
    public void A_portable_pipeline_refuses_a_missing_image(string name)
    {
        TinyImages.Write(_folder.FullName, "good.png", seed: 1);
        string pipeline = Save(_ml.Transforms.SwanEmbedding("Embedding", "Text", _model, new() { ImageFolder = _folder.FullName }), 20, 14);
        string error = StockOnlyProcess.Error(pipeline, "Text", "good.png", name);
        Assert.Contains(name.Length == 0 ? ImageFileGraph.KindFault : "none.png", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_portable_pipeline_refuses_a_decoded_image_of_another_size()
    {
        ImageRow[] good = [new() { Image = TinyImages.Create(1) }];
        IDataView data = _ml.Data.LoadFromEnumerable(good);
        ITransformer stock = _ml.Model.Load(Save(_ml.Transforms.SwanEmbedding("Embedding", "Image", _model).Fit(data), data.Schema), out _);
        foreach (MLImage? bad in new[] { TinyImages.Create(1, 40, 28), null })
        {
            Assert.ThrowsAny<Exception>(
                () => Rows<EmbeddedRow>(stock.Transform(_ml.Data.LoadFromEnumerable([new ImageRow { Image = bad }]))));
        }
    }

    [Fact]
    public void What_stock_components_can_not_do_is_refused_by_name_all_at_once_and_nothing_is_written()
    {
        IEstimator<ITransformer> steps = _ml.Transforms.SwanEmbedding(
            "ImageEmbedding", "Text", _model, new() { OnError = SwanOnError.Missing })
            .AppendSwanCaptionEmbedding(_ml, "CaptionEmbedding", "Text", _model);
        var e = Assert.Throws<NotSupportedException>(() => Save(steps));
        Assert.Contains("the SWAN embedding 'CaptionEmbedding' of 'Text': captions are tokenized by 'swan-text-1'", e.Message,
            StringComparison.Ordinal);
        Assert.Contains("the SWAN embedding 'ImageEmbedding' of 'Text': images of any size", e.Message, StringComparison.Ordinal);
        Assert.Contains("OnError is Missing, ", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("portable.zip")));
    }

    [Fact]
    public void Encoded_images_are_refused_with_what_to_do_instead()
    {
        byte[] png = File.ReadAllBytes(TinyImages.Write(_folder.FullName, "a.png", seed: 1));
        IDataView data = _ml.Data.LoadFromEnumerable([new BytesRow { Image = png }]);
        ITransformer swan = _ml.Transforms.SwanEmbedding("Embedding", "Image", _model).Fit(data);
        var e = Assert.Throws<NotSupportedException>(() => Save(swan, data.Schema));
        Assert.Contains(
            "'Image' holds encoded images in memory, but stock components decode only image files", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_too_old_an_operator_set_is_refused()
    {
        SwanModelFile file = SwanModelFile.Create(
            "old", TinyModel.Card, TinyModel.ImageOnnxOf(operatorSet: 12), TinyModel.TextOnnx, TinyModel.Vocabulary);
        using SwanModel model = SwanModel.Open(file);
        var e = Assert.Throws<NotSupportedException>(() => Save(_ml.Transforms.SwanEmbedding("Embedding", "Text", model), 20, 14));
        Assert.Contains("its model 'tiny' uses ONNX operator set 12", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_another_operator_set_than_ours_is_saved_as_it_is()
    {
        SwanModelFile file = SwanModelFile.Create(
            "other", TinyModel.Card, TinyModel.ImageOnnxOf(operatorSet: 13), TinyModel.TextOnnx, TinyModel.Vocabulary);
        using SwanModel model = SwanModel.Open(file);
        string path = TinyImages.Write(_folder.FullName, "a.png", seed: 1);
        ITransformer stock = _ml.Model.Load(Save(_ml.Transforms.SwanEmbedding("Embedding", "Text", model), 20, 14), out _);
        TinyModel.Same(TinyModel.ImageEmbedding(ImageDecoder.Decode(path)), Rows<EmbeddedRow>(stock.Transform(Data(path)))[0].Embedding);
    }

    [Fact]
    public void Loaded_images_of_any_size_are_refused()
    {
        IEstimator<ITransformer> steps =
            _ml.Transforms.LoadImages("Image", _folder.FullName, "Text").AppendSwanEmbedding(_ml, "Embedding", "Image", _model);
        Assert.Contains("column 'Image' holds images of any size", Assert.Throws<NotSupportedException>(() => Save(steps, 20, 14)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_declared_size_that_is_not_the_columns_is_refused()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new ImageRow { Image = TinyImages.Create(1) }]);
        ITransformer swan = _ml.Transforms.SwanEmbedding("Embedding", "Image", _model).Fit(data);
        Assert.Contains("holds images of 20×14, but the options declare 14×20",
            Assert.Throws<NotSupportedException>(() => Save(swan, data.Schema, 14, 20)).Message, StringComparison.Ordinal);
        Save(swan, data.Schema, 20, 14);
    }

    [Fact]
    public void A_Swan_step_that_has_no_stock_form_is_refused()
    {
        IDataView data = Data("a.png");
        IEstimator<ITransformer> steps = _ml.Transforms.SwanEmbedding("Embedding", "Text", _model)
            .AppendSwanZeroShot(_ml, "Label", "Scores", "Embedding", _model, new() { Classes = ["river", "bridge"] });
        Assert.Contains("The step SwanZeroShotTransformer can't be saved portably",
            Assert.Throws<NotSupportedException>(() => Save(steps, 20, 14)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_gallery_is_refused()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(SearchRows.Queries(1));
        SwanIndex index = SwanIndex.Build([], SearchRows.Size, cancellationToken: TestContext.Current.CancellationToken);
        ITransformer swan = _ml.Transforms.SwanSearch("Keys", "Scores", "Query", index).Fit(data);
        Assert.Contains("the SWAN search 'Keys', 'Scores' with 'Query': its gallery is empty",
            Assert.Throws<NotSupportedException>(() => Save(swan, data.Schema)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_is_no_part_of_ML_NET_is_refused()
    {
        IDataView data = Data("a.png");
        ITransformer steps = new TransformerChain<ITransformer>(
            _ml.Transforms.SwanEmbedding("Embedding", "Text", _model).Fit(data), new Stranger());
        string message = Assert.Throws<NotSupportedException>(() => Save(steps, data.Schema, 20, 14)).Message;
        Assert.Contains("Stranger comes from Swan.MLNet.Tests, which is not part of ML.NET", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipeline_without_a_Swan_step_needs_no_portable_save() =>
        Assert.Contains("has no Swan step",
            Assert.Throws<ArgumentException>(() => Save(_ml.Transforms.CopyColumns("Copy", "Text"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(20, null, "only one of")]
    [InlineData(0, -1, "ImageHeight is -1")]
    [InlineData(50_000, 50_000, "ML.NET's limit")]
    public void Options_that_can_not_be_are_reported(int? width, int? height, string fault)
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(
            () => Save(_ml.Transforms.SwanEmbedding("Embedding", "Text", _model), width, height));
        Assert.Contains(fault, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_step_was_compared_before_anything_was_written_and_the_log_has_the_difference()
    {
        Save(_ml.Transforms.SwanEmbedding("Embedding", "Text", _model).AppendSwanSearch(_ml, "Keys", "Scores", "Embedding", SmallIndex()),
            20, 14);
        Assert.Equal(2, _log.Count(line => line.Contains("differs from its stock form by", StringComparison.Ordinal)));
    }

    [Fact]
    public void No_temporary_file_is_left()
    {
        Save(_ml.Transforms.SwanEmbedding("Embedding", "Text", _model), 20, 14);
        Assert.Empty(Directory.GetDirectories(Path.GetTempPath(), $"swan-portable-{Environment.ProcessId}-*"));
        Assert.Empty(Directory.GetFiles(_folder.FullName, "*.tmp"));
    }

    private static SwanIndex SmallIndex() =>
        SwanIndex.Build(TinyModel.ImageEmbedding(new RgbImage(1, 1, [1, 2, 3])), TinyModel.EmbeddingSize, ["one"],
            cancellationToken: TestContext.Current.CancellationToken);

    private IDataView Data(params string[] texts) => _ml.Data.LoadFromEnumerable(texts.Select(t => new TextRow { Text = t }).ToArray());

    private T[] Rows<T>(IDataView view) where T : class, new() => [.. _ml.Data.CreateEnumerable<T>(view, reuseRowObject: false)];

    private string Save(IEstimator<ITransformer> steps, int? width = null, int? height = null)
    {
        IDataView data = Data("a.png");
        return Save(steps.Fit(data), data.Schema, width, height);
    }

    private string Save(ITransformer model, DataViewSchema schema, int? width = null, int? height = null)
    {
        string path = _folder.File("portable.zip");
        _ml.Swan().SavePortable(model, schema, path, new SwanPortableOptions { ImageWidth = width, ImageHeight = height });
        return path;
    }

    private sealed class Stranger : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => input;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }
}
