using BitMiracle.LibTiff.Classic;

namespace Swan.MLNet.Imaging;

/// <summary>What a TIFF's first directory says about its pixels, checked for sense and limits.</summary>
internal sealed class TiffFields
{
    // Strips, tiles and rows may take this much per pixel that an image may have: 16-bit RGBA.
    private const int MaxPixelBytes = 8;

    // No compression of TIFF shrinks real data further, and the first 64 MiB are nobody's harm.
    private const int MaxCompression = 4096;
    private const long AlwaysAllowedBytes = 64L << 20;

    private TiffFields(Tiff tiff)
    {
        Width = Field(tiff, TiffTag.IMAGEWIDTH, 0);
        Height = Field(tiff, TiffTag.IMAGELENGTH, 0);
        Bits = Field(tiff, TiffTag.BITSPERSAMPLE, 1);
        Samples = Field(tiff, TiffTag.SAMPLESPERPIXEL, 1) & 0xFFFF;
        Photometric = (Photometric)Field(tiff, TiffTag.PHOTOMETRIC, (int)Photometric.MINISBLACK);
        Format = (SampleFormat)Field(tiff, TiffTag.SAMPLEFORMAT, (int)SampleFormat.UINT);
        Compression = (Compression)Field(tiff, TiffTag.COMPRESSION, (int)Compression.NONE);
        Separate = (PlanarConfig)Field(tiff, TiffTag.PLANARCONFIG, (int)PlanarConfig.CONTIG) == PlanarConfig.SEPARATE;
        Orientation = new ExifOrientation(Field(tiff, TiffTag.ORIENTATION, 1));
        IsTiled = tiff.IsTiled();
        (ChunkWidth, ChunkHeight) = IsTiled
            ? (Field(tiff, TiffTag.TILEWIDTH, 0), Field(tiff, TiffTag.TILELENGTH, 0))
            : (Width, (int)Math.Min((uint)Height, (uint)Field(tiff, TiffTag.ROWSPERSTRIP, Height)));
        Colors = Photometric switch { Photometric.RGB or Photometric.YCBCR => 3, Photometric.SEPARATED => 4, _ => 1 };
        if (Bits == 16) SampleRange = ReadSampleRange(tiff);
        FieldValue[]? extra = tiff.GetField(TiffTag.EXTRASAMPLES);
        Premultiplied = Samples > Colors
            && extra is { Length: 2 }
            && extra[0].ToInt() > 0
            && extra[1].Value is ExtraSample[] and [ExtraSample.ASSOCALPHA, ..];
    }

    public int Width { get; }

    public int Height { get; }

    public int Bits { get; }

    public int Samples { get; }

    public Photometric Photometric { get; }

    public SampleFormat Format { get; }

    public Compression Compression { get; }

    public bool Separate { get; }

    public ExifOrientation Orientation { get; }

    public bool IsTiled { get; }

    /// <summary>Columns and rows of a tile; for strips the image's width and the rows of a strip.</summary>
    public int ChunkWidth { get; }

    public int ChunkHeight { get; }

    /// <summary>Samples that tell the color; further ones are alpha and other bands.</summary>
    public int Colors { get; }

    /// <summary>
    /// Which 16-bit samples are black and white, where the file says it (SMinSampleValue, SMaxSampleValue); null otherwise.
    /// </summary>
    public (int Low, int High)? SampleRange { get; }

    /// <summary>The sample after the colors is an alpha that they have been multiplied by.</summary>
    public bool Premultiplied { get; }

    /// <summary>Bytes that decoding takes: a picture's for each step, and two chunks, one as it is stored and one decoded.</summary>
    public long DecodingBytes
    {
        get
        {
            long pixels = (long)Width * Height, chunk = (long)ChunkWidth * ChunkHeight * (Separate ? 1 : Samples) * Bits / 8;
            int upright = Orientation.IsUpright ? 0 : 3;
            if (Photometric == Photometric.YCBCR)
            {
                // RGB from JPEG chunks through Skia (RGBA and RGB), or a raster of LibTiff's and RGB.
                return TiffJpeg.Suits(this)
                    ? pixels * (3 + upright) + chunk + (long)ChunkWidth * ChunkHeight * 7
                    : pixels * (4 + 3 + upright) + 2 * chunk;
            }
            int samples = Colors + (Premultiplied ? 1 + Colors : 0), colors = Photometric == Photometric.RGB ? 0 : 3;
            return pixels * (samples + colors + upright) + 2 * chunk;
        }
    }

    /// <exception cref="SwanImageException">The image is too large, of an unsupported kind, or its data lie outside the file.</exception>
    public static TiffFields Read(Tiff tiff, string name, long fileBytes, ImageDecodingOptions options)
    {
        var fields = new TiffFields(tiff);
        options.CheckPixels(name, fields.Width, fields.Height);
        fields.CheckKind(name);
        fields.CheckSizes(tiff, name, fileBytes, options);
        return fields;
    }

