using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Catalog;

public sealed class BuildIndexTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_index_of_a_pipeline_knows_keys_and_model()
    {
        string file = TinyModel.Write(_folder.FullName);
        Caption[] rows = [.. TinyModel.Sentences.Select(s => new Caption { Text = s })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        IDataView embedded = _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", file).Fit(data).Transform(data);
        SwanIndex index = Build(embedded, "Embedding", "Text");
        using SwanModel model = _ml.Swan().LoadModel(file);
        Assert.Equal(model.Card.Identity, index.Model);
        Assert.Equal(TinyModel.Sentences, index.Keys);
        Assert.Equal(TinyModel.Sentences[2], index.SearchCaption(model, TinyModel.Sentences[2], 1)[0].Key);
    }

    [Theory]
    [InlineData(SwanOnError.Skip)]
    [InlineData(SwanOnError.Missing)]
    public void An_index_of_nothing_but_bad_rows_is_refused_with_the_reasons(SwanOnError onError)
    {
        string file = TinyModel.Write(_folder.FullName);
        IDataView data = _ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 9).Select(i => new Caption { Text = _folder.File($"none {i}.png") }).ToArray());
        IDataView embedded = _ml.Transforms
            .SwanEmbedding("Embedding", "Text", file, new SwanEmbeddingOptions { OnError = onError }).Fit(data).Transform(data);
        var e = Assert.Throws<SwanNothingEmbeddedException>(() => Build(embedded, "Embedding", "Text"));
        Assert.Equal(9, e.Rows);
        Assert.Contains("Missing 9", e.Message, StringComparison.Ordinal);
        Assert.Contains("none 0.png", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_of_no_rows_at_all_is_refused()
    {
        string file = TinyModel.Write(_folder.FullName);
        IDataView data = _ml.Data.LoadFromEnumerable(Array.Empty<Caption>());
        var options = new SwanEmbeddingOptions { OnError = SwanOnError.Skip };
        IDataView embedded = _ml.Transforms.SwanEmbedding("Embedding", "Text", file, options).Fit(data).Transform(data);
        var e = Assert.Throws<SwanNothingEmbeddedException>(() => Build(embedded, "Embedding", "Text"));
        Assert.Equal(0, e.Rows);
        Assert.Contains("The data has no rows", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_key_column_a_result_is_known_by_its_row()
    {
        SwanIndex index = Build(Rows(new() { Vector = [1, 0] }, new() { Vector = [float.NaN, 0] }, new() { Vector = [0, 5] }), "Vector");
        Assert.Equal(["0", "2"], index.Keys);
        Assert.Null(index.Model);
    }

    [Fact]
    public void Sparse_vectors_count_their_zeros()
    {
        IDataView data =
            _ml.Data.LoadFromEnumerable([new Category { Name = "a" }, new Category { Name = "b" }, new Category { Name = "c" }]);
        IDataView hot = _ml.Transforms.Categorical.OneHotEncoding("Vector", "Name").Fit(data).Transform(data);
        Assert.Equal(["b", "a", "c"], Build(hot, "Vector", "Name").Search([0, 1, 0], 3).Select(h => h.Key));
    }

    [Fact]
    public void Rows_that_can_not_be_found_are_counted_and_logged_with_the_first_one()
    {
        var warnings = new List<string>();
        _ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) warnings.Add(e.RawMessage);
        };
        SwanIndex index = Build(
            Rows(new() { Vector = [1, 0] }, new() { Vector = [float.NaN, 0] }, new() { Vector = [0, 0] }), "Vector", "Key");
        Assert.Equal((1, 2L), (index.Count, index.SkippedRows));
        string warning = Assert.Single(warnings);
        Assert.Contains("2 rows", warning, StringComparison.Ordinal);
        Assert.Contains("the first is row 1", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_key_is_refused_with_row_and_column()
    {
        string message = Assert.Throws<SwanRowException>(
            () => Build(Rows(new() { Vector = [1, 0] }, new() { Vector = [1, 0], Key = "" }), "Vector", "Key")).Message;
        Assert.Contains("row 1 (column 'Key') is empty", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_without_any_embedding_is_refused_by_name() => Assert.Contains(
        "None of 1 row (column 'Vector')",
        Assert.Throws<SwanRowException>(() => Build(Rows(new Row { Vector = [0, 0] }), "Vector")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Nothing", null, "There is no column 'Nothing'; the data has Vector, Key")]
    [InlineData("Key", null, "The column 'Key' is String; expected embeddings")]
    [InlineData("Vector", "Nothing", "There is no column 'Nothing'")]
    [InlineData("Vector", "Vector", "expected String")]
    public void Columns_that_do_not_fit_are_refused_by_name(string embedding, string? key, string expected) => Assert.Contains(
        expected, Assert.Throws<ArgumentOutOfRangeException>(() => Build(Rows(new Row { Vector = [1, 0] }), embedding, key)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_model_that_contradicts_the_column_is_refused()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Caption { Text = "river" }]);
        IDataView embedded = _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", TinyModel.Write(_folder.FullName))
            .Fit(data)
            .Transform(data);
        string message = Assert.Throws<SwanMismatchException>(() => _ml.Swan().BuildIndex(embedded, "Embedding",
            model: new ModelIdentity("other", "f00"), cancellationToken: TestContext.Current.CancellationToken)).Message;
        Assert.Contains("'tiny'", message, StringComparison.Ordinal);
        Assert.Contains("'other'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Canceling_ends_building() => Assert.ThrowsAny<OperationCanceledException>(
        () => _ml.Swan().BuildIndex(Rows(new Row { Vector = [1, 0] }), "Vector", cancellationToken: new CancellationToken(canceled: true)));

    [Theory]
    [InlineData(nameof(KeyRow.Name), "east")]
    [InlineData(nameof(KeyRow.Number), "7")]
    public void A_key_column_as_keys_is_refused_with_advice_that_works(string column, string expected)
    {
        IDataView rows = _ml.Data.LoadFromEnumerable([new KeyRow { Vector = [1, 0], Name = "east", Number = 7 }]);
        IDataView keyed = _ml.Transforms.Conversion.MapValueToKey("K", column).Fit(rows).Transform(rows);
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => Build(keyed, "Vector", "K")).Message;
        Assert.Contains("mlContext.Transforms.Conversion.MapKeyToValue(\"K\").", message, StringComparison.Ordinal);
        IDataView values = _ml.Transforms.Conversion.MapKeyToValue("K").Fit(keyed).Transform(keyed);
        if (column == nameof(KeyRow.Number)) values = ToText("K", values);
        Assert.Equal([expected], Build(values, "Vector", "K").Keys);
    }

    [Theory]
    [InlineData(nameof(KeyRow.Number), true)]
    [InlineData(nameof(KeyRow.When), true)]
    [InlineData(nameof(KeyRow.Flag), true)]
    [InlineData(nameof(KeyRow.Vector), false)]
    [InlineData(nameof(KeyRow.Plain), false)]
    public void Keys_of_other_types_are_refused_with_advice_that_works(string column, bool converts)
    {
        IDataView rows = _ml.Data.LoadFromEnumerable([new KeyRow { Vector = [1, 0], When = new DateTime(2026, 1, 2) }]);
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => Build(rows, "Vector", column)).Message;
        Assert.Equal(converts, message.Contains($".ConvertType(\"{column}\", outputKind: DataKind.String)", StringComparison.Ordinal));
        if (!converts) return;
        Assert.NotEqual("", Assert.Single(Build(ToText(column, rows), "Vector", column).Keys));
    }

    private IDataView ToText(string column, IDataView rows) =>
        _ml.Transforms.Conversion.ConvertType(column, outputKind: DataKind.String).Fit(rows).Transform(rows);

    private SwanIndex Build(IDataView data, string embedding, string? key = null) =>
        _ml.Swan().BuildIndex(data, embedding, key, cancellationToken: TestContext.Current.CancellationToken);

    private IDataView Rows(params Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    public sealed class Row
    {
        [VectorType(2)]
        public float[] Vector { get; set; } = [];

        public string Key { get; set; } = "key";
    }

    public sealed class KeyRow
    {
        [VectorType(2)]
        public float[] Vector { get; set; } = [];

        public string Name { get; set; } = "";

        public int Number { get; set; }

        [KeyType(9)]
        public uint Plain { get; set; }

        public DateTime When { get; set; }

        public bool Flag { get; set; }
    }

    public sealed class Caption
    {
        public string Text { get; set; } = "";
    }

    public sealed class Category
    {
        public string Name { get; set; } = "";
    }
}
