namespace Swan.MLNet.Imaging;

/// <summary>A picture's properties, known to a format's class before Skia reads it.</summary>
/// <param name="Width">Columns, as stored.</param>
/// <param name="Height">Rows, as stored.</param>
/// <param name="Orientation">How the picture is turned.</param>
/// <param name="CodecBytes">Bytes a pixel that the codec holds beside the picture.</param>
internal readonly record struct PictureHeader(long Width, long Height, ExifOrientation Orientation, int CodecBytes)
{
    /// <summary>Whether Skia returns rows one by one, without a picture of four bytes per pixel.</summary>
    public bool ByRows { get; init; }

    /// <summary>Whether it is a part of an image, whose memory is charged as a whole.</summary>
    public bool IsPart { get; init; }

    /// <summary>The scale that it is decoded in, in eighths of its sides; a JPEG may have less than eight.</summary>
    public int Eighths { get; init; } = JpegScale.Full;

    /// <summary>Bytes for what its format's class makes of the decoded picture.</summary>
    public long Besides { get; init; }

    /// <summary>The same in the scale that a JPEG is decoded in.</summary>
    public PictureHeader ScaledFor(ImageDecodingOptions options) =>
        this with { Eighths = JpegScale.Choose(Width, Height, options.ScaledSide) };

    /// <summary>What <see cref="SkiaDecoder.Admit"/> has checked the sides for: a file may claim sides of 32 bits each.</summary>
    public long Pixels => checked(Width * Height);

    /// <summary>How many are made of them.</summary>
    public long DecodedPixels => checked(JpegScale.Pixels(Width, Eighths) * JpegScale.Pixels(Height, Eighths));

    /// <summary>Which columns and rows of the upright image are of the picture.</summary>
    public (PictureSide Columns, PictureSide Rows) Sides
    {
        get
        {
            PictureSide across = PictureSide.Scaled(Width, Eighths), down = PictureSide.Scaled(Height, Eighths);
            // The upright image begins with the stored side's other end where its first pixel is there.
            (int x, int y) = Orientation.Source(0, 0, 2, 2);
            if (x > 0) across = across.Mirrored();
            if (y > 0) down = down.Mirrored();
            return Orientation.SwapsSides ? (down, across) : (across, down);
        }
    }

    /// <summary>Makes the upright image; its pixels are arbitrary.</summary>
    public RgbImage Create(int width, int height) => IsPart
        ? new(Orientation.SwapsSides ? height : width, Orientation.SwapsSides ? width : height, new byte[checked(width * height * 3)])
        : Orientation.Create(width, height);
}
