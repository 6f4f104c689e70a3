using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Swan.MLNet.Generators;
using Swan.MLNet.Models;
using Swan.MLNet.Text;

namespace Swan.VectorData.Tests;

public sealed class EmbeddingGeneratorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SwanModel _model;

    public EmbeddingGeneratorTests() => _model = SwanModel.Open(TinyModel.Write(_folder.FullName));

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Captions_are_embedded_by_the_model_inside_the_library()
    {
        SwanModel model = SwanModel.Default;
        using VectorStore store = Store(new SwanCaptionEmbeddingGenerator(model));
        VectorStoreCollection<object, Dictionary<string, object?>> notes = store.GetDynamicCollection("notes", new()
        {
            Properties =
            [
                new VectorStoreKeyProperty("Id", typeof(int)), new VectorStoreDataProperty("Text", typeof(string)),
                new VectorStoreVectorProperty("Embedding", typeof(string), model.Card.EmbeddingSize),
            ],
        });
        await notes.EnsureCollectionExistsAsync();
        string[] texts = ["many planes are parked next to a terminal", "a river runs through a forest", "boats in a harbor"];
        await notes.UpsertAsync(
            texts.Select((text, i) => new Dictionary<string, object?> { ["Id"] = i, ["Text"] = text, ["Embedding"] = text }));
        VectorSearchResult<Dictionary<string, object?>> best = await notes.SearchAsync("airplanes at an airport terminal", 1).FirstAsync();
        Assert.Equal(texts[0], best.Record["Text"]);
        Assert.InRange(best.Score!.Value, 0.3, 1);
    }

    [Fact]
    public async Task Images_are_stored_and_texts_find_them_with_the_models_own_scores()
    {
        using VectorStore store = Store(new SwanEmbeddingGenerator(_model));
        VectorStoreCollection<string, Picture> pictures = store.GetCollection<string, Picture>("pictures");
        await pictures.EnsureCollectionExistsAsync();
        string[] paths = [.. Enumerable.Range(0, 4).Select(i => TinyImages.Write(_folder.FullName, $"{i}.png", seed: i))];
        var records = new List<Picture>();
        foreach (string path in paths)
            records.Add(new Picture { Path = Path.GetFileName(path), Image = await DataContent.LoadFromAsync(path) });
        await pictures.UpsertAsync(records);

        float[] query = _model.EmbedCaption("green river bridge");
        (string Path, double Score)[] expected =
        [
            .. paths.Select(path => (Path: Path.GetFileName(path), Score: Cosine(query, _model.EmbedImage(path))))
                .OrderByDescending(p => p.Score),
        ];
        List<VectorSearchResult<Picture>> found = await pictures.SearchAsync("green river bridge", 9).ToListAsync();
        Assert.Equal(expected.Select(p => p.Path), found.Select(hit => hit.Record.Path));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Score, pair.Second.Score!.Value, 5));
        // More like an image.
        Assert.Equal("2.png", (await pictures.SearchAsync(records[2].Image!, 1).FirstAsync()).Record.Path);
        Assert.Null(found[0].Record.Image);
    }

    [Fact]
    public async Task A_property_may_make_its_source_of_others()
    {
        using VectorStore store = Store(new SwanCaptionEmbeddingGenerator(_model));
        VectorStoreCollection<int, Note> notes = store.GetCollection<int, Note>("notes");
        await notes.EnsureCollectionExistsAsync();
        await notes.UpsertAsync([new Note { Id = 1, Text = "green river bridge" }, new Note { Id = 2, Text = "stadium farmland houses" }]);
        Assert.Equal("stadium farmland houses", (await notes.SearchAsync("stadium houses", 1).FirstAsync()).Record.Text);
    }

    [Fact]
    public async Task What_was_embedded_is_not_kept_so_its_vector_is_not_given()
    {
        using VectorStore store = Store(new SwanCaptionEmbeddingGenerator(_model));
        VectorStoreCollection<int, Note> notes = store.GetCollection<int, Note>("notes");
        await notes.EnsureCollectionExistsAsync();
        await Assert.ThrowsAsync<NotSupportedException>(() => notes.GetAsync(1, new RecordRetrievalOptions { IncludeVectors = true }));
        Assert.Throws<NotSupportedException>(() => notes.GetAsync([1], new RecordRetrievalOptions { IncludeVectors = true }));
        Assert.Throws<NotSupportedException>(() => notes.GetAsync(n => true, 1, new() { IncludeVectors = true }));
        Assert.Throws<NotSupportedException>(() => notes.SearchAsync("river", 1, new() { IncludeVectors = true }));
    }

    [Fact]
    public async Task Errors_of_the_generator_come_as_they_are_and_nothing_is_stored()
    {
        using VectorStore store = Store(new SwanCaptionEmbeddingGenerator(_model));
        VectorStoreCollection<int, Note> notes = store.GetCollection<int, Note>("notes");
        await notes.EnsureCollectionExistsAsync();
        await Assert.ThrowsAsync<SwanTextException>(
            () => notes.UpsertAsync([new Note { Id = 1, Text = "green river" }, new Note { Id = 2, Text = "zzz" }]));
        await Assert.ThrowsAsync<SwanTextException>(async () => await notes.SearchAsync("zzz", 1).ToListAsync());
        Assert.Null(await notes.GetAsync(1));
        var e = await Assert.ThrowsAsync<VectorStoreException>(
            () => notes.UpsertAsync([new Note { Id = 1, Text = "river" }, new Note { Id = 2 }]));
        Assert.Contains("'Source' of record 1 is null", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_nearest_generator_counts()
    {
        var (own, definitions, stores) = (new Constant(0), new Constant(1), new Constant(2));
        using VectorStore store = Store(stores);
        VectorStoreCollectionDefinition Definition(IEmbeddingGenerator? definition, IEmbeddingGenerator? property) => new()
        {
            EmbeddingGenerator = definition,
            Properties =
            [
                new VectorStoreKeyProperty("Id", typeof(int)),
                new VectorStoreVectorProperty("Embedding", typeof(Uri), 3) { EmbeddingGenerator = property },
            ],
        };
        (IEmbeddingGenerator?, IEmbeddingGenerator?, Constant)[] cases =
            [(definitions, own, own), (definitions, null, definitions), (null, null, stores)];
        foreach ((IEmbeddingGenerator? definition, IEmbeddingGenerator? property, Constant used) in cases)
        {
            VectorStoreCollection<object, Dictionary<string, object?>> links =
                store.GetDynamicCollection($"links{used.Axis}", Definition(definition, property));
            await links.EnsureCollectionExistsAsync();
            await links.UpsertAsync(new Dictionary<string, object?> { ["Id"] = 1, ["Embedding"] = new Uri("https://example.org") });
            float[] axis = new float[3];
            axis[used.Axis] = 1;
            Assert.Equal(1, (await links.SearchAsync(axis, 1).FirstAsync()).Score!.Value, 6);
        }
    }

    [Fact]
    public async Task An_index_of_another_model_is_refused()
    {
        using (VectorStore store = Store(new SwanCaptionEmbeddingGenerator(_model)))
            await store.GetCollection<int, Note>("notes").EnsureCollectionExistsAsync();
        string folder = Directory.CreateDirectory(_folder.File("other")).FullName;
        using SwanModel other = SwanModel.Open(TinyModel.WriteWithConstant(folder));
        using VectorStore same = Store(new SwanCaptionEmbeddingGenerator(other));
        var e = await Assert.ThrowsAsync<VectorStoreException>(
            () => same.GetCollection<int, Note>("notes").UpsertAsync(new Note { Id = 1, Text = "river" }));
        Assert.Contains("scores would be meaningless", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_generator_of_other_sources_is_refused_for_properties_and_queries()
    {
        using VectorStore store = Store(new Constant(0));
        Assert.Contains(
            "Constant doesn't embed", Assert.Throws<InvalidOperationException>(() => store.GetCollection<int, Note>("notes")).Message,
            StringComparison.Ordinal);
        using VectorStore none = Store(null);
        Assert.Contains(
            "no generator", Assert.Throws<InvalidOperationException>(() => none.GetCollection<int, Note>("notes")).Message,
            StringComparison.Ordinal);
        VectorStoreCollection<string, Tile> tiles = store.GetCollection<string, Tile>("tiles");
        Assert.Throws<InvalidOperationException>(() => tiles.SearchAsync("a text", 1));
    }

    private static double Cosine(float[] a, float[] b) => a.Zip(b).Sum(pair => (double)pair.First * pair.Second);

    private VectorStore Store(IEmbeddingGenerator? generator) =>
        new SwanVectorStore(_folder.File("store"), new SwanVectorStoreOptions { EmbeddingGenerator = generator });

    private sealed class Picture
    {
        [VectorStoreKey]
        public string Path { get; set; } = "";

        [VectorStoreVector(TinyModel.EmbeddingSize)]
        public DataContent? Image { get; set; }
    }

    private sealed class Note
    {
        [VectorStoreKey]
        public int Id { get; set; }

        [VectorStoreData]
        public string? Text { get; set; }

        [VectorStoreVector(TinyModel.EmbeddingSize)]
        public string? Source => Text;
    }

    /// <summary>Embeds every link as one axis.</summary>
    private sealed class Constant(int axis) : IEmbeddingGenerator<Uri, Embedding<float>>
    {
        public int Axis => axis;

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<Uri> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            var made = new GeneratedEmbeddings<Embedding<float>>();
            foreach (Uri _ in values)
            {
                float[] vector = new float[3];
                vector[axis] = 1;
                made.Add(new Embedding<float>(vector));
            }
            return Task.FromResult(made);
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
