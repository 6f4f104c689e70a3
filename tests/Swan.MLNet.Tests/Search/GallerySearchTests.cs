using CsCheck;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search;

public sealed class GallerySearchTests
{
    private const int D = 16;

    // ±1/4 sixteen times: unit length, and every cosine is a multiple of 1/8 without rounding. So ties abound and the oracle is exact.
    private static readonly Gen<float[]> Signs =
        Gen.Int[0, ushort.MaxValue].Select(bits => Enumerable.Range(0, D).Select(d => (bits >> d & 1) == 0 ? 0.25f : -0.25f).ToArray());

    [Theory]
    [InlineData(1)] // one row a block
    [InlineData(5)]
    [InlineData(64)]
    public void Any_gallery_and_any_batch_give_the_results_of_a_full_sort_with_ties_by_row(int rowsPerBlock) =>
        Gen.Select(Signs.Array[0, 150], Signs.Array[1, 250], Gen.Int[1, 40]).Sample((rows, queries, k) =>
        {
            (float, int)[][] found = Run(Gallery(rows, rowsPerBlock), queries, k);
            for (int q = 0; q < queries.Length; q++) Assert.Equal(Sorted(rows, queries[q], k), found[q]);
        }, iter: 150);

    [Fact]
    public void Real_scores_are_those_of_a_plain_loop_and_no_better_row_is_missing()
    {
        const int Rows = 3000, Queries = 100, K = 10;
        float[][] rows = Noise(1, Rows), queries = Noise(2, Queries);
        (float Score, int Row)[][] found = Run(Gallery(rows, 256), queries, K);
        for (int q = 0; q < Queries; q++)
        {
            double[] exact = [.. rows.Select(r => r.Zip(queries[q], (a, b) => (double)a * b).Sum())];
            double[] best = [.. exact.OrderDescending().Take(K)];
            Assert.All(found[q].Zip(best), p => Assert.Equal(p.Second, p.First.Score, tolerance: 1e-6));
            Assert.All(found[q], f => Assert.Equal(exact[f.Row], f.Score, tolerance: 1e-6));
            Assert.Equal(K, found[q].Select(f => f.Row).Distinct().Count());
        }
    }

    [Fact]
    public void Threads_and_batches_never_change_a_result()
    {
        float[][] rows = Noise(3, 2000), queries = Noise(4, 200);
        (float, int)[][] expected = [.. queries.Select(q => Run(Gallery(rows, 2000), [q], 20)[0])];
        for (int repeat = 0; repeat < 5; repeat++)
        {
            (float, int)[][] found = Run(Gallery(rows, 64), queries, 20);
            for (int q = 0; q < queries.Length; q++) Assert.Equal(expected[q], found[q]);
        }
    }

    [Fact]
    public void Cosines_of_equal_vectors_are_never_over_one_and_tie()
    {
        float[] row = Noise(5, 1)[0];
        (float Score, int Row)[] found = Run(Gallery([.. Enumerable.Repeat(row, 100)], 8), [row], 100)[0];
        Assert.All(found, f => Assert.InRange(f.Score, 0.999999f, 1));
        Assert.Equal(Enumerable.Range(0, 100), found.Select(f => f.Row));
    }

    [Fact]
    public void Canceling_ends_a_search_of_either_kind()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        foreach (int rowsPerBlock in new[] { 10, 1000 })
        {
            Assert.ThrowsAny<OperationCanceledException>(() => GallerySearch.Run(
                Gallery(Noise(6, 1000), rowsPerBlock), Noise(7, 1)[0], 5, (_, _) => { }, source.Token));
        }
    }

    [Fact]
    public void Canceling_while_results_arrive_ends_the_rest()
    {
        using var source = new CancellationTokenSource();
        int delivered = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => GallerySearch.Run(
            Gallery(Noise(6, 1000), 1000), Noise(7, 100_000).SelectMany(q => q).ToArray(), 5, (_, _) =>
            {
                Interlocked.Increment(ref delivered);
                source.Cancel();
            }, source.Token));
        Assert.InRange(delivered, 1, 50_000);
    }

    private static (float Score, int Row)[][] Run(Gallery gallery, float[][] queries, int k)
    {
        var found = new (float, int)[queries.Length][];
        GallerySearch.Run(
            gallery, queries.SelectMany(q => q).ToArray(), k, (q, best) => found[q] = best, TestContext.Current.CancellationToken);
        return found;
    }

    private static (float, int)[] Sorted(float[][] rows, float[] query, int k) =>
        [.. rows.Select((row, i) => (row.Zip(query, (a, b) => a * b).Sum(), i)).OrderByDescending(r => r.Item1).ThenBy(r => r.i).Take(k)];

    private static Gallery Gallery(float[][] rows, int rowsPerBlock)
    {
        var gallery = new Gallery(D, rowsPerBlock * D);
        foreach (float[] row in rows)
        {
            row.CopyTo(gallery.Next());
            gallery.Keep();
        }
        Assert.Equal((rows.Length + rowsPerBlock - 1) / rowsPerBlock, gallery.Blocks);
        return gallery;
    }

    private static float[][] Noise(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            float[] row = new float[D];
            Assert.True(UnitVector.TryNormalize([.. Enumerable.Range(0, D).Select(_ => random.NextSingle() - 0.5f)], row));
            return row;
        })];
    }
}
