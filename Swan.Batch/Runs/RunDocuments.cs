using System.Text.Json.Serialization;
using Swan.Batch.Sources;

namespace Swan.Batch.Runs;

/// <summary><c>plans/000012.json</c>: what a run embeds, frozen.</summary>
internal sealed record RunPlan
{
    /// <summary>Its number, from 1; of two plans of a number only one is written.</summary>
    public required int Number { get; init; }

    /// <summary>What its files' names begin with: number and chance.</summary>
    public required string Id { get; init; }

    /// <summary>The number of the run whose state it continues; 0 for none.</summary>
    public required int Base { get; init; }

    public required DateTime Planned { get; init; }

    /// <summary>How many shards it has; 0 where nothing is to be embedded.</summary>
    public required int Shards { get; init; }

    /// <summary>Images to embed, in all shards.</summary>
    public required long Rows { get; init; }

    /// <summary>Of these, images that were not known.</summary>
    public required long New { get; init; }

    /// <summary>Of these, images with another stamp or content than before.</summary>
    public required long Changed { get; init; }

    /// <summary>Of these, images that could not be embedded before.</summary>
    public required long Again { get; init; }

    /// <summary>Images that are as they were.</summary>
    public required long Unchanged { get; init; }

    /// <summary>Of these, images that could not be embedded before, and are not tried again.</summary>
    public long KnownBad { get; init; }

    /// <summary>Images that are no longer there.</summary>
    public required long Gone { get; init; }

    /// <summary>Whether it only writes together what is there.</summary>
    public bool Compacts { get; init; }

    /// <summary>The share of bad rows above which the run counts as failed.</summary>
    public required double MaxBadShare { get; init; }

    /// <summary>The most pixels of an image.</summary>
    public long? MaxPixels { get; init; }

    /// <summary>The most bytes of an image's file.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>What opens the source again; null where <c>job.json</c> says it, or where only its own program can.</summary>
    public SourceSettings? Source { get; init; }

    /// <summary>The first row of a shard; of the one after the last, all rows.</summary>
    public long FirstRow(int shard) => Shards == 0 ? 0 : Rows * shard / Shards;

    /// <summary>How many rows a shard has.</summary>
    public long RowsOf(int shard) => FirstRow(shard + 1) - FirstRow(shard);

    /// <summary>The same for callers.</summary>
    [JsonIgnore]
    public BatchPlan Public => new()
    {
        Run = Number,
        Shards = Shards,
        Rows = Rows,
        New = New,
        Changed = Changed,
        Again = Again,
        Unchanged = Unchanged,
        Gone = Gone,
    };
}

/// <summary><c>outcomes/000012.json</c>: how a run ended. Written once; a run without one is unfinished.</summary>
/// <param name="Number">The run's number.</param>
/// <param name="Id">The run's id.</param>
/// <param name="Valid">Whether its rows count; otherwise it was given up.</param>
/// <param name="Ended">When that was found.</param>
/// <param name="Rows">Rows of all shards.</param>
/// <param name="Reused">Rows whose content had been embedded before.</param>
/// <param name="Bad">Bad rows by reason.</param>
internal sealed record RunOutcome(
    int Number, string Id, bool Valid, DateTime Ended, long Rows, long Reused, IReadOnlyDictionary<string, long> Bad);

/// <summary><c>runs/ID/records/00007.json</c>: that a shard is done, and by which attempt. Written once.</summary>
/// <param name="Shard">The shard's number.</param>
/// <param name="Attempt">What the names of its files have.</param>
/// <param name="Rows">Its rows, good and bad.</param>
/// <param name="Reused">Rows whose content had been embedded before.</param>
/// <param name="Bad">Bad rows by reason.</param>
/// <param name="Bytes">Bytes of images that were read.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="ProcessorSeconds">How long processors worked on it.</param>
/// <param name="Ended">When.</param>
/// <param name="Written">Bytes of Parquet and of bad rows that were written.</param>
/// <param name="Slowest">Some images that took longest; null, and not written, where none was read.</param>
internal sealed record ShardRecord(
    int Shard, string Attempt, long Rows, long Reused, IReadOnlyDictionary<string, long> Bad, long Bytes, double Seconds,
    double ProcessorSeconds, DateTime Ended, long Written = 0, IReadOnlyList<SlowInput>? Slowest = null);

/// <summary>An image that took long.</summary>
/// <param name="Image">Its key.</param>
/// <param name="ReadSeconds">How long it was read.</param>
/// <param name="DecodeSeconds">How long it was decoded; 0 where it was not.</param>
internal sealed record SlowInput(string Image, double ReadSeconds, double DecodeSeconds)
{
    [JsonIgnore]
    public double Seconds => ReadSeconds + DecodeSeconds;
}

/// <summary><c>runs/ID/attempts/00007-ATTEMPT.json</c>: how far an attempt at a shard was when it last said so.</summary>
/// <param name="Shard">The shard's number.</param>
/// <param name="Attempt">The attempt's name.</param>
/// <param name="Host">The machine.</param>
/// <param name="Begun">When it began.</param>
/// <param name="Said">When it said this.</param>
/// <param name="RowsDone">Rows so far.</param>
/// <param name="At">The image in work; null, and not written, at the beginning.</param>
/// <param name="OutOfMemory">The images that there was no memory for, each alone, which ended the attempt; null, and not written,
/// otherwise.</param>
internal sealed record AttemptRecord(
    int Shard, string Attempt, string Host, DateTime Begun, DateTime Said, long RowsDone, string? At = null,
    IReadOnlyList<string>? OutOfMemory = null);
