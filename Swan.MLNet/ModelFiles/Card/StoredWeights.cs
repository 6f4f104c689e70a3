using System.Text.Json.Serialization;

namespace Swan.MLNet.ModelFiles;

/// <summary>How a model file stores its weights, and how far its unit embeddings are from float32's.</summary>
/// <remarks>
/// The distance is measured on the validation set, or else on random images and captions. For a model that decodes scaled, the float32
/// embeddings come from images decoded in full.
/// </remarks>
/// <param name="Precision">The storage of large matrices, kernels and tables; biases, norms and small tensors are float32.</param>
/// <param name="MaxDifference">The largest absolute difference between two values.</param>
/// <param name="MinCosine">The lowest cosine between two corresponding embeddings; 1 means equal.</param>
/// <param name="MeanCosine">The mean cosine.</param>
public sealed record StoredWeights(
    SwanWeightPrecision Precision,
    [property: JsonPropertyName("largestDifference")] double MaxDifference,
    [property: JsonPropertyName("smallestCosine")] double MinCosine,
    double MeanCosine);
