namespace Swan.Batch;

/// <summary>What an attempt at a shard has said last.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Host">The machine.</param>
/// <param name="Begun">When it began, in UTC.</param>
/// <param name="Said">When it said this, in UTC; half a minute passes between two of them.</param>
/// <param name="RowsDone">Rows so far.</param>
/// <param name="At">The image in work; null at the beginning.</param>
public sealed record BatchAttempt(int Shard, string Host, DateTime Begun, DateTime Said, long RowsDone, string? At);
