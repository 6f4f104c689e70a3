using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>A decoded image: 8-bit RGB, upright, without alpha.</summary>
/// <remarks>Immutable in shape; the pixel array is shared, not copied. Safe to read from several threads.</remarks>
public sealed class RgbImage
{
    private readonly byte[]? _own;
    private readonly PooledBuffer? _lent;

    /// <summary>Wraps pixels that are already laid out as RGB.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="pixels">Exactly <c>width * height * 3</c> bytes: <c>pixels[(y * width + x) * 3 + channel]</c>. Not copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is smaller than 1.</exception>
    /// <exception cref="ArgumentException">The array's length doesn't match the sides.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.LongLength != (long)width * height * 3)
        {
            throw new ArgumentException(
                $"Expected {(long)width * height * 3} bytes for an RGB image of {width}×{height}; got {pixels.LongLength}.",
                nameof(pixels));
        }
        (Width, Height, Columns, Rows) = (width, height, PictureSide.Whole(width), PictureSide.Whole(height));
        _own = pixels;
    }

    /// <summary>Wraps the first <c>width * height * 3</c> bytes of a buffer, which stays its owner's.</summary>
    internal RgbImage(int width, int height, PooledBuffer lent) =>
        (Width, Height, Columns, Rows, _lent) = (width, height, PictureSide.Whole(width), PictureSide.Whole(height), lent);

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Which columns are of the picture: all, unless it was decoded in a smaller scale.</summary>
    internal PictureSide Columns { get; set; }

    /// <summary>Which rows are.</summary>
    internal PictureSide Rows { get; set; }

    /// <summary>Row-major, channels last: <c>Pixels[(y * Width + x) * 3 + channel]</c>, channel 0 is red.</summary>
    public byte[] Pixels => _own ?? throw new InvalidOperationException(
        "These pixels are lent and end with the decoding turn. This is a bug in Swan.");

    /// <summary>The same bytes, whatever their owner; valid only during the image's decoding turn.</summary>
    internal Span<byte> Rgb => _lent is null ? _own : _lent.Span[..(Width * Height * 3)];

    /// <summary>Makes an image with arbitrary pixels, in memory of the turn where the image ends with it.</summary>
    internal static RgbImage Create(int width, int height)
    {
        int bytes = checked(width * height * 3);
        return DecodeTurn.RentPicture(bytes) is { } lent
            ? new(width, height, lent) : new(width, height, GC.AllocateUninitializedArray<byte>(bytes));
    }

    /// <summary>The EXIF or TIFF orientation before it was turned; 1 if it was not turned.</summary>
    internal int Orientation { get; set; } = 1;

    /// <summary>How it was read; null for an image made in memory.</summary>
    internal ImageReading? Reading { get; set; }
}
