namespace Swan.Batch;

/// <summary>One chunk of a shard, as it is on disk.</summary>
/// <param name="Number">Its number within the shard, from 0.</param>
/// <param name="Rows">Its rows, good and bad.</param>
/// <param name="BadRows">How many rows are bad for each reason, such as <c>Truncated</c>, by ordinal order of the reasons.</param>
/// <param name="IsFromEarlierRun">Whether an earlier run made it.</param>
public sealed record BatchChunk(int Number, long Rows, IReadOnlyDictionary<string, long> BadRows, bool IsFromEarlierRun);
