namespace Swan.MLNet.Evaluation;

/// <summary>The intervals of one direction's recalls.</summary>
/// <param name="At1">Of R@1.</param>
/// <param name="At5">Of R@5.</param>
/// <param name="At10">Of R@10.</param>
public sealed record RecallIntervals(RecallInterval At1, RecallInterval At5, RecallInterval At10);