    private void CheckKind(string name)
    {
        if (Format is not (SampleFormat.UINT or SampleFormat.VOID) || Bits is < 1 or > 16)
        {
            throw new SwanImageException(
                name, ImageFault.Unsupported,
                $"it has {Bits}-bit {Format} samples; unsigned samples of 1 to 16 bits are read. Scale it to 8 bits first: "
                + "how to stretch its range is a choice that only you can make.");
        }

        if (Samples < Colors)
        {
            throw new SwanImageException(name, ImageFault.Corrupt,
                $"it says {Photometric}, which takes {Colors} samples a pixel, but has {Samples}.");
        }
        switch (Photometric)
        {
            case Photometric.RGB or Photometric.SEPARATED or Photometric.YCBCR:
                break;
            case Photometric.PALETTE when Bits <= 8:
                break;
            case Photometric.MINISBLACK or Photometric.MINISWHITE when Samples <= 2: // the second one is alpha
                break;
            case Photometric.MINISBLACK or Photometric.MINISWHITE:
                throw new SwanImageException(name, ImageFault.Unsupported,
                    $"it has {Samples} bands and doesn't say which are red, green and blue. Select three and write them as an RGB TIFF.");
            default:
                throw new SwanImageException(name, ImageFault.Unsupported,
                    $"its colors are {Photometric} with {Bits} bits; gray, RGB, CMYK, YCbCr and a palette of up to 8 "
                    + "bits are read. Convert it to RGB.");
        }
    }

    private void CheckSizes(Tiff tiff, string name, long fileBytes, ImageDecodingOptions options)
    {
        if (ChunkWidth < 1 || ChunkHeight < 1)
            throw new SwanImageException(name, ImageFault.Corrupt, $"its tiles or strips are {ChunkWidth}×{ChunkHeight} pixels.");
        decimal chunk = (decimal)ChunkWidth * ChunkHeight * (Separate ? 1 : Samples) * Bits / 8;
        if (chunk > (decimal)options.MaxPixels * MaxPixelBytes || chunk > int.MaxValue / 2)
        {
            throw new SwanImageException(name, ImageFault.TooLarge,
                $"one of its tiles or strips takes {chunk:F0} bytes, more than the limit on pixels allows. "
                + $"Write it with smaller ones, or raise {nameof(ImageDecodingOptions.MaxPixels)}.");
        }

        decimal whole = Math.Max(chunk, (decimal)Width * Height * Samples * Bits / 8);
        if (whole > AlwaysAllowedBytes + (decimal)fileBytes * MaxCompression)
        {
            throw new SwanImageException(name, ImageFault.Corrupt,
                $"its {fileBytes} bytes would have to hold {whole:F0} bytes of pixels, which no compression of TIFF can do.");
        }

        (TiffTag offsetTag, TiffTag sizeTag) = IsTiled
            ? (TiffTag.TILEOFFSETS, TiffTag.TILEBYTECOUNTS)
            : (TiffTag.STRIPOFFSETS, TiffTag.STRIPBYTECOUNTS);
        long[]? offsets = tiff.GetField(offsetTag)?[0].TolongArray(), sizes = tiff.GetField(sizeTag)?[0].TolongArray();
        int needed = IsTiled ? tiff.NumberOfTiles() : tiff.NumberOfStrips();
        if (offsets is null || offsets.Length < needed)
            throw new SwanImageException(name, ImageFault.Corrupt, $"it needs {needed} tiles or strips, but lists {offsets?.Length ?? 0}.");
        for (int i = 0; i < needed; i++)
        {
            long size = sizes is not null && i < sizes.Length ? sizes[i] : 0;
            if (offsets[i] == 0)
            {
                throw new SwanImageException(name, ImageFault.Unsupported,
                    $"its tile or strip {i} has no data (a sparse file). Write it whole.");
            }
            if (offsets[i] < 0 || size < 0 || offsets[i] > fileBytes - size)
            {
                throw new SwanImageException(name, ImageFault.Truncated,
                    $"the data of its tile or strip {i} would lie at {offsets[i]} to {offsets[i] + size}, but it has {fileBytes} bytes. "
                    + "Copy it again from its source.");
            }
        }
    }

    private static (int Low, int High)? ReadSampleRange(Tiff tiff)
    {
        if (tiff.GetField(TiffTag.SMAXSAMPLEVALUE) is not { Length: > 0 } most) return null;
        double high = Unsigned(most), low = tiff.GetField(TiffTag.SMINSAMPLEVALUE) is { Length: > 0 } least ? Unsigned(least) : 0;
        (low, high) = (Math.Round(low), Math.Round(high));
        return low >= 0 && high > low && high <= ushort.MaxValue ? ((int)low, (int)high) : null;

        // LibTiff.NET gives unsigned 16-bit values as signed ones.
        static double Unsigned(FieldValue[] values) =>
            values[0].ToDouble() is var value && value is < 0 and >= short.MinValue ? value + 65_536 : value;
    }

    private static int Field(Tiff tiff, TiffTag tag, int otherwise) =>
        tiff.GetFieldDefaulted(tag) is { Length: > 0 } values ? values[0].ToInt() : otherwise;
}
