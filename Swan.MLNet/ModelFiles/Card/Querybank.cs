namespace Swan.MLNet.ModelFiles;

/// <summary>
/// What a model's text tower is normalized against: a caption that is close to many of a bank of images is moved away from all images, so
/// that it isn't found for each of them. Which images a caption finds doesn't change, nor does their order.
/// </summary>
/// <remarks>
/// Querybank normalization (Bogolin, Croitoru, Jin, Liu and Albanie, CVPR 2022) with the inverted softmax (Smith, Turban, Hamblin and
/// Hammerla, ICLR 2017), as one more value of both embeddings; see docs/decisions/0016. That a card has one says that
/// the last value of every image's embedding is the same constant, which averages over rotations keep; its numbers are for people.
/// </remarks>
public sealed record Querybank
{
    /// <summary>How many images' embeddings the model file holds; at least 2.</summary>
    public required int Images { get; init; }

    /// <summary>What cosines are divided by before the sum over the bank, above 0 and up to 1.</summary>
    public required double Temperature { get; init; }

    /// <summary>Which images were drawn.</summary>
    public int Seed { get; init; }

    /// <summary>The name of the set that the images were drawn from, such as <c>train.jsonl</c>.</summary>
    public required string Data { get; init; }

    /// <summary>SHA-256 (lower-case hex) of that set's file names, scenes and captions.</summary>
    public required string Sha256 { get; init; }
}
