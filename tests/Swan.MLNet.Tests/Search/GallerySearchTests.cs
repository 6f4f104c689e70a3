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
    public void Equal_scores_in_several_blocks_units_and_threads_go_by_row()
    {
        // 40,000 rows a block are five units and a rest, and few rows are different.
        const int Rows = 100_000, PerBlock = 40_000, K = 500;
        float[][] patterns = [.. Noise(11, 7)];
        float[][] rows = [.. Enumerable.Range(0, Rows).Select(row => patterns[row * 31 % 7])], queries = Noise(12, 3);
        EmbeddingBlocks gallery = Gallery(rows, PerBlock);
        Assert.False(RowScan.IsTiny(new ScannedRows(gallery), 1));
        (float, int)[][] together = Run(gallery, queries, K);
        for (int q = 0; q < queries.Length; q++)
        {
            int best = Array.IndexOf(patterns, patterns.MaxBy(p => p.Zip(queries[q], (a, b) => (double)a * b).Sum()));
            int[] expected = [.. Enumerable.Range(0, Rows).Where(row => row * 31 % 7 == best).Take(K)];
            Assert.Equal(expected, together[q].Select(f => f.Item2));
            Assert.Equal(expected, Run(gallery, [queries[q]], K)[0].Select(f => f.Row));
        }
    }

    [Theory]
    [InlineData(100, 10)] // one unit
    [InlineData(60_000, 10_000)] // many, of several blocks
    public void Canceling_ends_a_pass_under_way(int rows, int rowsPerBlock)
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        foreach (int queries in new[] { 1, 2, 96 })
        {
            BestRows[] best = new Heaps().For(queries);
            foreach (BestRows one in best) one.Reset(5);
            // The pass itself doesn't look before it begins.
            Assert.ThrowsAny<OperationCanceledException>(() => new RowScan().Run(
                new ScannedRows(Gallery(Noise(6, rows), rowsPerBlock)), Noise(7, queries).SelectMany(q => q).ToArray(), best, waits: false,
                source.Token));
            Assert.All(best, one => Assert.Empty(one.Sorted().ToArray()));
        }
    }

    [Fact]
    public void Canceling_while_results_arrive_ends_the_rest()
    {
        using var source = new CancellationTokenSource();
        var found = new Found(100_000) { Then = source.Cancel };
        Assert.ThrowsAny<OperationCanceledException>(() => new GallerySearch(Gallery(Noise(6, 1000), 1000)).Run(
            Noise(7, 100_000).SelectMany(q => q).ToArray(), 5, found, source.Token));
        Assert.InRange(found.Results.Count(r => r is not null), 1, 50_000);
    }

    [Fact]
    public async Task Queries_of_many_threads_at_once_each_get_their_own_results()
    {
        const int Callers = 12, Each = 40;
        float[][] rows = Noise(8, 60_000), queries = Noise(9, Callers);
        var search = new GallerySearch(Gallery(rows, 5000));
        Assert.False(RowScan.IsTiny(search.Scanned, 1));
        (float, int)[][] expected = [.. queries.Select((q, i) => Run(Gallery(rows, 60_000), [q, q], 3 + i)[1])];
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Factory.StartNew(() =>
        {
            for (int i = 0; i < Each; i++) Assert.Equal(expected[caller], One(search, queries[caller], 3 + caller, default));
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    [Fact]
    public async Task A_caller_who_cancels_leaves_the_others_their_results()
    {
        float[][] rows = Noise(8, 60_000), queries = Noise(9, 2);
        var search = new GallerySearch(Gallery(rows, 5000));
        (float, int)[] expected = One(search, queries[0], 7, default);
        using var stop = new CancellationTokenSource();
        Task[] canceling = [.. Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var source = new CancellationTokenSource();
                Task cancel = Task.Run(source.Cancel, CancellationToken.None);
                try
                {
                    One(search, queries[1], 7, source.Token);
                }
                catch (OperationCanceledException e)
                {
                    Assert.Equal(source.Token, e.CancellationToken);
                }
                cancel.Wait(CancellationToken.None);
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        for (int i = 0; i < 100; i++) Assert.Equal(expected, One(search, queries[0], 7, default));
        await stop.CancelAsync();
        await Task.WhenAll(canceling);
    }

    [Theory]
    [InlineData(100)] // one thread
    [InlineData(60_000)] // several
    public void One_more_query_allocates_its_results_and_nothing_else(int rows)
    {
        float[][] queries = Noise(9, 2);
        SwanIndex index = SwanIndex.Build(
            Noise(8, rows).SelectMany(r => r).ToArray(), D, cancellationToken: TestContext.Current.CancellationToken);
        // Pools fill, and code is compiled, within the first few; other tests' threads do not count.
        long least = long.MaxValue, results = 0;
        for (int i = 0; i < 50; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            SwanHit[] hits = index.Search(queries[i % 2], 10);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            before = GC.GetAllocatedBytesForCurrentThread();
            _ = new SwanHit[hits.Length];
            results = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.Equal(results, least);
    }

    private static (float Score, int Row)[][] Run(EmbeddingBlocks gallery, float[][] queries, int k)
    {
        var found = new Found(queries.Length);
        new GallerySearch(gallery).Run(queries.SelectMany(q => q).ToArray(), k, found, TestContext.Current.CancellationToken);
        return found.Results;
    }

    private static (float Score, int Row)[] One(GallerySearch search, float[] query, int k, CancellationToken cancellation)
    {
        SingleQuery room = search.Begin(k, cancellation);
        query.CopyTo(room.Unit, 0);
        (float Score, int Row)[] best = search.Run(room).ToArray();
        search.End(room);
        return best;
    }

    private static (float, int)[] Sorted(float[][] rows, float[] query, int k) =>
        [.. rows.Select((row, i) => (row.Zip(query, (a, b) => a * b).Sum(), i)).OrderByDescending(r => r.Item1).ThenBy(r => r.i).Take(k)];

    private static EmbeddingBlocks Gallery(float[][] rows, int rowsPerBlock)
    {
        var gallery = new EmbeddingBlocks(D, rowsPerBlock * D);
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

    private sealed class Found(int queries) : IFoundRows
    {
        public (float Score, int Row)[][] Results { get; } = new (float, int)[queries][];

        public Action? Then { get; init; }

        void IFoundRows.Found(int query, ReadOnlySpan<(float Score, int Row)> best)
        {
            Results[query] = best.ToArray();
            Then?.Invoke();
        }
    }
}
