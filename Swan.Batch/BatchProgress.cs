namespace Swan.Batch;

/// <summary>How far a batch job is.</summary>
public sealed record BatchProgress
{
    /// <summary>The rows of the shard; 0 until its list is known.</summary>
    public long Rows { get; init; }

    /// <summary>The rows that are done: those of earlier runs that this one has passed, and its own.</summary>
    public long RowsDone { get; init; }

    /// <summary>Something to say once, such as the model and the device, or a damaged chunk; null otherwise.</summary>
    public string? Message { get; init; }

    /// <summary>The chunk that has just been made or found; null otherwise.</summary>
    public BatchChunk? Chunk { get; init; }
}
