namespace Swan.MLNet.Imaging;

/// <summary>A side of a decoded image: its pixels, and the part that belongs to the picture, in eighths of a pixel.</summary>
/// <remarks>
/// JPEGs are coded in whole blocks, so a scaled one (<see cref="JpegScale"/>) may end with a pixel that belongs only partly to the picture.
/// The rest is the encoder's filling of the last block, or was cropped. A turned image may begin with that pixel.
/// </remarks>
/// <param name="Pixels">All of the image's.</param>
/// <param name="Start">Where the picture begins.</param>
/// <param name="Length">How far it goes.</param>
internal readonly record struct PictureSide(int Pixels, long Start, long Length)
{
    /// <summary>What stands for one pixel.</summary>
    public const int Unit = JpegScale.Full;

    /// <summary>The first pixel that is wholly of the picture.</summary>
    public int First => (int)((Start + Unit - 1) / Unit);

    /// <summary>The one after the last that is.</summary>
    public int End => (int)((Start + Length) / Unit);

    /// <summary>Whether all pixels are of the picture.</summary>
    public bool IsWhole => Length == (long)Pixels * Unit;

    /// <summary>The same side from its other end.</summary>
    public PictureSide Mirrored() => this with { Start = (long)Pixels * Unit - Start - Length };

    /// <summary>A side whose pixels are all of the picture.</summary>
    public static PictureSide Whole(int pixels) => new(pixels, 0, (long)pixels * Unit);

    /// <summary>A stored side of a JPEG in a scale.</summary>
    /// <param name="side">The file's pixels.</param>
    /// <param name="eighths">The scale.</param>
    public static PictureSide Scaled(long side, int eighths) => new((int)JpegScale.Pixels(side, eighths), 0, side * eighths);
}
