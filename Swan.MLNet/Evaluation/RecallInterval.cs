namespace Swan.MLNet.Evaluation;

/// <summary>How far chance in the choice of the queries moves a recall, or a mean of recalls: a bootstrap interval of 95 %.</summary>
/// <remarks>
/// Images are drawn with replacement, each with its captions, as queries; what they are searched among stays the same. So it is the spread of
/// the measurement on one gallery. It is not that of another gallery, nor of training: another seed's model may differ by more.
/// </remarks>
/// <param name="Low">In percent: 2.5 of 100 resampled sets of images have a lower recall.</param>
/// <param name="High">In percent: 2.5 of 100 have a higher one.</param>
public sealed record RecallInterval(double Low, double High);

/// <summary>The intervals of one direction's recalls.</summary>
/// <param name="At1">Of R@1.</param>
/// <param name="At5">Of R@5.</param>
/// <param name="At10">Of R@10.</param>
public sealed record RecallIntervals(RecallInterval At1, RecallInterval At5, RecallInterval At10);
