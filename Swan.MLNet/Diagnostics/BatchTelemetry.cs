using System.Diagnostics;
using System.Diagnostics.Metrics;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Diagnostics;

/// <summary>Measures and traces batch jobs and the stores that they use. No tag has an address, a key or a message.</summary>
internal static class BatchTelemetry
{
    private const string DirectionTag = "swan.direction", RunTag = "swan.run", ShardTag = "swan.shard";

    private static readonly Counter<long> s_rows = SwanMeter.Meter.CreateCounter<long>(
        "swan.batch.rows", "{row}", "Rows that are done, good and bad.");

    private static readonly Counter<long> s_bytes = SwanMeter.Meter.CreateCounter<long>(
        "swan.batch.io", "By", "Bytes of images that were read, and of rows that were written.");

    private static readonly Counter<long> s_shards = SwanMeter.Meter.CreateCounter<long>(
        "swan.batch.shards", "{shard}", "Shards that are done.");

    private static readonly Histogram<double> s_readTime = SwanMeter.Meter.CreateHistogram(
        "swan.batch.read.duration", "s", "Reading one image.", advice: SwanTelemetry.Buckets);

    private static readonly Counter<long> s_retries = SwanMeter.Meter.CreateCounter<long>(
        "swan.store.retries", "{retry}", "Requests to stores that failed and are tried again.");

    /// <summary>Begins a process's work on a run.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="model">The card's name.</param>
    /// <param name="rows">Of all shards that it is to do.</param>
    public static Activity? StartRun(string run, string model, long rows) => SwanTelemetry.Activities.StartActivity("swan.batch.run")
        ?.SetTag(RunTag, run).SetTag(SwanTelemetry.ModelTag, model).SetTag(SwanTelemetry.RowsTag, rows);

    /// <summary>Begins an attempt at a shard.</summary>
    public static Activity? StartShard(string run, int shard, long rows) => SwanTelemetry.Activities.StartActivity("swan.batch.shard")
        ?.SetTag(RunTag, run).SetTag(ShardTag, shard).SetTag(SwanTelemetry.RowsTag, rows);

    /// <summary>Says why work didn't end; one that was stopped is no failure.</summary>
    public static void Failed(Activity? activity, Exception fault)
    {
        if (fault is not OperationCanceledException)
            activity?.SetTag(SwanTelemetry.ErrorTag, fault.GetType().Name).SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>Counts an image that was read.</summary>
    public static void ImageRead(TimeSpan time, long bytes)
    {
        s_readTime.Record(time.TotalSeconds);
        s_bytes.Add(bytes, new KeyValuePair<string, object?>(DirectionTag, "read"));
    }

    /// <summary>Counts a row.</summary>
    /// <param name="fault">Why it is bad; null: it is good.</param>
    public static void RowDone(string? fault)
    {
        if (fault is null) s_rows.Add(1);
        else s_rows.Add(1, new KeyValuePair<string, object?>(SwanTelemetry.ErrorTag, fault));
    }

    /// <summary>Counts a shard that this process has done.</summary>
    /// <param name="activity">Its own.</param>
    /// <param name="bad">How many of its rows are bad.</param>
    /// <param name="written">Bytes of its rows.</param>
    public static void ShardDone(Activity? activity, long bad, long written)
    {
        activity?.SetTag(SwanTelemetry.FaultsTag, bad);
        s_shards.Add(1);
        s_bytes.Add(written, new KeyValuePair<string, object?>(DirectionTag, "write"));
    }

    /// <summary>Counts a request that failed and is tried again.</summary>
    /// <param name="fault">The kind of the failure.</param>
    public static void Retried(string fault) => s_retries.Add(1, new KeyValuePair<string, object?>(SwanTelemetry.ErrorTag, fault));
}
