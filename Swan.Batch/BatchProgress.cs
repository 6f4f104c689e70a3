namespace Swan.Batch;

/// <summary>How far a batch job is.</summary>
public sealed record BatchProgress
{
    /// <summary>The rows to do; 0 until they are known.</summary>
    public long Rows { get; init; }

    /// <summary>The rows that are done: those of earlier starts that this one has passed, and its own.</summary>
    public long RowsDone { get; init; }

    /// <summary>Something to say once, such as the model and the device; null otherwise.</summary>
    public string? Message { get; init; }

    /// <summary>The shard that has just been done, or was found done; null otherwise.</summary>
    public BatchShard? Shard { get; init; }
}
