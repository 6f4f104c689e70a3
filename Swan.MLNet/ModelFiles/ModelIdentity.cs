namespace Swan.MLNet.ModelFiles;

/// <summary>Which model made an embedding.</summary>
/// <remarks>
/// Embeddings of different models can't be compared, though they may have the same length. The fingerprint alone decides. It covers the
/// encoders, the vocabulary, and what the card says of images and captions.
/// </remarks>
/// <param name="Name">The card's name, for people.</param>
/// <param name="Fingerprint">SHA-256 (lower-case hex) of all that decides what the model's embeddings are.</param>
public sealed record ModelIdentity(string Name, string Fingerprint)
{
    /// <summary>Whether embeddings of the two can be compared; true where one is unknown, because nothing speaks against it then.</summary>
    internal static bool Agree(ModelIdentity? a, ModelIdentity? b) =>
        a is null || b is null || string.Equals(a.Fingerprint, b.Fingerprint, StringComparison.Ordinal);

    /// <summary>What follows from a disagreement, for messages, and what may have changed where the names are the same.</summary>
    internal static string Consequence(ModelIdentity? a, ModelIdentity? b) => "their scores would mean nothing."
        + (a is null || b is null || !string.Equals(a.Name, b.Name, StringComparison.Ordinal) ? ""
            : " They have one name, but not the same weights, vocabulary, or rules for images and captions.");

    /// <summary>Name and the fingerprint's beginning, such as <c>'swan-rsicd' (3f2a9c01)</c>.</summary>
    public override string ToString() => $"'{Name}' ({(Fingerprint.Length > 8 ? Fingerprint[..8] : Fingerprint)})";
}
