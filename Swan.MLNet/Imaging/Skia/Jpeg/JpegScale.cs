namespace Swan.MLNet.Imaging;

/// <summary>In which of its own scales a JPEG is decoded, in eighths of its sides.</summary>
/// <remarks>
/// A block of 8×8 pixels is coded by its frequencies. Of the lowest n×n, n×n pixels are made: nothing is decoded that resizing would
/// average away. Part of model format version 2 (<see cref="ImageDecode.Scaled"/>): another rule would give models other pixels.
/// </remarks>
internal static class JpegScale
{
    /// <summary>All of a picture's pixels.</summary>
    public const int Full = 8;

    // The antialiased filter still sees two pixels for each that it makes, and so decides how the picture looks.
    private const int LeastRatio = 2;

    // 7/8 takes as long as all.
    private const int Largest = 6;

    /// <summary>The smallest scale in which neither side has less than twice the pixels that the encoder takes; else all.</summary>
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

    /// <summary>The most pixels that the shorter side of a picture has that is decoded in full.</summary>
    /// <param name="side">The encoder's, from 1.</param>
    public static int LargestInFull(int side) => (LeastRatio * side - 1) * Full / Largest;

    /// <summary>How many pixels a side has in a scale, the last of them perhaps only partly of the picture (<see cref="PictureSide"/>).
    /// </summary>
    public static long Pixels(long side, int eighths) => (side * eighths + Full - 1) / Full;
}
