namespace Swan.MLNet.Imaging;

/// <summary>A decoded image: 8-bit RGB, upright, without alpha.</summary>
/// <remarks>Immutable in shape; the pixel array is shared, not copied. Safe to read from several threads.</remarks>
public sealed class RgbImage
{
    /// <summary>Wraps pixels that are already laid out as RGB.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="pixels">Exactly <c>width * height * 3</c> bytes: <c>pixels[(y * width + x) * 3 + channel]</c>. Not copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is smaller than 1.</exception>
    /// <exception cref="ArgumentException">The array's length doesn't fit the sides.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.LongLength != (long)width * height * 3)
        {
            throw new ArgumentException(
                $"An RGB image of {width}×{height} has {(long)width * height * 3} bytes, but {pixels.LongLength} were given.",
                nameof(pixels));
        }
        Width = width;
        Height = height;
        Pixels = pixels;
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Row-major, channels last: <c>Pixels[(y * Width + x) * 3 + channel]</c>, channel 0 is red.</summary>
    public byte[] Pixels { get; }

    /// <summary>The EXIF or TIFF orientation that it was turned from; 1 where it was not.</summary>
    internal int Orientation { get; init; } = 1;

    /// <summary>How it was read; null where it was made in memory.</summary>
    internal ImageReading? Reading { get; set; }
}
