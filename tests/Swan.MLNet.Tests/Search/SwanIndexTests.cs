using CsCheck;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search;

public sealed class SwanIndexTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_search_gives_keys_rows_and_cosines_best_first()
    {
        SwanIndex index = Build([1, 0, 0, 1, 0.6f, 0.8f, -1, 0], 2, ["east", "north", "between", "west"]);
        SwanHit[] hits = index.Search([0, 1], 3);
        Assert.Equal([new SwanHit("north", 1, 1), new SwanHit("between", 2, 0.8f), new SwanHit("east", 0, 0)], hits);
        Assert.Equal((4, 2, 0L), (index.Count, index.EmbeddingSize, index.SkippedRows));
    }

    [Fact]
    public void Rows_and_queries_of_any_length_are_compared_by_angle_alone() =>
        Gen.Select(Gen.Float[-1, 1].Array[5, 5].Where(Long), Gen.Float[-1, 1].Array[5, 5].Where(Long),
            Gen.OneOf(1e-38f, 1e-30f, 1e-3f, 1, 7, 1e30f, 1e38f)).Sample((row, query, scale) =>
        {
            double expected = Dot(row, query) / Math.Sqrt(Dot(row, row) * Dot(query, query));
            SwanIndex index = Build(Array.ConvertAll(row, v => v * scale), 5);
            Assert.Equal(expected, index.Search(query, 1)[0].Score, tolerance: 1e-6);
            Assert.Equal(expected, Build(row, 5).Search(Array.ConvertAll(query, v => v * scale), 1)[0].Score, tolerance: 1e-6);
        }, iter: 1000);

    [Fact]
    public void Embeddings_that_an_encoder_made_unit_are_kept_to_the_last_bit()
    {
        float[] embedding = TinyModel.CaptionEmbedding("green river");
        SwanIndex index = Build(embedding, embedding.Length);
        Assert.Equal(embedding, index.Gallery.Row(0).ToArray());
    }

    [Fact]
    public void Rows_without_a_direction_are_left_out_and_counted_and_the_others_keep_their_own_number_as_key()
    {
        float[] rows = [1, 0, float.NaN, 1, 0, 0, 0, 1, float.PositiveInfinity, 0, -1, 0];
        SwanIndex index = Build(rows, 2);
        Assert.Equal((3, 3L), (index.Count, index.SkippedRows));
        Assert.Equal(["0", "3", "5"], index.Keys);
        Assert.Equal([new SwanHit("3", 1, 1), new SwanHit("0", 0, 0), new SwanHit("5", 2, 0)], index.Search([0, 1], 10));
    }

    [Fact]
    public void A_gallery_without_any_direction_is_refused() =>
        Assert.Contains(
            "None of 2 rows", Assert.Throws<ArgumentException>(() => Build([0, 0, float.NaN, 1], 2)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_empty_gallery_finds_nothing()
    {
        SwanIndex index = Build([], 2);
        Assert.Empty(index.Search([1, 0], 5));
        Assert.Equal(2, index.SearchMany([1, 0, 0, 1], 5, TestContext.Current.CancellationToken).Length);
    }

    [Fact]
    public void Many_queries_at_once_get_the_same_answers_as_one_by_one()
    {
        var random = new Random(9);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        SwanIndex index = Build(Values(500 * 33), 33);
        float[] queries = Values(130 * 33);
        SwanHit[][] many = index.SearchMany(queries, 7, TestContext.Current.CancellationToken);
        for (int q = 0; q < 130; q++) Assert.Equal(index.Search(queries.AsSpan(q * 33, 33), 7), many[q]);
        Assert.Empty(index.SearchMany([], 7, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Many_threads_share_one_index()
    {
        SwanIndex index = Build([1, 0, 0, 1, 0.6f, 0.8f, -1, 0], 2);
        SwanHit[] expected = index.Search([0.1f, 1], 4);
        Parallel.For(0, 200, _ => Assert.Equal(expected, index.Search([0.1f, 1], 4)));
    }

    [Fact]
    public void Queries_that_do_not_fit_are_refused_with_the_reason()
    {
        SwanIndex index = Build([1, 0], 2, model: new ModelIdentity("rsicd", "0123456789"));
        string message = Assert.Throws<ArgumentException>(() => index.Search([1, 0, 0], 1)).Message;
        Assert.Contains("3 values", message, StringComparison.Ordinal);
        Assert.Contains("'rsicd' (01234567)", message, StringComparison.Ordinal);
        Assert.Contains("Query 1",
            Assert.Throws<ArgumentException>(() => index.SearchMany([1, 0, 0, 0], 1, TestContext.Current.CancellationToken)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => index.Search([float.NaN, 0], 1));
        Assert.Throws<ArgumentException>(() => index.SearchMany([1, 0, 1], 1, TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Search([1, 0], 0));
    }

    [Fact]
    public void Keys_that_do_not_fit_are_refused_with_the_reason()
    {
        string Refused(params string[] keys) => Assert.Throws<ArgumentException>(() => Build([1, 0, 0, 1], 2, keys)).Message;
        Assert.Contains("2 embeddings of 2 values, but 1 keys", Refused("one"), StringComparison.Ordinal);
        Assert.Contains("row 1 is empty", Refused("one", ""), StringComparison.Ordinal);
        Assert.Contains("the limit is 65,536", Refused("one", new string('x', 70_000)), StringComparison.Ordinal);
        Assert.Contains("surrogate", Refused("one", "\ud800"), StringComparison.Ordinal);
        Assert.Contains("3 values", Assert.Throws<ArgumentException>(() => Build([1, 2, 3], 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Captions_and_images_are_searched_with_the_model_of_the_index()
    {
        using SwanModel model = SwanModel.Open(TinyModel.Write(_folder.FullName));
        string[] images = [.. Enumerable.Range(0, 5).Select(i => TinyImages.Write(_folder.FullName, $"{i}.png", i))];
        SwanIndex index = Build(model.EmbedImages(images, cancellationToken: TestContext.Current.CancellationToken), model.EmbeddingSize,
            images, model.Card.Identity);
        SwanHit hit = index.SearchImage(model, images[3], 1)[0];
        Assert.Equal((images[3], 3), (hit.Key, hit.Row));
        Assert.Equal(index.Search(model.EmbedCaption("river"), 5), index.SearchCaption(model, "river", 5));
    }

    [Fact]
    public void A_model_that_did_not_make_the_index_is_refused_unless_the_user_says_that_it_fits()
    {
        using SwanModel model = SwanModel.Open(TinyModel.Write(_folder.FullName));
        var other = new ModelIdentity("other", "f00");
        SwanIndex index = Build(TinyModel.CaptionEmbedding("river"), model.EmbeddingSize, model: other);
        string message = Assert.Throws<SwanMismatchException>(() => index.SearchCaption(model, "river", 1)).Message;
        Assert.Contains("'other' (f00)", message, StringComparison.Ordinal);
        Assert.Contains("'tiny'", message, StringComparison.Ordinal);
        Assert.Equal(1, index.ForModel(model.Card.Identity).SearchCaption(model, "river", 1)[0].Score, tolerance: 1e-5f);
        Assert.Equal(1, index.ForModel(null).SearchCaption(model, "river", 1)[0].Score, tolerance: 1e-5f);
    }

    [Fact]
    public void Canceling_ends_building_and_searching()
    {
        var canceled = new CancellationToken(canceled: true);
        Assert.ThrowsAny<OperationCanceledException>(() => SwanIndex.Build([1, 0], 2, cancellationToken: canceled));
        Assert.ThrowsAny<OperationCanceledException>(() => Build([1, 0], 2).SearchMany([1, 0], 1, canceled));
    }

    private static SwanIndex Build(ReadOnlySpan<float> embeddings, int embeddingSize, string[]? keys = null, ModelIdentity? model = null) =>
        SwanIndex.Build(embeddings, embeddingSize, keys, model, TestContext.Current.CancellationToken);

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    private static bool Long(float[] vector) => Dot(vector, vector) > 0.01;
}
