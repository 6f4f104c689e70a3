namespace Swan.MLNet.Imaging;

/// <summary>Refuses 16-bit pictures that use only a small part of the range, unless the caller gave a range.</summary>
/// <remarks>
/// Satellites deliver 10 to 14 bits in 16. Their high bytes make a nearly black picture with another embedding: its average cosine to the
/// same scene stretched to 8 bits is 0.55, less than that of two unrelated scenes.
/// </remarks>
internal static class DarkSamples
{
    /// <summary>The minimum of the brightest sample; below it, two bits of the range are unused.</summary>
    public const int Least = 16_384;

    /// <param name="highBytes">The high byte of each sample.</param>
    /// <param name="name">The file's name in error messages.</param>
    /// <exception cref="SwanImageException">No sample reaches 16,384.</exception>
    public static void ThrowIfDark(ReadOnlySpan<byte> highBytes, string name)
    {
        if (!highBytes.ContainsAnyInRange((byte)(Least >> 8), byte.MaxValue)) throw Fault(name);
    }

    /// <summary>The error that asks for a range.</summary>
    public static SwanImageException Fault(string name) => new(name, ImageFault.Unsupported,
        "its samples have 16 bits, but none reaches 16,384, as in satellite data of 10 to 14 bits. Without a range, it would be nearly "
        + "black (or white, where 0 is white). Set the black and white samples: --range \"values LOW HIGH\", or Range in the options.");
}
