namespace Swan.MLNet.Imaging;

/// <summary>Refuses pictures of 16-bit samples that use a small part of a range that nobody asked for.</summary>
/// <remarks>
/// Satellites deliver 10 to 14 bits in 16. Their high bytes are a nearly black picture, which embeds as something else: on average with a
/// cosine of 0.55 to the same scene stretched to 8 bits, where two unrelated scenes have more.
/// </remarks>
internal static class DarkSamples
{
    /// <summary>The least that the brightest sample must be: two bits of the range are unused below it.</summary>
    public const int Least = 16_384;

    /// <param name="highBytes">The high byte of each sample.</param>
    /// <param name="name">What error messages call the file.</param>
    /// <exception cref="SwanImageException">No sample reaches 16,384.</exception>
    public static void ThrowIfDark(ReadOnlySpan<byte> highBytes, string name)
    {
        if (!highBytes.ContainsAnyInRange((byte)(Least >> 8), byte.MaxValue)) throw Fault(name);
    }

    /// <summary>Asks for a range.</summary>
    public static SwanImageException Fault(string name) => new(name, ImageFault.Unsupported,
        "its samples have 16 bits, but none reaches 16,384, as in satellite data of 10 to 14 bits. Read as it is, it would be nearly black "
        + "(or white, where 0 is white). Say which samples are black and white: --range \"values LOW HIGH\", or Range of the options.");
}
