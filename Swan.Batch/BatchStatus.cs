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

/// <summary>What an attempt at a shard has said last.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Host">The machine.</param>
/// <param name="Begun">When it began, in UTC.</param>
/// <param name="Said">When it said this, in UTC; half a minute passes between two of them.</param>
/// <param name="RowsDone">Rows so far.</param>
/// <param name="At">The image in work; null at the beginning.</param>
public sealed record BatchAttempt(int Shard, string Host, DateTime Begun, DateTime Said, long RowsDone, string? At);
