using CsCheck;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Scans;

/// <summary>Values and bytes, all masks and all shapes: the same results as a full sort.</summary>
public sealed class ExactScanTests
{
    // Of a hundred rows so many may be found; -1: no mask.
    private static readonly Gen<int> Shares = Of(-1, 0, 1, 10, 50, 99, 100);

    private static readonly Gen<(int Rows, int Dimension, int Queries)> Shapes = Gen.Select(
        Of(0, 1, 63, 64, 65, 200, 700), Of(1, 3, 16, 17, 64, 257), Of(1, 2, 3, 5, 6, 7, 40));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Any_gallery_mask_limit_and_batch_give_the_results_of_a_full_sort(bool codes) =>
        Gen.Select(Shapes, Shares, Gen.Int[1, 80], Of(-2f, -1f, 0.2f, 0.9f, 1f), Gen.Int[0, 6], Gen.Int[0, 1 << 20]).Sample(
            (shape, share, k, minimum, gap, seed) =>
            {
                float[][] rows = ScanOracle.Rows(seed, shape.Rows, shape.Dimension, spread: 0.5f);
                float[][] queries = ScanOracle.Rows(seed + 1, shape.Queries, shape.Dimension, spread: 1);
                // A row itself, and its opposite, whose cosine may be rounded below -1.
                if (shape.Rows > 0) rows[0].CopyTo(queries[0], 0);
                if (shape.Rows > 0 && shape.Queries > 1) queries[^1] = [.. rows[^1].Select(value => -value)];
                var gallery = new SegmentedRows(rows, shape.Dimension, [100, 64, 10], perBlock: 128, gap);
                bool May(int row) => share < 0 || (row * 7919 + seed) % 100 < share;
                var wanted = new Wanted(k, minimum, share < 0 ? null : gallery.Mask(May));
                (float, int)[][] found =
                    ScanOracle.Ask(new GallerySearch(gallery, codes ? gallery.Codes() : null), queries, wanted);
                for (int q = 0; q < queries.Length; q++) Assert.Equal(ScanOracle.Find(rows, queries[q], k, minimum, May), found[q]);
            }, iter: 150);

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 3)]
    [InlineData(true, 64)]
    public void Large_galleries_are_searched_by_several_threads_with_the_same_results(bool codes, int count)
    {
        const int Rows = 40_000, D = 19, K = 30;
        float[][] rows = ScanOracle.Rows(1, Rows, D, spread: 0.3f), queries = ScanOracle.Rows(2, count, D, spread: 1);
        var gallery = new SegmentedRows(rows, D, [10_000, 7_777, 15_001], perBlock: 4096);
        var search = new GallerySearch(gallery, codes ? gallery.Codes() : null);
        Assert.False(RowScan.IsTiny(search.Scanned, 1));
        foreach (int share in new[] { 1, 20, 100 })
        {
            var wanted = new Wanted(K, 0.1f, gallery.Mask(row => row * 31 % 100 < share));
            foreach (int threads in new[] { 0, 1, 2 })
            {
                (float, int)[][] found = ScanOracle.Ask(search, queries, wanted, threads);
                for (int q = 0; q < 3; q++)
                    Assert.Equal(ScanOracle.Find(rows, queries[q], K, 0.1f, row => row * 31 % 100 < share), found[q]);
            }
        }
    }

    [Theory]
    [InlineData(0f)] // all equal
    [InlineData(1e-7f)] // a bit apart
    [InlineData(1e-3f)]
    public void Thousands_of_near_duplicates_are_told_apart_by_their_exact_scores(float spread)
    {
        const int Rows = 5000, D = 257, K = 100;
        float[] center = ScanOracle.Rows(3, 1, D, spread: 1)[0];
        float[][] noise = ScanOracle.Rows(4, Rows, D, spread: 1);
        float[][] rows = [.. noise.Select(n => Unit([.. center.Zip(n, (c, x) => c + spread * x)]))];
        float[][] queries = [center, Unit([.. center.Zip(noise[0], (c, x) => c + 0.3f * x)])];
        var gallery = new SegmentedRows(rows, D, [], perBlock: 1024);
        (float, int)[][] found = ScanOracle.Ask(new GallerySearch(gallery, gallery.Codes()), queries, new Wanted(K));
        for (int q = 0; q < queries.Length; q++) Assert.Equal(ScanOracle.Find(rows, queries[q], K, -2, _ => true), found[q]);
    }

    [Fact]
    public void Queries_with_different_masks_and_limits_share_a_pass()
    {
        const int Rows = 3000, D = 33;
        float[][] rows = ScanOracle.Rows(5, Rows, D, spread: 0.5f), queries = ScanOracle.Rows(6, 12, D, spread: 1);
        var gallery = new SegmentedRows(rows, D, [1000], perBlock: 256, gap: 2);
        foreach (bool codes in new[] { false, true })
        {
            var scanned = new ScannedRows(gallery, codes ? gallery.Codes() : null);
            BestRows[] best = new Heaps().For(queries.Length);
            for (int q = 0; q < queries.Length; q++)
            {
                int share = Share(q);
                best[q].Reset(new Wanted(q + 1, q % 2 == 0 ? -2 : 0.3f, share == 100 ? null : gallery.Mask(row => row * 7 % 100 < share)));
            }
            new RowScan().Run(
                scanned, queries.SelectMany(q => q).ToArray(), best, waits: false, TestContext.Current.CancellationToken);
            for (int q = 0; q < queries.Length; q++)
            {
                int share = Share(q);
                if (codes) best[q].Candidates.Rank(scanned, queries[q], best[q], TestContext.Current.CancellationToken);
                Assert.Equal(
                    ScanOracle.Find(rows, queries[q], q + 1, q % 2 == 0 ? -2 : 0.3f, row => row * 7 % 100 < share),
                    best[q].Sorted().ToArray());
            }
        }

        static int Share(int query) => (query % 4) switch { 0 => 100, 1 => 1, 2 => 15, _ => 60 };
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    [InlineData(2000)] // each thread takes chunks of them
    public void Few_and_most_rows_are_the_results_of_a_full_sort(int count)
    {
        const int Rows = 5000, D = 12;
        float[][] rows = ScanOracle.Rows(8, Rows, D, spread: 0.5f), queries = ScanOracle.Rows(9, count, D, spread: 1);
        var gallery = new SegmentedRows(rows, D, [3000], perBlock: 1024);
        var search = new GallerySearch(gallery, gallery.Codes());
        // Known to be most rows, found to be most, and few.
        foreach ((int k, float minimum) in new[] { (Rows, -2f), (Rows, -0.5f), (Rows, 0.9f), (2000, -1f), (5, -2f) })
        {
            foreach (int threads in new[] { 0, 2 })
            {
                var found = new Every(count);
                search.Run(
                    queries.SelectMany(q => q).ToArray(), new Wanted(k, minimum), threads, found, TestContext.Current.CancellationToken);
                foreach (int q in new[] { 0, count / 2, count - 1 })
                    Assert.Equal(ScanOracle.Find(rows, queries[q], k, minimum, _ => true), found.Results[q]);
            }
        }
    }

    [Fact]
    public void Candidates_are_many_where_reading_all_rows_takes_less()
    {
        Assert.True(Candidates.WouldBeMany(new Wanted(50_000), 100_000));
        Assert.False(Candidates.WouldBeMany(new Wanted(50_000, 0.5f), 100_000));
        Assert.False(Candidates.WouldBeMany(new Wanted(10), 100_000));
        Assert.False(Candidates.WouldBeMany(new Wanted(10), 10));
    }

    [Fact]
    public void A_scan_of_bytes_reads_the_values_of_few_rows()
    {
        const int Rows = 20_000, D = 257, K = 10;
        float[][] rows = [.. Enumerable.Range(0, Rows).Select(row => ScanOracle.Rows(100 + row, 1, D, spread: 1)[0])];
        var gallery = new SegmentedRows(rows, D, [], perBlock: 4096);
        var scanned = new ScannedRows(gallery, gallery.Codes());
        float[] query = ScanOracle.Rows(7, 1, D, spread: 1)[0];
        BestRows[] best = [new BestRows()];
        best[0].Reset(K);
        new RowScan().Run(scanned, query, best, waits: false, TestContext.Current.CancellationToken);
        int read = best[0].Candidates.Rank(scanned, query, best[0], TestContext.Current.CancellationToken);
        Assert.InRange(read, K, Rows / 50);
        Assert.Equal(ScanOracle.Find(rows, query, K, -2, _ => true), best[0].Sorted().ToArray());
    }

    private sealed class Every(int queries) : IFoundRows
    {
        public (float Score, int Row)[][] Results { get; } = new (float, int)[queries][];

        void IFoundRows.Found(int query, ReadOnlySpan<(float Score, int Row)> best) => Results[query] = best.ToArray();
    }

    private static float[] Unit(float[] values)
    {
        float[] unit = new float[values.Length];
        Assert.True(UnitVector.TryNormalize(values, unit));
        return unit;
    }

    private static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
