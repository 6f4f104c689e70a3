using Swan.MLNet.Metadata;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;
using Swan.MLNet.Tests.Search.Scans;

namespace Swan.MLNet.Tests.Search.Questions;

public sealed class FindDuplicatesTests
{
    private const int D = 24;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    public void Pairs_are_all_those_of_a_plain_double_loop(bool codes, int threads)
    {
        float[][] rows = ScanOracle.Rows(1, 500, D, spread: 0.4f);
        var gallery = new GalleryOfSegments(rows, codes, row => row % 11 == 0);
        var done = new Last();
        SwanDuplicates found = gallery.FindDuplicates(
            new SwanDuplicateOptions { MinimumScore = 0.97f, Threads = threads, Filter = SwanFilter.Parse("number != 13") }, done, Stop);
        var expected = new List<(int, int, float)>();
        for (int i = 0; i < rows.Length; i++)
        {
            (float Score, int Row)[] behind = ScanOracle.Find(rows, rows[i], rows.Length, 0.97f, row => row > i && May(row));
            foreach ((float score, int row) in behind.OrderBy(f => f.Row))
            {
                if (May(i)) expected.Add((i, row, score));
            }
        }
        Assert.InRange(expected.Count, 100, 100_000);
        Assert.Equal(expected, found.Pairs.Select(p => (p.FirstRow, p.SecondRow, p.Score)));
        Assert.All(found.Pairs, p => Assert.Equal(($"{p.FirstRow}", $"{p.SecondRow}"), (p.FirstKey, p.SecondKey)));
        Assert.Equal(rows.Length, done.Value);

        static bool May(int row) => row % 11 != 0 && row != 13;
    }

    [Fact]
    public void Each_row_of_a_group_is_a_duplicate_of_the_one_to_keep_and_chains_are_cut()
    {
        // Rows 20 degrees apart, and a copy of the second: neighbors are alike, the next but one are not.
        float[] At(float degrees) => [MathF.Cos(degrees * MathF.PI / 180), MathF.Sin(degrees * MathF.PI / 180)];
        float[][] rows = [At(0), At(20), At(40), At(60), At(20)];
        SwanIndex index = SwanIndex.Build(rows.SelectMany(r => r).ToArray(), 2, ["a", "b", "c", "d", "e"], cancellationToken: Stop);
        SwanDuplicates found = index.FindDuplicates(new SwanDuplicateOptions { MinimumScore = 0.9f }, cancellationToken: Stop);
        Assert.Equal(["a-b", "a-e", "b-c", "b-e", "c-d", "c-e"], found.Pairs.Select(p => $"{p.FirstKey}-{p.SecondKey}"));
        Assert.Equal(["a: b e", "c: d"], found.Groups.Select(g => $"{g.Kept.Key}: {string.Join(' ', g.Others.Select(o => o.Key))}"));
        Assert.All(found.Groups.SelectMany(g => g.Others), other => Assert.InRange(other.Score, 0.9f, 1));
    }

    [Fact]
    public void More_pairs_than_wanted_are_refused_with_both_ways_out()
    {
        float[] row = new float[D];
        UnitVector.TryNormalize([.. Enumerable.Range(1, D).Select(d => (float)d)], row);
        var gallery = new GalleryOfSegments([.. Enumerable.Repeat(row, 100)], codes: true);
        string message = Assert.Throws<InvalidOperationException>(
            () => gallery.FindDuplicates(new SwanDuplicateOptions { MaxPairs = 4949 }, cancellationToken: Stop)).Message;
        Assert.All(["4,949", "MinimumScore", "MaxPairs"], part => Assert.Contains(part, message));
        SwanDuplicates all = gallery.FindDuplicates(new SwanDuplicateOptions { MaxPairs = 4950 }, cancellationToken: Stop);
        Assert.Equal((4950, 1, 99), (all.Pairs.Count, all.Groups.Count, all.Groups[0].Others.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void More_pairs_than_wanted_are_refused_before_they_fill_memory(bool codes)
    {
        const int Rows = 60_000;
        float[] row = [0.5f, 0.5f, 0.5f, 0.5f];
        float[][] rows = [.. Enumerable.Repeat(row, Rows)];
        SwanGallery gallery = codes
            ? new GalleryOfSegments(rows, codes)
            : SwanIndex.Build([.. rows.SelectMany(r => r)], row.Length, cancellationToken: Stop);
        var options = new SwanDuplicateOptions { MaxPairs = 1000, Threads = 1 };
        Assert.Throws<InvalidOperationException>(() => gallery.FindDuplicates(options, cancellationToken: Stop));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidOperationException>(() => gallery.FindDuplicates(options, cancellationToken: Stop));
        // 96 rows that meet all others first would have 16 bytes of each, 92 MB, and as much again while they grow.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 30_000_000);
    }

    private sealed class Last : IProgress<int>
    {
        private int _value;

        public int Value => _value;

        // Threads may report in another order than they count.
        public void Report(int value) => _value = Math.Max(_value, value);
    }
}
