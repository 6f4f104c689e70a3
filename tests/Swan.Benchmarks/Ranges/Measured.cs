using Swan.MLNet.Evaluation;

namespace Swan.Benchmarks.Ranges;

/// <summary>How near embeddings are to those of the 8-bit pictures.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="MeanAlike">The mean cosine to the 8-bit picture that was stretched alike.</param>
/// <param name="LeastAlike">The least of them.</param>
/// <param name="MeanAsIs">The mean cosine to the 8-bit picture as it is.</param>
/// <param name="LeastAsIs">The least of them.</param>
/// <param name="Under">The share of these under 0.98.</param>
/// <param name="Scenes">Scene recall with the captions.</param>
internal sealed record Measured(
    string Name, double MeanAlike, double LeastAlike, double MeanAsIs, double LeastAsIs, double Under, SceneRecall Scenes);
