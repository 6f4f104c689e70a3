using System.Diagnostics;
using System.Diagnostics.Metrics;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Diagnostics;

/// <summary>Measures and traces searches. Where nobody listens, a search costs some nanoseconds more and allocates nothing.</summary>
internal static class SearchTelemetry
{
    private const string ScanTag = "swan.scan", QueriesTag = "swan.queries", Float32 = "float32", Int8 = "int8";

    private static readonly Counter<long> s_queries = SwanMeter.Meter.CreateCounter<long>(
        "swan.search.queries", "{query}", "Queries of a gallery that were answered.");

    private static readonly Counter<long> s_rows = SwanMeter.Meter.CreateCounter<long>(
        "swan.search.rows", "{row}", "Rows that answered queries might find.");

    private static readonly Histogram<double> s_time = SwanMeter.Meter.CreateHistogram(
        "swan.search.duration", "s", "One search, of one query or many.", advice: SwanTelemetry.SearchBuckets);

    /// <summary>Rows of int8 scans that were scored again as float32.</summary>
    public static Counter<long> Candidates { get; } = SwanMeter.Meter.CreateCounter<long>(
        "swan.search.candidates", "{row}", "Rows of int8 scans that were scored again as float32.");

    /// <summary>Begins a search.</summary>
    /// <param name="queries">How many.</param>
    /// <param name="rows">Rows that each of them may find.</param>
    /// <param name="bytes">Whether it reads int8 rows.</param>
    public static Run Start(int queries, int rows, bool bytes)
    {
        Activity? activity = SwanTelemetry.Activities.StartActivity("swan.search");
        if (activity is { IsAllDataRequested: true })
            activity.SetTag(QueriesTag, queries).SetTag(SwanTelemetry.RowsTag, rows).SetTag(ScanTag, bytes ? Int8 : Float32);
        return new Run(queries, rows, bytes, activity, s_time.Enabled ? Stopwatch.GetTimestamp() : 0);
    }

    /// <summary>One search, from its start to its disposal.</summary>
    public readonly ref struct Run(int queries, int rows, bool bytes, Activity? activity, long start)
    {
        /// <summary>Counts a search that has its results; one that was canceled counts nowhere.</summary>
        public void Succeeded()
        {
            if (!s_queries.Enabled && !s_rows.Enabled && start == 0) return;
            var scan = new KeyValuePair<string, object?>(ScanTag, bytes ? Int8 : Float32);
            s_queries.Add(queries, scan);
            s_rows.Add((long)rows * queries, scan);
            if (start != 0) s_time.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, scan);
        }

        public void Dispose() => activity?.Dispose();
    }
}
