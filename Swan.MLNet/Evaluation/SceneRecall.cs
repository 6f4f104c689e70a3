namespace Swan.MLNet.Evaluation;

/// <summary>The paper's scene recall, in [0, 1]: the share of the first K results with the query's scene.</summary>
/// <remarks>It is averaged over the queries that have a scene.</remarks>
/// <param name="ImageToTextAt1">Image to text, K = 1.</param>
/// <param name="ImageToTextAt5">Image to text, K = 5.</param>
/// <param name="ImageToTextAt10">Image to text, K = 10.</param>
/// <param name="TextToImageAt1">Text to image, K = 1.</param>
/// <param name="TextToImageAt5">Text to image, K = 5.</param>
/// <param name="TextToImageAt10">Text to image, K = 10.</param>
public sealed record SceneRecall(
    double ImageToTextAt1, double ImageToTextAt5, double ImageToTextAt10, double TextToImageAt1, double TextToImageAt5,
    double TextToImageAt10);
