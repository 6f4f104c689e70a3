using System.Diagnostics;
using System.Diagnostics.Metrics;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Diagnostics;

/// <summary>Swan's metrics and traces: a meter and an activity source, both named <c>Swan</c>.</summary>
/// <remarks>
/// With OpenTelemetry: <c>metrics.AddMeter(SwanTelemetry.Name)</c> and <c>tracing.AddSource(SwanTelemetry.Name)</c>. They cover all
/// embedding, including pipelines. Without a listener, a batch costs a few nanoseconds more.
/// <list type="table">
/// <listheader><term>Instrument</term><description>Unit, tags and meaning</description></listheader>
/// <item><term><c>swan.encode.rows</c></term><description>{row}, counter, by <c>swan.tower</c> (image, caption), <c>swan.model</c> and
/// <c>swan.device</c>: rows encoded.</description></item>
/// <item><term><c>swan.encode.batches</c></term><description>{batch}, counter, same tags: encoder runs that succeeded; rows / batches is
/// the mean batch.</description></item>
/// <item><term><c>swan.encode.duration</c></term><description>s, histogram, same tags: one encoder run that succeeded.</description></item>
/// <item><term><c>swan.captions.truncated</c></term><description>{caption}, counter, same tags: captions and queries that were longer than
/// the model takes and were cut.</description></item>
/// <item><term><c>swan.decode.duration</c></term><description>s, histogram: decoding and resizing one image, without its wait for a
/// turn.</description></item>
/// <item><term><c>swan.decode.active</c></term><description>{image}, up-down counter: images being decoded in the whole
/// process.</description></item>
/// <item><term><c>swan.failures</c></term><description>{failure}, counter, by <c>swan.stage</c> (decode: images; encode: batches; reload:
/// pipeline files and hosted indexes) and <c>error.type</c>. Cancellation is not a failure.</description></item>
/// <item><term><c>swan.queue.depth</c></term><description>{row}, up-down counter, by <c>swan.tower</c> and <c>swan.stage</c>: rows that
/// wait for their turn (wait), or are being decoded (decode) or encoded (encode).</description></item>
/// <item><term><c>swan.pool.reloads</c></term><description>{reload}, counter: pipeline files that replaced an older
/// one.</description></item>
/// <item><term><c>swan.search.queries</c></term><description>{query}, counter, by <c>swan.scan</c> (float32, int8): queries of a gallery
/// that were answered.</description></item>
/// <item><term><c>swan.search.rows</c></term><description>{row}, counter, same tag: rows that these queries could find after their filters;
/// rows / queries is the mean gallery.</description></item>
/// <item><term><c>swan.search.candidates</c></term><description>{row}, counter: rows of int8 scans that were scored again as float32.
/// </description></item>
/// <item><term><c>swan.search.duration</c></term><description>s, histogram, by <c>swan.scan</c>: one search, of one query or many,
/// including its wait for a shared pass.</description></item>
/// <item><term><c>swan.index.generations</c></term><description>{generation}, counter: states of hosted living indexes that replaced an
/// older one.</description></item>
/// <item><term><c>swan.batch.rows</c></term><description>{row}, counter, by <c>error.type</c> (Truncated and other reasons; none on good
/// rows): finished rows of batch jobs, including those of attempts that fail later.</description></item>
/// <item><term><c>swan.batch.io</c></term><description>By, counter, by <c>swan.direction</c> (read: images; write: rows of shards that are
/// done).</description></item>
/// <item><term><c>swan.batch.read.duration</c></term><description>s, histogram: reading one image of a batch job from its
/// source.</description></item>
/// <item><term><c>swan.batch.shards</c></term><description>{shard}, counter: shards that this process has done.</description></item>
/// <item><term><c>swan.store.retries</c></term><description>{retry}, counter, by <c>error.type</c> (Throttled, TimedOut, …): requests to
/// stores that failed and are retried.</description></item>
/// </list>
/// Activities: <c>swan.decode</c> (a batch of images), <c>swan.encode</c> (a batch), <c>swan.search</c> (one query or many),
/// <c>swan.reload</c> (a pipeline file), <c>swan.batch.run</c> (a process's work on a run) and <c>swan.batch.shard</c> (an attempt at a
/// shard), children of the caller's.
/// </remarks>
public static class SwanTelemetry
{
    /// <summary>The meter's and the activity source's name.</summary>
    public const string Name = SwanMeter.Name;

    internal const string RowsTag = "swan.rows";
    internal const string FaultsTag = "swan.faults";
    internal const string TowerTag = "swan.tower";
    internal const string ModelTag = "swan.model";
    internal const string DeviceTag = "swan.device";
    internal const string ErrorTag = "error.type";
    private const string StageTag = "swan.stage";

    // From a caption on a GPU to a large batch on one CPU core.
    internal static InstrumentAdvice<double> Buckets { get; } = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    private static readonly Counter<long> Failures = SwanMeter.Meter.CreateCounter<long>("swan.failures", "{failure}",
        "Images, encoder runs, pipeline files and hosted indexes that failed.");

    static SwanTelemetry() => SwanMeter.Meter.CreateObservableUpDownCounter(
        "swan.queue.depth",
        static () => (Measurement<long>[])
        [
            RowQueue.ImagesWaiting.Depth, RowQueue.ImagesDecoding.Depth, RowQueue.ImagesEncoding.Depth,
            RowQueue.CaptionsWaiting.Depth, RowQueue.CaptionsEncoding.Depth,
        ],
        "{row}", "Rows that wait, are being decoded, or are being encoded.");

    internal static ActivitySource Activities { get; } = new(Name, SwanMeter.Version);

    internal static Counter<long> EncodedRows { get; } = SwanMeter.Meter.CreateCounter<long>("swan.encode.rows", "{row}", "Rows encoded.");

    internal static Counter<long> EncodedBatches { get; } = SwanMeter.Meter.CreateCounter<long>("swan.encode.batches", "{batch}",
        "Encoder runs that succeeded.");

    internal static Counter<long> TruncatedCaptions { get; } = SwanMeter.Meter.CreateCounter<long>("swan.captions.truncated", "{caption}",
        "Captions and queries that were longer than the model takes.");

    internal static Histogram<double> EncodeTime { get; } = SwanMeter.Meter.CreateHistogram(
        "swan.encode.duration", "s", "One encoder run.", advice: Buckets);

    internal static Histogram<double> DecodeTime { get; } = SwanMeter.Meter.CreateHistogram(
        "swan.decode.duration", "s", "Decoding and resizing one image.", advice: Buckets);

    // From a thousand rows in memory to millions on a disk.
    internal static InstrumentAdvice<double> SearchBuckets { get; } = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    internal static Counter<long> Generations { get; } = SwanMeter.Meter.CreateCounter<long>("swan.index.generations", "{generation}",
        "States of hosted living indexes that replaced an older one.");

    internal static Counter<long> Reloads { get; } = SwanMeter.Meter.CreateCounter<long>("swan.pool.reloads", "{reload}",
        "Pipeline files that replaced an older one.");

    internal static void CountFailure(string stage, string error) => Failures.Add(1, new(StageTag, stage), new(ErrorTag, error));

    internal static KeyValuePair<string, object?>[] QueueTags(string tower, string stage) => [new(TowerTag, tower), new(StageTag, stage)];
}
