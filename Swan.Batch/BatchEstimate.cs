namespace Swan.Batch;

/// <summary>The time and bytes that a run will take, estimated from some of its images.</summary>
public sealed record BatchEstimate
{
    /// <summary>How many images were embedded for the estimate.</summary>
    public required int Images { get; init; }

    /// <summary>How long one process would work on all shards, on a machine like this one.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>How long processors would work, all together.</summary>
    public required TimeSpan ProcessorTime { get; init; }

    /// <summary>Images whose embedding is reused, because their content was embedded before under any key.</summary>
    public required long RowsReused { get; init; }

    /// <summary>Bytes to read: of images, or of the parts of a manifest that they are in.</summary>
    public required long BytesRead { get; init; }

    /// <summary>Bytes of Parquet and of bad rows to write.</summary>
    public required long BytesWritten { get; init; }
}
