namespace Swan.MLNet.Imaging;

/// <summary>Refuses pictures of 16-bit samples that use a small part of their range.</summary>
/// <remarks>
/// Satellites deliver 10 to 14 bits in 16. Their high bytes are a nearly black picture, which embeds as something else: on average with a
/// cosine of 0.55 to the same scene stretched to 8 bits, where two unrelated scenes have more.
/// </remarks>
internal static class DarkSamples
{
    // The high byte of 16,384: two bits of the range are unused.
    private const byte Least = 64;

    /// <param name="highBytes">The high byte of each sample.</param>
    /// <param name="colors">How many samples of a pixel count; the others are alpha, which says nothing of the range.</param>
    /// <param name="samples">Samples of a pixel.</param>
    /// <param name="name">What error messages call the file.</param>
    /// <exception cref="SwanImageException">No sample reaches 16,384.</exception>
    public static void ThrowIfDark(ReadOnlySpan<byte> highBytes, int colors, int samples, string name)
    {
        if (colors == samples && highBytes.ContainsAnyInRange(Least, byte.MaxValue)) return;
        for (int pixel = 0; colors < samples && pixel < highBytes.Length; pixel += samples)
        {
            if (highBytes.Slice(pixel, colors).ContainsAnyInRange(Least, byte.MaxValue)) return;
        }
        throw new SwanImageException(name, ImageFault.Unsupported,
            "its samples have 16 bits, but none reaches 16,384, as in satellite data of 10 to 14 bits. Read as it is, it would be nearly "
            + "black (or white, where 0 is white). Stretch it to 8 bits first, for example with 'gdal_translate -ot Byte -scale LOW HIGH 0 "
            + "255', or write the largest value into the TIFF's tag SMaxSampleValue, the same once for each sample of a pixel.");
    }
}
