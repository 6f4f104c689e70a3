using System.Text.Json.Serialization;

namespace Swan.MLNet.ModelFiles;

/// <summary>How a model file stores its weights, and how far its unit embeddings are from float32's.</summary>
/// <remarks>
/// The distance is measured on the validation set, or else on random images and captions. Where a model decodes scaled, float32's are those
/// of images decoded in full.
/// </remarks>
/// <param name="Precision">How large matrices, kernels and tables are stored; biases, norms and small tensors are float32.</param>
/// <param name="MaxDifference">The largest absolute difference between two values.</param>
/// <param name="MinCosine">The cosine between the two embeddings that are least alike; 1 is the same.</param>
/// <param name="MeanCosine">The mean cosine.</param>
public sealed record StoredWeights(
    SwanWeightPrecision Precision,
    [property: JsonPropertyName("largestDifference")] double MaxDifference,
    [property: JsonPropertyName("smallestCosine")] double MinCosine,
    double MeanCosine);
