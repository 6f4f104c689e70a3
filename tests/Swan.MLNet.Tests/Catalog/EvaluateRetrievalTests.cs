using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Evaluation;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.Tests.Catalog;

public sealed class EvaluateRetrievalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Views_are_evaluated_as_their_embeddings_in_any_order_and_of_any_length()
    {
        var random = new Random(4);
        float[] Vector() => [random.NextSingle() - 0.5f, random.NextSingle() - 0.5f];
        string?[] scenes = ["port", "farm", null, "port"];
        Row[] images = [.. scenes.Select((s, i) => new Row { Vector = Vector(), Key = $"image {i}", Scene = s ?? "" })];
        int[] captionImage = [3, 0, 1, 2, 2, 0, 3, 3];
        Row[] captions = [.. captionImage.Select(i => new Row { Vector = Vector(), Key = $"image {i}" })];
        float[] Units(Row[] rows) => [.. rows.SelectMany(r => r.Vector.Select(v => v / MathF.Sqrt(r.Vector.Sum(x => x * x))))];
        RetrievalMetrics expected = RetrievalEvaluator.Evaluate(
            Units(images), Units(captions), 2, captionImage, scenes, TestContext.Current.CancellationToken);
        Assert.Equal(expected, Evaluate(images, captions, "Scene"));
        Assert.Equal(expected with { SceneRecall = null }, Evaluate(images, captions));
    }

    [Fact]
    public void Views_may_name_their_columns_differently()
    {
        IDataView captions = _ml.Transforms.CopyColumns("Embedding", "Vector")
            .Append(_ml.Transforms.CopyColumns("Image", "Key"))
            .Fit(Rows(Good))
            .Transform(Rows(Good));
        RetrievalMetrics metrics = _ml.Swan().EvaluateRetrieval(
            Rows(Good), captions, "Vector", "Key", captionEmbeddingColumnName: "Embedding", captionImageKeyColumnName: "Image",
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(100, metrics.MeanRecall, tolerance: 1e-9);
    }

    public static TheoryData<string, Row[], Row[], string> Faulty => new()
    {
        { "a key twice", [Good[0], Good[0]], Good, "Row 1 (column 'Key') of the images has the key 'a', which an earlier row already has" },
        { "an empty key", [Good[0], new() { Vector = [1, 0], Key = "" }], Good, "Row 1 (column 'Key') of the images is empty" },
        { "a missing image embedding", [Good[0], new() { Vector = [float.NaN, 0], Key = "b" }], Good,
            "Row 1 (column 'Vector') of the images has missing" },
        { "a missing caption embedding", Good, [Good[0], new() { Vector = [0, 0], Key = "b" }],
            "Row 1 (column 'Vector') of the captions has missing" },
        { "an unknown image", Good, [.. Good, new() { Vector = [1, 0], Key = "z" }],
            "Row 2 (column 'Key') of the captions names the image 'z'" },
        { "an image without captions", Good, [Good[0]], "1 of 2 images have no caption, such as 'b' (row 1)" },
        { "no images", [], [], "no rows" },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void Rows_that_can_not_be_evaluated_are_named(string what, Row[] images, Row[] captions, string expected)
    {
        Assert.NotEmpty(what);
        Assert.Contains(expected, Assert.Throws<SwanRowException>(() => Evaluate(images, captions)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Views_of_different_models_or_lengths_are_refused()
    {
        IDataView texts = _ml.Data.LoadFromEnumerable([new Caption { Text = "river" }]);
        IDataView Embedded(string model) => _ml.Transforms.SwanCaptionEmbedding("Vector", "Text", model)
            .Append(_ml.Transforms.CopyColumns("Key", "Text"))
            .Fit(texts)
            .Transform(texts);
        string one = TinyModel.Write(_folder.FullName), two = _folder.File("two.swan");
        // One byte more in one entry is another model.
        SwanModelFile.Write(
            two, TinyModel.Card with { Name = "two" }, TinyModel.ImageOnnx, TinyModel.TextOnnx, [.. TinyModel.Vocabulary, (byte)'\n']);
        string message = Refused(Embedded(one), Embedded(two));
        Assert.Contains("'tiny'", message, StringComparison.Ordinal);
        Assert.Contains("'two'", message, StringComparison.Ordinal);
        Assert.Contains(
            "of 6 values, but the captions' column 'Vector' of 2", Refused(Embedded(one), Rows(Good)), StringComparison.Ordinal);

        string Refused(IDataView images, IDataView captions) => Assert.Throws<SwanMismatchException>(
            () => _ml.Swan()
                .EvaluateRetrieval(images, captions, "Vector", "Key", cancellationToken: TestContext.Current.CancellationToken)).Message;
    }

    [Theory]
    [InlineData("Nothing", "Key", null)]
    [InlineData("Key", "Key", null)]
    [InlineData("Vector", "Vector", null)]
    [InlineData("Vector", "Key", "Vector")]
    public void Columns_that_can_not_be_evaluated_are_refused_by_name(string embedding, string key, string? scene) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Swan().EvaluateRetrieval(
                Rows(Good), Rows(Good), embedding, key, scene, cancellationToken: TestContext.Current.CancellationToken));

    [Fact]
    public void Canceling_ends_evaluating() => Assert.ThrowsAny<OperationCanceledException>(
        () => _ml.Swan().EvaluateRetrieval(
            Rows(Good), Rows(Good), "Vector", "Key", cancellationToken: new CancellationToken(canceled: true)));

    private static Row[] Good => [new() { Vector = [1, 0.1f], Key = "a" }, new() { Vector = [0, 2], Key = "b" }];

    private RetrievalMetrics Evaluate(Row[] images, Row[] captions, string? scene = null) =>
        _ml.Swan().EvaluateRetrieval(
            Rows(images), Rows(captions), "Vector", "Key", scene, cancellationToken: TestContext.Current.CancellationToken);

    private IDataView Rows(params Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    public sealed class Row
    {
        [VectorType(2)]
        public float[] Vector { get; set; } = [];

        public string Key { get; set; } = "key";

        public string Scene { get; set; } = "";
    }

    public sealed class Caption
    {
        public string Text { get; set; } = "";
    }
}
