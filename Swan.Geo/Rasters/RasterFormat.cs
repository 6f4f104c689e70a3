using Swan.MLNet.Imaging;

namespace Swan.Geo.Rasters;

/// <summary>What a GeoTIFF that is written says of its pixels.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Bands">Samples of a pixel.</param>
/// <param name="Type">The type in which samples are given.</param>
internal sealed record RasterFormat(int Width, int Height, int Bands, TiffSampleType Type)
{
    /// <summary>Photometric interpretations of TIFF.</summary>
    public const int MinIsWhite = 0, MinIsBlack = 1, Rgb = 2, Palette = 3, Transparency = 4, Separated = 5;

    /// <summary>Bits of a sample in the file: as many as the type has, or fewer for unsigned ones.</summary>
    public int Bits { get; init; } = Type.Bytes() * 8;

    /// <summary>What the page is of the file: 0 the picture, 4 a mask of it.</summary>
    public int Kind { get; init; }

    /// <summary>What the first bands are; RGB from three bands of 8 or 16 unsigned bits on, otherwise gray.</summary>
    public int Photometric { get; init; } =
        Bands >= 3 && Type is (TiffSampleType.Byte or TiffSampleType.UInt16) ? Rgb : MinIsBlack;

    /// <summary>What the bands after the colors are: 0 unspecified, 1 premultiplied alpha, 2 alpha. Those not listed are 0.</summary>
    public IReadOnlyList<int> ExtraSamples { get; init; } = [];

    /// <summary>A palette: all reds, all greens, all blues, 2 to the power of <see cref="Bits"/> of each.</summary>
    public IReadOnlyList<ushort>? ColorMap { get; init; }

    /// <summary>Where the upright picture's first row and column lie, as Exif numbers it.</summary>
    public int Orientation { get; init; } = 1;

    /// <summary>GDAL_NODATA, as GDAL writes the number; null where all samples are data.</summary>
    public string? NoData { get; init; }

    /// <summary>GDAL_METADATA, an XML text in which GDAL takes characters to be escaped twice; null for none.</summary>
    public string? Metadata { get; init; }

    /// <summary>What places the pixels on the earth; null for nothing.</summary>
    public GeoTags? Geo { get; init; }

    /// <summary>Bytes of a pixel as it is given.</summary>
    public int PixelBytes => Bands * Type.Bytes();

    /// <summary>How many bands tell the color.</summary>
    public int Colors => Photometric switch { Rgb => 3, Separated => 4, _ => 1 };

    /// <summary>1 unsigned, 2 signed, 3 float: TIFF's SampleFormat.</summary>
    public int SampleFormat => Type switch
    {
        TiffSampleType.SByte or TiffSampleType.Int16 or TiffSampleType.Int32 => 2,
        TiffSampleType.Single or TiffSampleType.Double => 3,
        _ => 1,
    };

    /// <exception cref="ArgumentOutOfRangeException">The file can't be written so.</exception>
    public void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Bands, Colors);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Bands, ushort.MaxValue);
        int most = Type.Bytes() * 8;
        if (Bits != most && (SampleFormat != 1 || Bits < 1 || Bits > most))
        {
            throw new ArgumentOutOfRangeException(
                nameof(Bits), Bits, $"Samples of type {Type} have {most} bits; unsigned ones 1 to {most}.");
        }

        if (Photometric == Palette && ColorMap?.Count != 3 << Bits)
        {
            throw new ArgumentOutOfRangeException(
                nameof(ColorMap), ColorMap?.Count, $"Expected {3 << Bits} numbers, as a palette of {Bits} bits has.");
        }
    }
}
