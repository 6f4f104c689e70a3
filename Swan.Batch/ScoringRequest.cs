using Swan.MLNet;

namespace Swan.Batch;

/// <summary>What the command line asks for.</summary>
internal sealed record ScoringRequest
{
    /// <summary>The <c>.swan</c> file.</summary>
    public required string Model { get; init; }

    /// <summary>A folder whose images are embedded; null with <see cref="List"/>.</summary>
    public string? Images { get; init; }

    /// <summary>A file with one path a line; null with <see cref="Images"/>.</summary>
    public string? List { get; init; }

    /// <summary>Where relative paths start from, a full path.</summary>
    public required string Root { get; init; }

    /// <summary>Where chunks go.</summary>
    public required string Out { get; init; }

    public required Shard Shard { get; init; }

    /// <summary>Rows per chunk: what is lost when the job is killed, and what a file holds.</summary>
    public required int Chunk { get; init; }

    public required int Rotations { get; init; }

    public required SwanDevice Device { get; init; }

    /// <summary>Threads of one encoder run; 0: one per processor.</summary>
    public required int Threads { get; init; }

    /// <summary>Images prepared together; on a GPU, one encoder run.</summary>
    public required int Batch { get; init; }

    /// <summary>The share of bad rows, 0 to 1, above which the job counts as failed.</summary>
    public required double MaxBad { get; init; }

    /// <summary>Whether chunks with bad rows are made again.</summary>
    public required bool RetryBad { get; init; }
}
