namespace Swan.MLNet.Evaluation;

/// <summary>How far chance in the choice of the queries moves a recall, or a mean of recalls: a bootstrap interval of 95 %.</summary>
/// <remarks>
/// Images are drawn with replacement, each with its captions, as queries; what they are searched among stays the same. So it is the spread
/// of the measurement on one gallery. It is not that of another gallery, nor of training: another seed's model may differ by more.
/// </remarks>
/// <param name="Low">In percent: 2.5 of 100 resampled sets of images have a lower recall.</param>
/// <param name="High">In percent: 2.5 of 100 have a higher one.</param>
public sealed record RecallInterval(double Low, double High);
