namespace Swan.MLNet.Imaging;

/// <summary>How many images of a collection are in an <see cref="ImageIdentitySet"/>.</summary>
/// <param name="Identical">Images that are in the set byte for byte.</param>
/// <param name="LookAlike">Other images that look the same as one in the set: re-saved, recompressed or scaled copies.</param>
public readonly record struct ImageOverlap(int Identical, int LookAlike)
{
    /// <summary>Images of both kinds.</summary>
    public int Count => Identical + LookAlike;

    /// <summary>Both counts, such as <c>12 byte for byte, 3 look the same</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Identical:N0} byte for byte, {LookAlike:N0} look the same");
}
