namespace Swan.MLNet.Imaging;

/// <summary>A 64-bit hash of a picture's look: re-saved, recompressed or scaled copies have close hashes.</summary>
/// <remarks>
/// The picture's luma is averaged to 32×32 cells. Each bit is the sign of one of the 64 lowest frequencies of their discrete cosine
/// transform. The arithmetic uses only integers, so every machine gives the same hash. Crops, rotations and mirror images have other
/// hashes. docs/results/look-alikes.md lists false alarms and misses. Safe for concurrent use.
/// Source: the DCT hash of Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010; signs instead of comparisons
/// with the median, from Ito and Kiya, DCT Sign-Only Correlation with Application to Image Matching, ICASSP 2007.
/// </remarks>
public static class PerceptualHash
{
    /// <summary>The hash of pictures too flat to tell apart, such as a single color.</summary>
    /// <remarks>It is close to no hash.</remarks>
    public const ulong None = 0;

    /// <summary>The maximum Hamming distance between the hashes of look-alikes: 7.</summary>
    public const int LookAlikeDistance = 7;

    // Weaker frequencies are rounding of the decoder. A hash needs 32 stronger ones; the flattest desert of RSICD has 55.
    private const long LeastAmplitude = LumaFrequencies.GrayLevel / 64;
    private const int LeastFrequencies = 32;

    /// <summary>Hashes a picture.</summary>
    /// <param name="picture">Of any size, decoded in full.</param>
    /// <returns>The hash, or <see cref="None"/>.</returns>
    /// <exception cref="ArgumentException">The picture was decoded at a smaller scale, so its hash would depend on the model.</exception>
    public static ulong Compute(RgbImage picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (picture.Reading is { Eighths: < JpegScale.Full } reading)
        {
            throw new ArgumentException(
                $"The picture of {reading.Width}×{reading.Height} pixels was decoded at {reading.Eighths}/8 of its side lengths for a "
                + "model, but a perceptual hash needs the full picture. Decode it without the model's options, or use ImageIdentity.",
                nameof(picture));
        }
        Span<long> frequencies = stackalloc long[LumaFrequencies.Count];
        LumaFrequencies.Transform(LumaCells.Average(picture), frequencies);
        ulong hash = 0;
        int strong = 0;
        for (int i = 0; i < frequencies.Length; i++)
        {
            if (frequencies[i] > 0) hash |= 1UL << i;
            if (Math.Abs(frequencies[i]) >= LeastAmplitude) strong++;
        }

        return strong >= LeastFrequencies ? hash : None;
    }

    /// <summary>The Hamming distance between two hashes, 0 to 64 bits.</summary>
    public static int Distance(ulong a, ulong b) => System.Numerics.BitOperations.PopCount(a ^ b);

    /// <summary>Whether pictures with these hashes look the same.</summary>
    public static bool LookAlike(ulong a, ulong b) => a != None && b != None && Distance(a, b) <= LookAlikeDistance;
}
