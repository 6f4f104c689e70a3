using System.Text;
using Microsoft.ML;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Search.Live;

/// <summary>An index knows which bands of its images were read and what stood for no data, as it knows their range.</summary>
public sealed class IndexSamplesTests : IDisposable
{
    private static readonly int[] s_bands = [4, 3, 2];

    private readonly LiveFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string _model, _image;

    public IndexSamplesTests()
    {
        Directory.CreateDirectory(_folder.Path("files"));
        _model = TinyModel.Write(_folder.Path("files"));
        _image = _folder.Path("deep.tif");
        File.WriteAllBytes(_image, new WrittenTiff(16, 16, 4, 16, (x, y, band) => 90 * x + 40 * y + 300 * band).Write());
    }

    private IDataView Rows => _ml.Data.LoadFromEnumerable([new TextRow { Text = _image }]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_living_index_keeps_bands_and_no_data_of_its_column()
    {
        using (SwanLiveIndex built = _ml.Swan().BuildLiveIndex(Embed(s_bands, -1.5), _folder.Index, keyColumnName: "Text"))
            Assert.Equal("4,3,2/-1.5/", Said(built));
        using SwanLiveIndex index = _folder.Open();
        Assert.Equal("4,3,2/-1.5/", Said(index));
        Assert.Equal(1, _ml.Swan().AddToIndex(index, Embed(s_bands, -1.5), keyColumnName: "Text").Unchanged);
        foreach ((int[]? bands, double? noData) in ((int[]?, double?)[])[(null, -1.5), ([3, 2, 1], -1.5), (s_bands, null), (s_bands, 0)])
        {
            SwanMismatchException e = Assert.Throws<SwanMismatchException>(
                () => _ml.Swan().AddToIndex(index, Embed(bands, noData), keyColumnName: "Text"));
            Assert.Contains("bands 4,3,2 and no data -1.5", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_image_that_is_read_from_other_bands_is_no_query()
    {
        using SwanModel same = Model(s_bands, double.NaN), other = Model(null, double.NaN), all = Model(null, null);
        using SwanLiveIndex index = _ml.Swan().BuildLiveIndex(Embed(s_bands, double.NaN), _folder.Index, keyColumnName: "Text");
        string saved = _folder.Path("gallery.swanindex");
        using (SwanIndexSnapshot snapshot = index.Snapshot()) snapshot.ToSwanIndex(TestContext.Current.CancellationToken).Save(saved);
        SwanIndex memory = SwanIndex.Load(saved);
        foreach (SwanGallery gallery in (SwanGallery[])[index, memory])
        {
            Assert.Equal(1, gallery.SearchImage(same, _image, 1)[0].Score, tolerance: 1e-5f);
            Assert.Throws<SwanMismatchException>(() => gallery.SearchImage(other, _image, 1));
            Assert.Contains(
                "bands 4,3,2 and no data NaN",
                Assert.Throws<SwanMismatchException>(() => gallery.SearchImage(all, _image, 1)).Message, StringComparison.Ordinal);
            Assert.Single(gallery.SearchCaption(all, "river", 1));
        }
        Assert.Single(memory.ForRange(null).SearchImage(all, _image, 1));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.SwanSearch("Keys", "Scores", "Embedding", index).Fit(Embed(null, null)));
    }

    [Fact]
    public void Bands_of_the_files_are_another_choice_than_bands_that_were_given()
    {
        using SwanLiveIndex index = _ml.Swan().BuildLiveIndex(Embed(null, null), _folder.Index, keyColumnName: "Text");
        Assert.Null(index.Bands);
        using SwanModel given = Model(s_bands, null), byFile = Model(null, null);
        Assert.Single(index.SearchImage(byFile, _image, 1));
        Assert.Throws<SwanMismatchException>(() => index.SearchImage(given, _image, 1));
    }

    [Fact]
    public void A_manifest_of_an_earlier_version_says_nothing_of_bands()
    {
        using (_ml.Swan().BuildLiveIndex(Embed(s_bands, 0), _folder.Index, keyColumnName: "Text"))
        {
            // Written.
        }
        var folder = new IndexFolder(_folder.Index);
        IndexManifest manifest = IndexManifestFile.Parse(folder, IndexManifestFile.ReadBytes(folder));
        IndexManifestFile.Write(folder, manifest with { Rows = manifest.Rows with { Samples = null } });
        Assert.DoesNotContain("samples", File.ReadAllText(folder.Manifest), StringComparison.Ordinal);
        using SwanLiveIndex earlier = _folder.Open();
        Assert.Null(earlier.Bands);
        foreach (int[]? bands in (int[]?[])[null, s_bands, [1]])
        {
            using SwanModel model = Model(bands, null);
            Assert.Single(earlier.SearchImage(model, _image, 1));
        }
    }

    [Theory]
    [InlineData("4,3", "0")]
    [InlineData("4,3,two", "0")]
    [InlineData("0", "0")]
    [InlineData("4,3,2", "none")]
    [InlineData("4,3,2", "Infinity")]
    public void A_manifest_that_claims_bands_that_can_not_be_is_damaged(string bands, string noData)
    {
        SwanLiveIndex.Create(_folder.Index, new SwanIndexSettings(3) { Bands = s_bands, NoData = 0 }).Dispose();
        var folder = new IndexFolder(_folder.Index);
        IndexManifest manifest = IndexManifestFile.Parse(folder, IndexManifestFile.ReadBytes(folder));
        var samples = new ManifestSamples { Bands = bands, NoData = noData };
        IndexManifestFile.Write(folder, manifest with { Rows = manifest.Rows with { Samples = samples } });
        SwanFormatException e = Assert.Throws<SwanFormatException>(() => _folder.Open());
        Assert.Contains($"claims bands '{bands}'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_say_bands_and_no_data_and_the_last_word_counts()
    {
        using (SwanLiveIndex index = SwanLiveIndex.Create(_folder.Index, new SwanIndexSettings(3) { Bands = [2], NoData = double.NaN }))
        {
            Assert.Equal("2/NaN/", Said(index));
            using SwanIndexSnapshot snapshot = index.Snapshot();
            SwanIndexSettings settings = SwanIndexSettings.For(snapshot.ToSwanIndex(TestContext.Current.CancellationToken));
            Assert.Equal([2], settings.Bands);
            settings.Range = SampleRange.Full;
            using var other = SwanLiveIndex.Create(_folder.Path("other"), settings);
            Assert.Equal("2/NaN/full", Said(other));
        }
        string message = Assert.Throws<ArgumentException>(() => SwanLiveIndex.Create(
            _folder.Path("wrong"), new SwanIndexSettings(3) { Bands = [1, 2], NoData = double.NegativeInfinity })).Message;
        Assert.Contains("Bands is '1,2'", message, StringComparison.Ordinal);
        Assert.Contains("NoData is infinite", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_re_embedding_says_its_own_bands()
    {
        using SwanLiveIndex index = _ml.Swan().BuildLiveIndex(Embed(s_bands, null), _folder.Index, keyColumnName: "Text");
        using (SwanIndexWriter writer = index.OpenWriter())
        {
            var next = new ModelIdentity("next", "f00");
            Assert.Throws<ArgumentOutOfRangeException>(() => writer.BeginReembedding(next, 3, bands: [0]));
            SwanIndexReembedding reembedding = writer.BeginReembedding(next, 3, SampleRange.Full, [3], 7);
            // The same one goes on; another one is refused.
            Assert.Same(reembedding, writer.BeginReembedding(next, 3, SampleRange.Full, [3], 7));
            Assert.Throws<InvalidOperationException>(() => writer.BeginReembedding(next, 3, SampleRange.Full, [2], 7));
            foreach (SwanRow row in reembedding.Pending().ToArray()) reembedding.Add(row.Key, [1, 0, 0]);
            reembedding.Complete(cancellationToken: TestContext.Current.CancellationToken);
        }
        using SwanLiveIndex again = _folder.Open();
        Assert.Equal("3/7/full", Said(again));
        using SwanIndexWriter later = again.OpenWriter();
        SwanMismatchException e = Assert.Throws<SwanMismatchException>(() => later.RequireComparable(
            null, null, GivenRange.Said(SampleRange.Full, [2], 7)));
        Assert.Contains("bands 3 and no data 7", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_manifest_has_a_field_for_each()
    {
        SwanLiveIndex.Create(_folder.Index, new SwanIndexSettings(3) { Bands = s_bands }).Dispose();
        string json = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(_folder.Index, "manifest.json")));
        Assert.Contains("\"samples\": {\n      \"bands\": \"4,3,2\"\n    }", json, StringComparison.Ordinal);
    }

    private static string Said(SwanGallery gallery) =>
        FormattableString.Invariant($"{string.Join(',', gallery.Bands ?? [])}/{gallery.NoData}/{gallery.Range}");

    private SwanModel Model(int[]? bands, double? noData) =>
        SwanModel.Open(_model, new() { Decoding = new() { Bands = bands, NoData = noData } });

    private IDataView Embed(int[]? bands, double? noData) => _ml.Transforms.SwanEmbedding(
        "Embedding", "Text", _model, new SwanEmbeddingOptions { Bands = bands, NoData = noData }).Fit(Rows).Transform(Rows);
}
