namespace Swan.MLNet.Evaluation;

/// <summary>How well images and captions find each other.</summary>
/// <remarks>Source: docs/spec/network.md, section 5.</remarks>
/// <param name="Images">Number of images.</param>
/// <param name="Captions">Number of captions.</param>
/// <param name="ImageToText">An image searches its captions.</param>
/// <param name="TextToImage">A caption searches its image.</param>
/// <param name="MeanRecall">mR: the mean of the six recalls, in percent.</param>
/// <param name="SceneRecall">SR@K by direction, or null where no image has a scene.</param>
public sealed record RetrievalMetrics(
    int Images, int Captions, DirectionMetrics ImageToText, DirectionMetrics TextToImage, double MeanRecall, SceneRecall? SceneRecall)
{
    /// <summary>The 95 % bootstrap interval of <see cref="MeanRecall"/> over images.</summary>
    /// <remarks>Null where it wasn't computed.</remarks>
    public RecallInterval? Interval { get; init; }
}
