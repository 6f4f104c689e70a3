using Swan.MLNet.Metadata;
using Swan.MLNet.Search;
using Swan.MLNet.Tests.Search.Scans;

namespace Swan.MLNet.Tests.Search.Questions;

public sealed class SwanQueryTests
{
    private const int D = 24;
    private static readonly float[][] s_rows = ScanOracle.Rows(1, 300, D, spread: 0.5f);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Scores_are_weighted_sums_of_what_each_part_scores_in_standard_deviations(bool codes)
    {
        var gallery = new GalleryOfSegments(s_rows, codes, row => row % 7 == 0);
        float[] one = ScanOracle.Rows(2, 1, D, spread: 1)[0];
        SwanQuery query = new SwanQuery().Embedding(one).Key("10", 0.5).Key("20", -2);
        var options = new SwanGallerySearchOptions { K = 300, Filter = SwanFilter.Parse("number < 250") };
        SwanHit[] found = gallery.Search(query, null, options, Stop);

        int[] rows = [.. Enumerable.Range(0, 250).Where(row => row % 7 != 0)];
        double[] sums = new double[rows.Length];
        foreach ((float[] part, double weight) in new[] { (one, 1), (s_rows[10], 0.5), (s_rows[20], -2) })
        {
            double[] scores = [.. rows.Select(row => s_rows[row].Zip(part, (a, b) => (double)a * b).Sum())];
            double mean = scores.Average(), deviation = Math.Sqrt(scores.Average(s => (s - mean) * (s - mean)));
            for (int i = 0; i < sums.Length; i++) sums[i] += weight * (scores[i] - mean) / deviation;
        }
        var expected = rows.Zip(sums).Where(p => p.First is not (10 or 20)).OrderByDescending(p => p.Second).ToArray();
        Assert.Equal(expected.Length, found.Length);
        Assert.All(found.Zip(expected), p => Assert.Equal(p.Second.Second, p.First.Score, tolerance: 1e-4));
        Assert.Equal(expected.Take(20).Select(p => p.First), found.Take(20).Select(hit => hit.Row));
        // Pages and a lowest score are of this list.
        Assert.Equal(found[5..9], gallery.Search(query, null, new() { K = 4, Skip = 5, Filter = options.Filter }, Stop));
        float least = found[11].Score;
        SwanHit[] above = gallery.Search(query, null, new() { K = 300, MinimumScore = least, Filter = options.Filter }, Stop);
        Assert.Equal(found.Where(hit => hit.Score >= least), above);
    }

    [Fact]
    public void Bytes_and_values_give_the_same_bits()
    {
        SwanQuery query = new SwanQuery().Key("10").Key("20", -0.7);
        SwanHit[] values = new GalleryOfSegments(s_rows, codes: false).Search(query, null, new() { K = 300 }, Stop);
        Assert.Equal(values, new GalleryOfSegments(s_rows, codes: true).Search(query, null, new() { K = 300 }, Stop));
        Assert.Equal(values, new GalleryOfSegments(s_rows, codes: true).Search(query, null, new() { K = 300, Threads = 1 }, Stop));
    }

    [Fact]
    public void Where_nothing_tells_rows_apart_they_come_by_row_with_zero()
    {
        var gallery = new GalleryOfSegments(s_rows, codes: false);
        SwanQuery nothing = new SwanQuery().Embedding(s_rows[3]).Embedding(s_rows[3], -1);
        SwanHit[] none = gallery.Search(nothing, null, new() { K = 4, Skip = 2 }, Stop);
        Assert.Equal([(2, 0f), (3, 0f), (4, 0f), (5, 0f)], none.Select(hit => (hit.Row, hit.Score)));
        var equal = new GalleryOfSegments([.. Enumerable.Repeat(s_rows[0], 10)], codes: true);
        Assert.Equal([0, 2, 3], equal.Search(new SwanQuery().Key("1"), null, new() { K = 3 }, Stop).Select(hit => hit.Row));
        // One row, whatever its score: rounding is no deviation.
        var numbered = new GalleryOfSegments(s_rows, codes: false);
        for (int row = 0; row < 20; row++)
        {
            SwanHit only = Assert.Single(numbered.Search(
                new SwanQuery().Embedding(s_rows[200]), null, new() { K = 3, Filter = SwanFilter.Parse($"number = {row}") }, Stop));
            Assert.Equal((row, 0f), (only.Row, only.Score));
        }
    }

    [Theory]
    [InlineData(1e-29)]
    [InlineData(1e-8)]
    [InlineData(1e8)]
    [InlineData(1e29)]
    public void Weights_matter_only_beside_each_other(double times)
    {
        var gallery = new GalleryOfSegments(s_rows, codes: false);
        SwanQuery Query(double weight) => new SwanQuery().Key("10", weight).Key("20", -0.7 * weight).Embedding(s_rows[30], 2 * weight);
        SwanHit[] one = gallery.Search(Query(1), null, new() { K = 300 }, Stop);
        SwanHit[] many = gallery.Search(Query(times), null, new() { K = 300 }, Stop);
        Assert.Equal(one.Select(hit => hit.Row), many.Select(hit => hit.Row));
        Assert.All(one.Zip(many), p => Assert.Equal(p.First.Score, p.Second.Score / times, tolerance: 1e-5));
        Assert.Equal(many[..7], gallery.Search(Query(times), null, new() { K = 300, MinimumScore = many[6].Score }, Stop));
        // What cancels, cancels however much it weighs.
        SwanQuery nothing = new SwanQuery().Embedding(s_rows[3], times).Embedding([.. s_rows[3].Select(value => 3 * value)], -times);
        Assert.All(gallery.Search(nothing, null, null, Stop), hit => Assert.Equal(0, hit.Score));
    }

    [Fact]
    public void A_filter_that_no_row_passes_leaves_no_hits()
    {
        SwanIndex index = SwanIndex.Build([.. s_rows.SelectMany(row => row)], D, cancellationToken: Stop);
        Assert.Empty(index.Search(new SwanQuery().Embedding(s_rows[3]), null, new() { Filter = SwanFilter.Parse("false") }, Stop));
    }

    [Fact]
    public void A_query_says_its_parts_and_refuses_those_without_weight()
    {
        SwanQuery query = new SwanQuery().Image("harbor.jpg").Text("a river").Text("buildings", -0.5).Key("7", -1);
        Assert.Equal("image 'harbor.jpg' + text 'a river' - 0.5 × text 'buildings' - key '7'", query.ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => query.Text("trees", 0));
        Assert.All(new[] { double.NaN, double.PositiveInfinity, 1e200, -1.1e30, 0.9e-30, -double.Epsilon }, weight => Assert.Contains(
            "1E-30 to 1E+30", Assert.Throws<ArgumentOutOfRangeException>(() => query.Text("trees", weight)).Message));
        var gallery = new GalleryOfSegments(s_rows, codes: false);
        Assert.Throws<ArgumentException>(() => gallery.Search(new SwanQuery(), null, null, Stop));
        Assert.Contains("text 'trees'", Assert.Throws<ArgumentNullException>(
            () => gallery.Search(new SwanQuery().Text("trees"), null, null, Stop)).Message);
        SwanQuery many = query;
        while (many.Parts.Count < 32) many = many.Key("1");
        Assert.Throws<InvalidOperationException>(() => many.Key("1"));
    }
}
