using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Metadata;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Catalog;

public sealed class BuildLiveIndexTests : IDisposable
{
    private static readonly string[] s_values = ["Region", "Clouds", "Level", "Taken", "IsDay", "Place", "Area"];
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Columns_of_a_data_view_become_columns_of_the_index()
    {
        using SwanLiveIndex index = Build(Rows(3));
        Assert.Equal(
            [
                ("Region", SwanColumnType.Text), ("Clouds", SwanColumnType.Number), ("Level", SwanColumnType.Number),
                ("Taken", SwanColumnType.Date), ("IsDay", SwanColumnType.Boolean), ("Place", SwanColumnType.Point),
                ("Area", SwanColumnType.Box),
            ],
            index.Columns.Select(c => (c.Name, c.Type)));
        Assert.True(index.TryGet("1.png", out SwanRow? row));
        Assert.Equal(
            [
                "region 1", 0.5, 1L << 40, new DateTimeOffset(2025, 1, 2, 0, 0, 0, TimeSpan.Zero), false, new SwanPoint(1, 2),
                new SwanBox(0, 1, 2, 3),
            ],
            s_values.Select(name => row.Values[name] is double number && name == "Level" ? (long)number : row.Values[name]));
        SwanHit[] found = index.Search(Row(2).Embedding, new SwanGallerySearchOptions { Filter = SwanFilter.Parse("Region = 'region 2'") });
        Assert.Equal("2.png", Assert.Single(found).Key);
    }

    [Fact]
    public void Missing_values_are_empty_texts_and_numbers_that_are_none()
    {
        Tile[] rows = Rows(1);
        (rows[0].Region, rows[0].Clouds, rows[0].Place) = ("", float.NaN, [float.NaN, 0]);
        using SwanLiveIndex index = Build(rows);
        Assert.True(index.TryGet("0.png", out SwanRow? row));
        Assert.Equal([null, null, null], ((string[])["Region", "Clouds", "Place"]).Select(name => row.Values[name]));
    }

    [Fact]
    public void Adding_the_same_rows_again_changes_nothing()
    {
        using SwanLiveIndex index = Build(Rows(3));
        long generation = index.Generation;
        Assert.Equal(new SwanIndexChanges(0, 0, 3, 0), Add(index, Rows(3)));
        Assert.Equal(generation, index.Generation);
        Tile[] rows = Rows(4);
        rows[1].Region = "moved";
        Assert.Equal(new SwanIndexChanges(1, 1, 2, 0), Add(index, rows));
        Assert.Equal((4, generation + 1), (index.Count, index.Generation));
    }

    [Fact]
    public void Values_of_columns_that_are_not_named_stay()
    {
        using SwanLiveIndex index = Build(Rows(2));
        long generation = index.Generation;
        Assert.Equal(new SwanIndexChanges(0, 0, 2, 0), _ml.Swan().AddToIndex(index, _ml.Data.LoadFromEnumerable(Rows(2))));
        Assert.Equal(generation, index.Generation);
        Tile[] rows = Rows(3);
        (rows[1].Embedding, rows[1].Clouds) = ([0, 0, 1], 7);
        Assert.Equal(new SwanIndexChanges(1, 1, 1, 0),
            _ml.Swan().AddToIndex(index, _ml.Data.LoadFromEnumerable(rows), valueColumnNames: ["Clouds"]));
        Assert.True(index.TryGet("1.png", out SwanRow? row));
        Assert.Equal(("region 1", 7.0), (row.Values["Region"], row.Values["Clouds"]));
    }

    [Fact]
    public void A_row_that_can_not_be_kept_leaves_the_index_as_it_was()
    {
        using SwanLiveIndex index = Build(Rows(2));
        Tile[] rows = Rows(4);
        rows[3].Level = (1L << 53) + 1;
        SwanRowException e = Assert.Throws<SwanRowException>(() => Add(index, rows));
        Assert.Equal((3, "Level"), (e.Row, e.Column));
        rows[3].Level = 0;
        rows[2].ImagePath = "";
        e = Assert.Throws<SwanRowException>(() => Add(index, rows));
        Assert.Equal((2, "ImagePath"), (e.Row, e.Column));
        Assert.Equal(2, index.Count);
    }

