using Swan.MLNet.Metadata;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.Benchmarks.Commands;

/// <summary>What one filter takes.</summary>
/// <param name="Name">The filter's text.</param>
/// <param name="Share">The rows that it finds, of all.</param>
/// <param name="Milliseconds">Processor milliseconds an evaluation, median of the turns.</param>
internal sealed record FilterTime(string Name, double Share, double Milliseconds)
{
    private const int Repeats = 20, K = 10, Seed = 3;
    private const double Side = 1000;

    private static readonly double[] s_shares = [0.001, 0.01, 0.1, 0.5];

    /// <summary>Measures each filter and a scan by one query in turns; one turn before is not counted.</summary>
    public static (FilterTime[] Times, double Scan) Measure(int rows, int dimension, int turns)
    {
        GallerySearch search = Gallery(rows, dimension);
        float[] query = SearchQueries.Make(1, dimension);
        Dictionary<string, ColumnData> columns = FilterColumns.Make(rows, Side, Seed);
        SwanFilter[] filters = [.. s_shares.SelectMany(Filters)];
        var times = filters.Select(_ => new List<double>()).ToArray();
        List<double> scans = [];
        int[] found = new int[filters.Length];
        for (int turn = -1; turn < turns; turn++)
        {
            double scan = Timed(1, () => SearchQueries.Run(search, query, K));
            if (turn >= 0) scans.Add(scan);
            for (int i = 0; i < filters.Length; i++)
            {
                double time = Timed(Repeats, () => found[i] = FilterPlan.Evaluate(filters[i], columns, rows).Count);
                if (turn >= 0) times[i].Add(time);
            }
        }
        return ([.. filters.Select((filter, i) => new FilterTime(Short(filter), (double)found[i] / rows, Report.Median(times[i])))],
            Report.Median(scans));
    }

    // One filter a kind of column that about a share of the rows passes.
    private static IEnumerable<SwanFilter> Filters(double share)
    {
        double side = Side * Math.Sqrt(share);
        yield return SwanFilter.Column("height") < share;
        yield return SwanFilter.Column("date") < FilterColumns.First.AddSeconds(share * FilterColumns.Seconds);
        yield return SwanFilter.Column("flag_" + FilterColumns.Percent(share)) == true;
        yield return SwanFilter.Column("region").In(FilterColumns.Regions(share).Select(region => (SwanFilterValue)region));
        yield return SwanFilter.Column("tile").EndsWith(share switch { 0.001 => "123", 0.01 => "23", 0.1 => "3", _ => "" });
        yield return SwanFilter.Column("file").Contains(share switch { 0.001 => "_123", 0.01 => "_12", 0.1 => "_1", _ => "_" });
        yield return SwanFilter.Column("place").Within(new SwanBox(0, 0, side, side));
        yield return SwanFilter.Column("place").Within(new SwanPolygon(new(0, 0), new(side, 0), new(side, side), new(side / 2, side / 2)));
        yield return SwanFilter.Column("footprint").Intersects(new SwanBox(0, 0, side, side));
    }

    private static double Timed(int repeats, Action run)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < repeats; i++) run();
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / repeats;
    }

    private static string Short(SwanFilter filter) => filter.ToString() is { Length: > 60 } text ? text[..60] + "…" : filter.ToString();

    private static GallerySearch Gallery(int rows, int dimension)
    {
        var gallery = new EmbeddingBlocks(dimension);
        for (int row = 0; row < rows; row++)
        {
            gallery.Next().Fill(MathF.Sin(row) / MathF.Sqrt(dimension));
            gallery.Keep();
        }
        return new GallerySearch(gallery);
    }
}
