namespace Swan.Batch;

/// <summary>What a batch job leaves: every row of its shard is in a chunk or, with its reason, in a side file.</summary>
public sealed record BatchReport
{
    /// <summary>The shard.</summary>
    public required Shard Shard { get; init; }

    /// <summary>Its rows, good and bad, those of earlier runs included.</summary>
    public required long Rows { get; init; }

    /// <summary>How many of them earlier runs had done.</summary>
    public required long RowsFromEarlierRuns { get; init; }

    /// <summary>How many rows are bad for each reason, such as <c>Truncated</c>, by ordinal order of the reasons.</summary>
    public required IReadOnlyDictionary<string, long> BadRows { get; init; }

    /// <summary>The share of bad rows that the options allow, 0 to 1.</summary>
    public required double MaxBadShare { get; init; }

    /// <summary>How long this run took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The share of bad rows, 0 to 1; 0 in a shard without rows.</summary>
    public double BadShare => Rows == 0 ? 0 : (double)BadRows.Values.Sum() / Rows;

    /// <summary>Whether more rows are bad than the options allow, or all of several rows, which no option allows.</summary>
    public bool HasTooManyBadRows => BadShare > MaxBadShare || (Rows > 1 && BadShare == 1);
}
