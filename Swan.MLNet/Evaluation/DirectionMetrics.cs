namespace Swan.MLNet.Evaluation;

/// <summary>The metrics of one direction.</summary>
/// <param name="RecallAt1">Percent of queries with a right item first.</param>
/// <param name="RecallAt5">Percent of queries with a right item among the first 5.</param>
/// <param name="RecallAt10">Percent of queries with a right item among the first 10.</param>
/// <param name="MedianRank">Floored median of the best right item's 0-based rank, plus 1.</param>
/// <param name="MeanRank">Mean of the best right item's 0-based rank, plus 1.</param>
public sealed record DirectionMetrics(double RecallAt1, double RecallAt5, double RecallAt10, double MedianRank, double MeanRank)
{
    /// <summary>The 95 % bootstrap intervals of the three recalls over images.</summary>
    /// <remarks>Null where they weren't computed.</remarks>
    public RecallIntervals? Intervals { get; init; }
}
