namespace Swan.MLNet.Imaging;

/// <summary>A 64-bit hash of what a picture looks like: copies that were re-saved, recompressed or scaled have close hashes.</summary>
/// <remarks>
/// The picture's luma is averaged to 32×32 cells. A bit is set where a low frequency of their discrete cosine transform is above the median
/// of all 64 (Zauner, 2010: pHash). Only integers are computed with, so every machine gives the same hash. Crops, mirror images and
/// rotations have other hashes. Safe for concurrent use.
/// </remarks>
public static class PerceptualHash
{
    /// <summary>The hash of pictures that are too flat to be told apart: it is close to no hash, itself included.</summary>
    public const ulong None = 0;

    /// <summary>The most bits in which hashes of pictures that look the same differ.</summary>
    public const int LookAlikeDistance = 6;

    /// <summary>Hashes a picture.</summary>
    /// <param name="picture">Of any size; a picture smaller than 32 pixels is hashed, too.</param>
    /// <returns>The hash, or <see cref="None"/>.</returns>
    public static ulong Compute(RgbImage picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        Span<long> frequencies = stackalloc long[LumaFrequencies.Count];
        LumaFrequencies.Transform(LumaCells.Average(picture), frequencies);
        return Bits(frequencies);
    }

    /// <summary>In how many bits two hashes differ, 0 to 64.</summary>
    public static int Distance(ulong a, ulong b) => System.Numerics.BitOperations.PopCount(a ^ b);

    /// <summary>Whether pictures with these hashes look the same.</summary>
    public static bool LookAlike(ulong a, ulong b) => a != None && b != None && Distance(a, b) <= LookAlikeDistance;

    private static ulong Bits(ReadOnlySpan<long> frequencies)
    {
        Span<long> sorted = stackalloc long[frequencies.Length];
        frequencies.CopyTo(sorted);
        sorted.Sort();
        long median = sorted[sorted.Length / 2];
        ulong bits = 0;
        for (int i = 0; i < frequencies.Length; i++)
        {
            if (frequencies[i] > median) bits |= 1UL << i;
        }

        return bits;
    }
}
