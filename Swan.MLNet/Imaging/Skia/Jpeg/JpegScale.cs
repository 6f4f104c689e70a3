namespace Swan.MLNet.Imaging;

/// <summary>Chooses the scale at which a JPEG is decoded, in eighths of its side lengths.</summary>
/// <remarks>
/// A block of 8×8 pixels is coded by its frequencies. The lowest n×n of them give n×n pixels, without details that resizing would average
/// away. Part of model format version 2 (<see cref="ImageDecode.Scaled"/>); another rule would change the pixels that models get.
/// </remarks>
internal static class JpegScale
{
    /// <summary>All of a picture's pixels.</summary>
    public const int Full = 8;

    // The antialiased filter still averages two pixels for each one, so it determines the picture's look.
    private const int LeastRatio = 2;

    // 7/8 takes as long as all.
    private const int Largest = 6;

    /// <summary>The smallest scale at which both sides have at least twice the encoder's pixels; else all.</summary>
    /// <param name="width">The picture's columns.</param>
    /// <param name="height">The picture's rows.</param>
    /// <param name="side">The encoder's; 0: all pixels are asked for.</param>
    public static int Choose(long width, long height, int side)
    {
        long shorter = Math.Min(width, height);
        if (side == 0) return Full;
        for (int eighths = 1; eighths <= Largest; eighths++)
        {
            if (Pixels(shorter, eighths) >= (long)LeastRatio * side) return eighths;
        }
        return Full;
    }

    /// <summary>The longest shorter side of a picture that is decoded in full.</summary>
    /// <param name="side">The encoder's, from 1.</param>
    public static int LargestInFull(int side) => (LeastRatio * side - 1) * Full / Largest;

    /// <summary>How many pixels a side has in a scale, the last of them perhaps only partly of the picture (<see cref="PictureSide"/>).
    /// </summary>
    public static long Pixels(long side, int eighths) => (side * eighths + Full - 1) / Full;
}
