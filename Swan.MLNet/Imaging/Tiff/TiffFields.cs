using BitMiracle.LibTiff.Classic;

namespace Swan.MLNet.Imaging;

/// <summary>The properties of a TIFF's pixels as read, from a directory.</summary>
/// <remarks>Luma and chroma (YCbCr) are read as RGB.</remarks>
internal sealed class TiffFields
{
    // A tag of each sample; more than any sensor has, and than a file's pixels could say.
    private const int MaxSamples = ushort.MaxValue;

    // Further directories are many, and each could have all of those.
    private const int SamplesAtATime = 1024;

    private readonly TiffDirectory _directory;
    private readonly Lazy<ExtraSample[]> _extraSamples;

    private TiffFields(TiffDirectory directory)
    {
        _directory = directory;
        Width = Side(TiffTags.ImageWidth, 0);
        Height = Side(TiffTags.ImageLength, 0);
        Samples = Side(TiffTags.SamplesPerPixel, 1);
        StoredPhotometric = (Photometric)_directory.Number(TiffTags.Photometric, (int)Photometric.MINISBLACK);
        Orientation = new ExifOrientation((int)Math.Min(_directory.Number(TiffTags.Orientation, 1), int.MaxValue));
        _extraSamples = new(
            () => [.. _directory.Numbers(TiffTags.ExtraSamples, 0, Math.Max(Samples - Colors, 0)).Select(e => (ExtraSample)e)]);
        NoData = _directory.NumberInText(TiffTags.GdalNoData);
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Bits of a sample as it is stored.</summary>
    public int Bits { get; private set; } = 1;

    /// <summary>How the file says that samples are numbers.</summary>
    public SampleFormat Format { get; private set; } = SampleFormat.UINT;

    /// <summary>The type in which samples are read.</summary>
    public TiffSampleType SampleType { get; private set; }

    /// <summary>Bands: samples of a pixel.</summary>
    public int Samples { get; private set; }

    /// <summary>The meaning of the first bands as read; RGB also for luma and chroma.</summary>
    public Photometric Photometric => StoredPhotometric == Photometric.YCBCR ? Photometric.RGB : StoredPhotometric;

    /// <summary>Their meaning in the file.</summary>
    public Photometric StoredPhotometric { get; private set; }

    /// <summary>The number of color bands; further ones are alpha and others.</summary>
    public int Colors => Photometric switch { Photometric.RGB => 3, Photometric.SEPARATED => 4, _ => 1 };

    /// <summary>The meaning of the bands after the colors, as far as the file marks them.</summary>
    public IReadOnlyList<ExtraSample> ExtraSamples => _extraSamples.Value;

    /// <summary>The sample after the colors is an alpha that they have been multiplied by.</summary>
    public bool Premultiplied => Samples > Colors && ExtraSamples is [ExtraSample.ASSOCALPHA, ..];

    /// <summary>Where the upright picture's first row and column lie; windows are read as they are stored.</summary>
    public ExifOrientation Orientation { get; }

    /// <summary>The file's no-data value (GDAL_NODATA); it may be NaN.</summary>
    public double? NoData { get; }

    /// <summary>
    /// The samples that are black and white, where the file says it (SMinSampleValue, SMaxSampleValue); null otherwise, and where they are
    /// only the limits of the samples' type, unless that has 16 unsigned bits. Of files that say it for each band, the least and the
    /// largest.
    /// </summary>
    /// <param name="bands">Whose tags count, from 0.</param>
    public (double Low, double High)? SampleRange(int[] bands)
    {
        double[] low = Of(TiffTags.SMinSampleValue), high = Of(TiffTags.SMaxSampleValue);
        if (high.Length == 0) return null;
        (double least, double most) = (low.Length == 0 ? 0 : low.Min(), high.Max());
        if (!double.IsFinite(least) || !double.IsFinite(most) || most <= least) return null;
        return SampleKeys.AreLimits(SampleType, Bits, low.Length == 0 ? null : least, most) ? null : (least, most);

        // One value holds for all bands.
        double[] Of(int tag)
        {
            double[] values = _directory.Doubles(tag, MaxSamples);
            return values.Length <= 1 ? values : [.. bands.Where(b => b < values.Length).Select(b => values[b])];
        }
    }

    /// <summary>A palette: all reds, all greens, all blues, 2 to the power of <see cref="Bits"/> of each; null without one.</summary>
    public ushort[]? ColorMap
    {
        get
        {
            int colors = 3 << Math.Min(Bits, 16);
            long[] map = _directory.Numbers(TiffTags.ColorMap, 0, colors);
            return map.Length < colors ? null : Array.ConvertAll(map, v => (ushort)v);
        }
    }

    /// <summary>Reads and checks them.</summary>
    /// <exception cref="SwanImageException">The file contradicts itself, or its samples are of a kind that isn't read.</exception>
    public static TiffFields Read(TiffDirectory directory)
    {
        var fields = new TiffFields(directory);
        if (fields.Width < 1 || fields.Height < 1)
        {
            throw new SwanImageException(
                directory.Name, ImageFault.Corrupt, $"its header says {fields.Width}×{fields.Height} pixels.");
        }
        if (fields.Samples is < 1 or > MaxSamples)
            throw SwanImageException.Corrupt(directory.Name, $"its header says {fields.Samples} samples per pixel");
        fields.ReadSampleType();
        return fields;
    }

    private void ReadSampleType()
    {
        if (_directory.Number(TiffTags.Compression, 1) == TiffCompression.OldJpeg)
        {
            // Read whole as RGB, whatever its other tags say, which often contradict each other.
            (Bits, Format, SampleType, Samples) = (8, SampleFormat.UINT, TiffSampleType.Byte, 3);
            StoredPhotometric = Photometric.YCBCR;
            return;
        }
        Bits = (int)Same(TiffTags.BitsPerSample, "bits", 1);
        Format = (SampleFormat)Same(TiffTags.SampleFormat, "kinds", (int)SampleFormat.UINT);
        TiffSampleType? type = (Format, Bits) switch
        {
            (SampleFormat.UINT or SampleFormat.VOID, >= 1 and <= 8) => TiffSampleType.Byte,
            (SampleFormat.UINT or SampleFormat.VOID, > 8 and <= 16) => TiffSampleType.UInt16,
            (SampleFormat.UINT or SampleFormat.VOID, > 16 and <= 32 and not 24) => TiffSampleType.UInt32,
            (SampleFormat.INT, 8) => TiffSampleType.SByte,
            (SampleFormat.INT, 16) => TiffSampleType.Int16,
            (SampleFormat.INT, 32) => TiffSampleType.Int32,
            (SampleFormat.IEEEFP, 16 or 32) => TiffSampleType.Single,
            (SampleFormat.IEEEFP, 64) => TiffSampleType.Double,
            _ => null,
        };
        SampleType = type ?? throw new SwanImageException(_directory.Name, ImageFault.Unsupported,
            $"it has {Bits}-bit {Format} samples; expected unsigned samples of 1 to 32 bits (except 24, whose byte order differs between "
            + "programs), signed samples of 8, 16 or 32 bits, or floats of 16, 32 or 64 bits. Convert them, for example with "
            + "'gdal_translate -ot Float32'.");
    }

    // TIFF has a value for each sample; files whose samples differ have no one type.
    private long Same(int tag, string what, long otherwise)
    {
        long[] values = _directory.Numbers(tag, 0, Math.Min(Samples, SamplesAtATime));
        if (values.Length == 0) return otherwise;
        for (int first = 0; first < Samples; first += SamplesAtATime)
        {
            long[] more = first == 0 ? values : _directory.Numbers(tag, first, Math.Min(Samples - first, SamplesAtATime));
            if (!more.All(v => v == values[0]))
            {
                throw new SwanImageException(_directory.Name, ImageFault.Unsupported,
                    $"its bands have samples of different {what} ({string.Join(", ", values.Concat(more).Distinct().Take(8))}); expected "
                    + "one type. Write them as one type, for example with 'gdal_translate -ot Float32'.");
            }
        }

        return Math.Min(values[0], int.MaxValue);
    }

    private int Side(int tag, int otherwise) => (int)Math.Min(_directory.Number(tag, otherwise), int.MaxValue);
}
