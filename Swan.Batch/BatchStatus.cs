namespace Swan.Batch;

/// <summary>How far a batch job is.</summary>
public sealed record BatchStatus
{
    /// <summary>The run whose rows count, the last that ended; 0 where there is none.</summary>
    public required int ValidRun { get; init; }

    /// <summary>The run that has not ended; null where the last one has.</summary>
    public required BatchPlan? Unfinished { get; init; }

    /// <summary>The shards of the unfinished run that are not done, ascending.</summary>
    public required IReadOnlyList<int> ShardsLeft { get; init; }

    /// <summary>What attempts at these shards have said last, by shard.</summary>
    public required IReadOnlyList<BatchAttempt> Attempts { get; init; }
}
