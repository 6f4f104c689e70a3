using System.Diagnostics;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Diagnostics;

[Collection(nameof(SwanTelemetryTests))]
public sealed class SearchTelemetryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Queries_rows_and_times_of_searches_are_counted()
    {
        SwanIndex index = SearchRows.Index();
        using var measurements = new Measurements();
        using var activities = new Activities();
        index.Search(SearchRows.Query(0), 2);
        index.SearchMany([.. SearchRows.Query(1), .. SearchRows.Query(2)], 2, TestContext.Current.CancellationToken);
        Assert.Equal([1, 2], measurements.Of("swan.search.queries").Select(m => m.Value));
        Assert.Equal([5, 10], measurements.Of("swan.search.rows").Select(m => m.Value));
        Assert.Equal(2, measurements.Of("swan.search.duration").Count(m => m.Value > 0 && Equals(m["swan.scan"], "float32")));
        Assert.Empty(measurements.Of("swan.search.candidates"));
        Activity[] searches = activities.Of("swan.search");
        Assert.Equal([1, 2], searches.Select(a => (int)a.GetTagItem("swan.queries")!));
        Assert.All(searches, a => Assert.Equal((5, "float32"), ((int)a.GetTagItem("swan.rows")!, (string)a.GetTagItem("swan.scan")!)));
    }

    [Fact]
    public void An_int8_scan_counts_candidates_and_a_filter_the_rows_that_pass()
    {
        using SwanLiveIndex index = SwanLiveIndex.Create(
            _folder.File("index"),
            new SwanIndexSettings(3) { Scan = SwanIndexScan.Int8, Columns = [new SwanColumn("n", SwanColumnType.Number)] });
        using (SwanIndexWriter writer = index.OpenWriter())
        {
            for (int i = 0; i < 10; i++) writer.Upsert($"{i}", [1, i, 2], new Dictionary<string, object?> { ["n"] = i });
            writer.Commit(TestContext.Current.CancellationToken);
        }
        using var measurements = new Measurements();
        var options = new SwanGallerySearchOptions { K = 1, Filter = SwanFilter.Parse("n < 4") };
        index.Search([1f, 1, 2], options, TestContext.Current.CancellationToken);
        Measured rows = measurements.Of("swan.search.rows").Single();
        Assert.Equal((4, "int8"), (rows.Value, rows["swan.scan"]));
        Assert.InRange(measurements.Sum("swan.search.candidates"), 1, 4);
    }
}
