namespace Swan.MLNet.ModelFiles;

/// <summary>
/// Which model made an embedding. Embeddings of different models can't be compared, though they may have the same length.
/// </summary>
/// <param name="Name">The card's name, for people.</param>
/// <param name="Fingerprint">
/// SHA-256 (lower-case hex) over the hashes of the model file's encoders and vocabulary. It alone decides.
/// </param>
public sealed record ModelIdentity(string Name, string Fingerprint)
{
    /// <summary>Whether embeddings of the two can be compared; true where one is unknown, because nothing speaks against it then.</summary>
    internal static bool Agree(ModelIdentity? a, ModelIdentity? b) =>
        a is null || b is null || string.Equals(a.Fingerprint, b.Fingerprint, StringComparison.Ordinal);

    /// <summary>Name and the fingerprint's beginning, such as <c>'swan-rsicd' (3f2a9c01)</c>.</summary>
    public override string ToString() => $"'{Name}' ({(Fingerprint.Length > 8 ? Fingerprint[..8] : Fingerprint)})";
}
