using Swan.MLNet.Metadata;
using Swan.MLNet.Search;
using Swan.MLNet.Tests.Search.Scans;

namespace Swan.MLNet.Tests.Search.Questions;

public sealed class SearchOptionsTests
{
    private const int D = 24;
    private static readonly float[][] s_rows = ScanOracle.Rows(1, 400, D, spread: 0.5f);
    private static readonly float[] s_query = ScanOracle.Rows(2, 1, D, spread: 1)[0];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pages_one_after_another_are_the_whole_list(bool codes)
    {
        var gallery = new GalleryOfSegments(s_rows, codes, row => row % 5 == 0);
        SwanHit[] all = gallery.Search(s_query, new SwanGallerySearchOptions { K = int.MaxValue }, Stop);
        Assert.Equal(320, all.Length);
        Assert.Equal(Expected(float.NegativeInfinity, row => row % 5 != 0), all.Select(hit => (hit.Score, hit.Row)));
        var pages = new List<SwanHit>();
        for (int page = 0; page <= 5; page++)
            pages.AddRange(gallery.Search(s_query, new SwanGallerySearchOptions { K = 70, Skip = 70 * page }, Stop));
        Assert.Equal(all, pages);
        Assert.Equal(all[3..7], gallery.SearchMany(s_query, new SwanGallerySearchOptions { K = 4, Skip = 3 }, Stop)[0]);
        Assert.Empty(gallery.Search(s_query, new SwanGallerySearchOptions { K = int.MaxValue, Skip = int.MaxValue }, Stop));
        Assert.Equal(0, gallery.Entered);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Filter_and_lowest_score_leave_what_passes_both(bool codes)
    {
        var gallery = new GalleryOfSegments(s_rows, codes, row => row % 5 == 0);
        SwanHit[] found = gallery.Search(
            s_query,
            new SwanGallerySearchOptions { K = 400, MinimumScore = 0.1f, Filter = SwanFilter.Parse("number < 200 and number != 7") }, Stop);
        Assert.NotEmpty(found);
        Assert.Equal(Expected(0.1f, row => row is < 200 and not 7 && row % 5 != 0), found.Select(hit => (hit.Score, hit.Row)));
        Assert.Empty(gallery.Search(s_query, new SwanGallerySearchOptions { Filter = SwanFilter.Parse("number > 1000") }, Stop));
    }

    [Fact]
    public void Opposite_rows_reach_a_lowest_score_of_minus_one()
    {
        // Of so many some cosines are rounded below -1.
        foreach (float[] query in ScanOracle.Rows(5, 40, D, spread: 1))
        {
            float[][] opposite = [.. Enumerable.Repeat(query.Select(value => -value).ToArray(), 231)];
            SwanIndex index = SwanIndex.Build([.. opposite.SelectMany(row => row)], D, cancellationToken: Stop);
            var options = new SwanGallerySearchOptions { K = 300, MinimumScore = -1 };
            Assert.Equal(231, index.Search(query, options, Stop).Length);
            foreach (bool codes in new[] { false, true })
            {
                // Most rows of a tile, which is read as a whole, and few, which are read one by one.
                var most = new GalleryOfSegments(opposite, codes, row => row % 7 == 0);
                Assert.Equal(198, most.Search(query, options, Stop).Length);
                Assert.Equal(198, most.SearchMany([.. query, .. query], options, Stop)[1].Length);
                Assert.Equal(33, new GalleryOfSegments(opposite, codes, row => row % 7 != 0).Search(query, options, Stop).Length);
            }
        }
    }

    [Fact]
    public void A_score_that_is_the_lowest_is_found_and_one_above_one_finds_nothing()
    {
        SwanIndex index = SwanIndex.Build(s_rows.SelectMany(r => r).ToArray(), D, cancellationToken: Stop);
        SwanHit third = index.Search(s_query, 3)[2];
        Assert.Equal(3, index.Search(s_query, new SwanGallerySearchOptions { MinimumScore = third.Score }, Stop).Length);
        Assert.Equal(
            2, index.Search(s_query, new SwanGallerySearchOptions { MinimumScore = MathF.BitIncrement(third.Score) }, Stop).Length);
        Assert.Empty(index.Search(s_rows[0], new SwanGallerySearchOptions { MinimumScore = 1.01f }, Stop));
        Assert.Equal(400, index.Search(s_query, new SwanGallerySearchOptions { K = 500, MinimumScore = -5 }, Stop).Length);
    }

    [Fact]
    public void All_faults_of_options_are_told_at_once()
    {
        SwanIndex index = SwanIndex.Build(s_rows[0], D, cancellationToken: Stop);
        var options = new SwanGallerySearchOptions { K = 0, Skip = -1, MinimumScore = float.NaN, Threads = -2 };
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => index.Search(s_query, options, Stop)).Message;
        Assert.All(["K is 0", "Skip is -1", "MinimumScore is NaN", "Threads is -2"], part => Assert.Contains(part, message));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.FindDuplicates(
            new SwanDuplicateOptions { MinimumScore = -1 }, cancellationToken: Stop));
    }

    [Fact]
    public void A_filter_that_names_a_column_which_is_not_there_is_refused()
    {
        SwanIndex index = SwanIndex.Build(s_rows[0], D, cancellationToken: Stop);
        var options = new SwanGallerySearchOptions { Filter = SwanFilter.Parse("number > 1") };
        Assert.Contains("number", Assert.Throws<SwanFilterException>(() => index.Search(s_query, options, Stop)).Message);
    }

    [Fact]
    public void A_query_without_direction_is_refused_everywhere()
    {
        var gallery = new GalleryOfSegments(s_rows, codes: true);
        float[] bad = [.. s_query];
        bad[5] = float.NaN;
        Assert.Throws<ArgumentException>(() => gallery.Search(bad, 3));
        Assert.Throws<ArgumentException>(() => gallery.Search(bad, null, Stop));
        Assert.Throws<ArgumentException>(() => gallery.SearchMany(bad, null, Stop));
        Assert.Throws<ArgumentException>(() => gallery.Search(new SwanQuery().Embedding(bad), cancellationToken: Stop));
        Assert.Throws<ArgumentException>(() => gallery.Search(new SwanQuery().Embedding([1, 2]), cancellationToken: Stop));
        Assert.Equal(0, gallery.Entered);
    }

    [Fact]
    public void A_canceled_token_ends_every_question()
    {
        var gallery = new GalleryOfSegments(s_rows, codes: true);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Action[] questions =
        [
            () => gallery.Search(s_query, null, source.Token),
            () => gallery.SearchMany(s_query, null, source.Token),
            () => gallery.SearchLike("3", null, source.Token),
            () => gallery.Search(new SwanQuery().Key("3"), null, null, source.Token),
            () => gallery.FindDuplicates(null, null, source.Token),
        ];
        Assert.All(questions, question => Assert.ThrowsAny<OperationCanceledException>(question));
        Assert.Equal(0, gallery.Entered);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_token_that_is_canceled_while_rows_are_read_ends_every_question(bool codes)
    {
        CancellationTokenSource? source = null;
        var gallery = new GalleryOfSegments(s_rows, codes) { Reading = () => source?.Cancel() };
        Func<CancellationToken, object>[] questions =
        [
            token => gallery.Search(s_query, null, token),
            token => gallery.Search(s_query, new SwanGallerySearchOptions { Threads = 1 }, token),
            token => gallery.SearchMany([.. s_query, .. s_query], null, token),
            token => gallery.SearchMany([.. Enumerable.Repeat(s_query, 1000).SelectMany(q => q)], null, token),
            token => gallery.SearchLike("3", null, token),
            token => gallery.Search(new SwanQuery().Key("3"), null, null, token),
            token => gallery.FindDuplicates(null, null, token),
        ];
        foreach (Func<CancellationToken, object> question in questions)
        {
            using (source = new CancellationTokenSource())
            {
                Assert.ThrowsAny<OperationCanceledException>(() => question(source.Token));
                Assert.True(source.IsCancellationRequested);
            }
        }
        Assert.Equal(0, gallery.Entered);
    }

    private static IEnumerable<(float, int)> Expected(float minimum, Func<int, bool> may) =>
        ScanOracle.Find(s_rows, s_query, int.MaxValue, minimum, may);
}
