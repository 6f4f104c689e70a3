namespace Swan.Batch;

/// <summary>The progress of a batch job.</summary>
public sealed record BatchProgress
{
    /// <summary>The rows to do; 0 until they are known.</summary>
    public long Rows { get; init; }

    /// <summary>The rows that are done: those of earlier starts that this one has passed, and its own.</summary>
    public long RowsDone { get; init; }

    /// <summary>A message to show once, such as the model and the device; null otherwise.</summary>
    public string? Message { get; init; }

    /// <summary>The shard that was just finished, or found finished; null otherwise.</summary>
    public BatchShard? Shard { get; init; }
}
