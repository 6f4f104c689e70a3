namespace Swan.MLNet.Evaluation;

/// <summary>A 95 % bootstrap interval of a recall, or of a mean of recalls, over the choice of queries.</summary>
/// <remarks>
/// Images are drawn with replacement as queries, each with its captions; the gallery stays the same. So the interval is the spread of the
/// measurement on one gallery. It does not cover other galleries or training: a model from another seed may differ by more.
/// </remarks>
/// <param name="Low">In percent: 2.5 of 100 resampled sets of images have a lower recall.</param>
/// <param name="High">In percent: 2.5 of 100 have a higher one.</param>
public sealed record RecallInterval(double Low, double High);
