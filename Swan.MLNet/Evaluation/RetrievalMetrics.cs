namespace Swan.MLNet.Evaluation;

/// <summary>How well images and captions find each other. Source: spec, section 5.</summary>
/// <param name="Images">Number of images.</param>
/// <param name="Captions">Number of captions.</param>
/// <param name="ImageToText">An image searches its captions.</param>
/// <param name="TextToImage">A caption searches its image.</param>
/// <param name="MeanRecall">mR: the mean of the six recalls, in percent.</param>
/// <param name="SceneRecall">SR@K by direction, or null where no image has a scene.</param>
public sealed record RetrievalMetrics(
    int Images, int Captions, DirectionMetrics ImageToText, DirectionMetrics TextToImage, double MeanRecall, SceneRecall? SceneRecall)
{
    /// <summary>The 95 % bootstrap interval of <see cref="MeanRecall"/> over images. Null where it wasn't computed.</summary>
    public RecallInterval? Interval { get; init; }
}

/// <summary>The metrics of one direction.</summary>
/// <param name="RecallAt1">Percent of queries with a right item first.</param>
/// <param name="RecallAt5">Percent of queries with a right item among the first 5.</param>
/// <param name="RecallAt10">Percent of queries with a right item among the first 10.</param>
/// <param name="MedianRank">Floored median of the best right item's 0-based rank, plus 1.</param>
/// <param name="MeanRank">Mean of the best right item's 0-based rank, plus 1.</param>
public sealed record DirectionMetrics(double RecallAt1, double RecallAt5, double RecallAt10, double MedianRank, double MeanRank)
{
    /// <summary>The 95 % bootstrap intervals of the three recalls over images. Null where they weren't computed.</summary>
    public RecallIntervals? Intervals { get; init; }
}

/// <summary>
/// The paper's scene recall: for each query with a scene, the share of its first K results that have the same scene, averaged over the
/// queries, in [0, 1].
/// </summary>
/// <param name="ImageToTextAt1">Image to text, K = 1.</param>
/// <param name="ImageToTextAt5">Image to text, K = 5.</param>
/// <param name="ImageToTextAt10">Image to text, K = 10.</param>
/// <param name="TextToImageAt1">Text to image, K = 1.</param>
/// <param name="TextToImageAt5">Text to image, K = 5.</param>
/// <param name="TextToImageAt10">Text to image, K = 10.</param>
public sealed record SceneRecall(
    double ImageToTextAt1, double ImageToTextAt5, double ImageToTextAt10, double TextToImageAt1, double TextToImageAt5, double TextToImageAt10);
