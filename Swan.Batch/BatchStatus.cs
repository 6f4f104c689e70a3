namespace Swan.Batch;

/// <summary>The progress of a batch job.</summary>
public sealed record BatchStatus
{
    /// <summary>The run whose rows count, the last that ended; 0 where there is none.</summary>
    public required int ValidRun { get; init; }

    /// <summary>The run that has not ended; null where the last one has.</summary>
    public required BatchPlan? Unfinished { get; init; }

    /// <summary>The shards of the unfinished run that are not done, ascending.</summary>
    public required IReadOnlyList<int> ShardsLeft { get; init; }

    /// <summary>The last reports of attempts at these shards, by shard.</summary>
    public required IReadOnlyList<BatchAttempt> Attempts { get; init; }
}
