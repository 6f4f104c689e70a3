namespace Swan.Batch;

/// <summary>A finished shard.</summary>
/// <param name="Number">Its number within the run, from 0.</param>
/// <param name="Rows">Its rows, good and bad.</param>
/// <param name="BadRows">How many rows are bad for each reason, such as <c>Truncated</c>, by ordinal order of the reasons.</param>
/// <param name="IsFromBefore">Whether an earlier start or another process did it.</param>
public sealed record BatchShard(int Number, long Rows, IReadOnlyDictionary<string, long> BadRows, bool IsFromBefore);
