using Swan.Batch.Runs;
using Swan.Batch.Settings;

namespace Swan.Batch.Reports;

/// <summary><c>reports/000012.json</c>: what became of a run that is valid. Written once, after its outcome.</summary>
internal sealed record RunReport
{
    /// <summary>The run's number.</summary>
    public required int Run { get; init; }

    /// <summary>What its files' names begin with.</summary>
    public required string Id { get; init; }

    public required DateTime Planned { get; init; }

    public required DateTime Ended { get; init; }

    public required ReportRows Rows { get; init; }

    /// <summary>The share of bad rows above which the run counts as failed.</summary>
    public required double MaxBadShare { get; init; }

    /// <summary>Bad rows, by ordinal order of the reasons.</summary>
    public required IReadOnlyList<ReportFault> Bad { get; init; }

    /// <summary>From the first shard's beginning to the last one's end, of the attempts that count.</summary>
    public required double Seconds { get; init; }

    /// <summary>Rows in a second of these; 0 where there was none.</summary>
    public required double RowsPerSecond { get; init; }

    /// <summary>How long processors worked, all together.</summary>
    public required double ProcessorHours { get; init; }

    /// <summary>Bytes of images.</summary>
    public required long BytesRead { get; init; }

    /// <summary>Bytes of Parquet and of bad rows.</summary>
    public required long BytesWritten { get; init; }

    public required ReportShards Shards { get; init; }

    /// <summary>The images that took longest, the slowest first.</summary>
    public required IReadOnlyList<SlowInput> Slowest { get; init; }

    /// <summary>What the rows belong to, without anything secret.</summary>
    public required JobSettings Settings { get; init; }
}

/// <summary>The rows of a run.</summary>
/// <param name="All">Images that were to be embedded.</param>
/// <param name="Embedded">Those that have an embedding.</param>
/// <param name="Reused">Of these, those whose content had one before.</param>
/// <param name="Bad">Those that have none.</param>
/// <param name="New">Images that the run before did not know.</param>
/// <param name="Changed">Images with another stamp than before.</param>
/// <param name="Again">Images that could not be embedded before.</param>
/// <param name="Unchanged">Images that were as before.</param>
/// <param name="Gone">Images that were no longer there.</param>
internal sealed record ReportRows(
    long All, long Embedded, long Reused, long Bad, long New, long Changed, long Again, long Unchanged, long Gone);

/// <summary>Rows that are bad for one reason.</summary>
/// <param name="Reason">One word.</param>
/// <param name="Rows">How many.</param>
/// <param name="Examples">Some of them.</param>
internal sealed record ReportFault(string Reason, long Rows, IReadOnlyList<ReportExample> Examples);

/// <summary>A bad row.</summary>
/// <param name="Image">Its key.</param>
/// <param name="Message">What happened.</param>
internal sealed record ReportExample(string Image, string Message);

/// <summary>The shards of a run.</summary>
/// <param name="Count">How many it had.</param>
/// <param name="Attempts">How often one was begun.</param>
/// <param name="LostAttempts">How many of these came to nothing: killed, stopped, or later than another one.</param>
/// <param name="MinSeconds">How long the quickest one took.</param>
/// <param name="MedianSeconds">How long half of them took at most.</param>
/// <param name="MaxSeconds">How long the slowest one took.</param>
internal sealed record ReportShards(
    int Count, int Attempts, int LostAttempts, double MinSeconds, double MedianSeconds, double MaxSeconds);
