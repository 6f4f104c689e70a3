namespace Swan.Batch;

/// <summary>The last report of an attempt at a shard.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Host">The machine.</param>
/// <param name="Begun">When it began, in UTC.</param>
/// <param name="Said">When it reported this, in UTC; reports are half a minute apart.</param>
/// <param name="RowsDone">Rows so far.</param>
/// <param name="At">The current image; null at the beginning.</param>
public sealed record BatchAttempt(int Shard, string Host, DateTime Begun, DateTime Said, long RowsDone, string? At);
