namespace Swan.MLNet.ModelFiles;

/// <summary>Parameters of querybank normalization, which lowers the scores of captions that are close to many images of a bank.</summary>
/// <remarks>
/// It improves image-to-text results and keeps text-to-image rankings. Querybank normalization (Bogolin, Croitoru, Jin, Liu and Albanie,
/// CVPR 2022) with the inverted softmax (Smith, Turban, Hamblin and Hammerla, ICLR 2017), as one more value of both embeddings; see
/// docs/decisions/0016. A card with a querybank means that the last value of every image's embedding is the same constant, which averages
/// over rotations keep. Its numbers are for people.
/// </remarks>
public sealed record Querybank
{
    /// <summary>The number of image embeddings in the model file; at least 2.</summary>
    public required int Images { get; init; }

    /// <summary>The divisor of cosines before the sum over the bank, above 0 and up to 1.</summary>
    public required double Temperature { get; init; }

    /// <summary>The seed that drew the images.</summary>
    public int Seed { get; init; }

    /// <summary>The name of the set that the images were drawn from, such as <c>train.jsonl</c>.</summary>
    public required string Data { get; init; }

    /// <summary>SHA-256 (lower-case hex) of that set's file names, scenes and captions.</summary>
    public required string Sha256 { get; init; }
}