    [Fact]
    public void A_build_that_fails_leaves_no_index_behind()
    {
        Assert.Throws<SwanNothingEmbeddedException>(() => Build([]));
        Tile[] rows = Rows(2);
        rows[1].ImagePath = "";
        Assert.Throws<SwanRowException>(() => Build(rows));
        Assert.False(Directory.Exists(_folder.File("index")));
        using SwanLiveIndex index = Build(Rows(2));
        Assert.Throws<IOException>(() => Build(Rows(2)));
        Assert.Equal(2, index.Count);
    }

    [Fact]
    public void A_build_that_fails_leaves_its_folder_as_it_was()
    {
        string folder = _folder.File("index"), notes = Path.Combine(folder, "notes.txt");
        Directory.CreateDirectory(folder);
        File.WriteAllText(notes, "mine");
        Assert.Throws<SwanNothingEmbeddedException>(() => Build([]));
        Assert.Equal([notes], Directory.EnumerateFileSystemEntries(folder));
        Directory.CreateDirectory(Path.Combine(folder, "segments"));
        Assert.Throws<SwanNothingEmbeddedException>(() => Build([]));
        Assert.Equal(["notes.txt", "segments"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order());
        IDataView none = _ml.Data.LoadFromEnumerable(Rows(0));
        Assert.Throws<SwanNothingEmbeddedException>(() => _ml.Swan().BuildLiveIndex(none, _folder.File("new/inner/index")));
        Assert.False(Directory.Exists(_folder.File("new")));
    }

    [Theory]
    [InlineData("Embedding", "is Vector<Single, 3>, which a column of an index can't store")]
    [InlineData("Nowhere", "There is no column 'Nowhere'")]
    public void A_column_that_can_not_be_one_is_named(string name, string expected)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Rows(1));
        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Swan().BuildLiveIndex(data, _folder.File("index"), valueColumnNames: [name]));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_of_a_pipeline_knows_its_model_and_refuses_another()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(TinyModel.Sentences.Select(s => new TextRow { Text = s }).ToArray());
        string file = TinyModel.Write(_folder.FullName);
        IDataView embedded = _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", file).Fit(data).Transform(data);
        using SwanLiveIndex index = _ml.Swan().BuildLiveIndex(embedded, _folder.File("index"), "Embedding", "Text");
        using SwanModel model = _ml.Swan().LoadModel(file);
        Assert.Equal(model.Card.Identity, index.Model);
        Assert.Equal(TinyModel.Sentences[2], index.SearchCaption(model, TinyModel.Sentences[2], 1)[0].Key);
        var settings = new SwanIndexSettings(TinyModel.EmbeddingSize) { Model = new("other", "f00") };
        Assert.Throws<SwanMismatchException>(
            () => _ml.Swan().BuildLiveIndex(embedded, _folder.File("other"), "Embedding", "Text", settings: settings));
        using SwanLiveIndex other = SwanLiveIndex.Create(_folder.File("other"), settings);
        Assert.Throws<SwanMismatchException>(() => _ml.Swan().AddToIndex(other, embedded, "Embedding", "Text"));
    }

    private SwanLiveIndex Build(Tile[] rows) => _ml.Swan().BuildLiveIndex(
        _ml.Data.LoadFromEnumerable(rows), _folder.File("index"), valueColumnNames: s_values,
        cancellationToken: TestContext.Current.CancellationToken);

    private SwanIndexChanges Add(SwanLiveIndex index, Tile[] rows) => _ml.Swan().AddToIndex(
        index, _ml.Data.LoadFromEnumerable(rows), valueColumnNames: s_values, cancellationToken: TestContext.Current.CancellationToken);

    private static Tile[] Rows(int count) => [.. Enumerable.Range(0, count).Select(Row)];

    private static Tile Row(int i) => new()
    {
        ImagePath = $"{i}.png", Embedding = [1, i, 0], Region = $"region {i}", Clouds = i / 2f, Level = (long)i << 40,
        Taken = new DateTime(2025, 1, 1 + i), IsDay = i % 2 == 0, Place = [i, 2 * i], Area = [0, 1, 2, 3],
    };

    private sealed class Tile
    {
        public string ImagePath { get; set; } = "";

        [VectorType(3)]
        public float[] Embedding { get; set; } = [];

        public string Region { get; set; } = "";

        public float Clouds { get; set; }

        public long Level { get; set; }

        public DateTime Taken { get; set; }

        public bool IsDay { get; set; }

        [VectorType(2)]
        public float[] Place { get; set; } = [];

        [VectorType(4)]
        public double[] Area { get; set; } = [];
    }
}
