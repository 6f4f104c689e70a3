namespace Swan.MLNet.ModelFiles;

/// <summary>Identifies the model of an embedding.</summary>
/// <remarks>
/// Embeddings of different models can't be compared, even if their lengths match. Only the fingerprint counts. It covers the encoders, the
/// vocabulary, and the card's fields on images and captions.
/// </remarks>
/// <param name="Name">The card's name, for people.</param>
/// <param name="Fingerprint">SHA-256 (lower-case hex) of everything that determines the model's embeddings.</param>
public sealed record ModelIdentity(string Name, string Fingerprint)
{
    /// <summary>Whether embeddings of the two can be compared; true if one is unknown.</summary>
    internal static bool Agree(ModelIdentity? a, ModelIdentity? b) =>
        a is null || b is null || string.Equals(a.Fingerprint, b.Fingerprint, StringComparison.Ordinal);

    /// <summary>The consequence of a mismatch, for messages, and the possible changes if the names match.</summary>
    internal static string Consequence(ModelIdentity? a, ModelIdentity? b) => "their scores would be meaningless."
        + (a is null || b is null || !string.Equals(a.Name, b.Name, StringComparison.Ordinal) ? ""
            : " They share a name, but not the weights, vocabulary, or rules for images and captions.");

    /// <summary>The name and the start of the fingerprint, such as <c>'swan-rsicd' (3f2a9c01)</c>.</summary>
    public override string ToString() => $"'{Name}' ({(Fingerprint.Length > 8 ? Fingerprint[..8] : Fingerprint)})";
}
