using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>How an encoded image becomes pixels: limits, checked before memory is allocated, and the reading of deep samples.</summary>
/// <remarks>
/// Used by <see cref="ImageDecoder"/>, an open model (<c>SwanModelOptions.Decoding</c>) and generators. Pipelines
/// (<c>SwanEmbeddingOptions</c>), services (<c>SwanOptions</c>) and batch jobs have properties of the same names. Immutable.
/// </remarks>
public sealed record ImageDecodingOptions
{
    /// <summary>The highest value of <see cref="MaxPixels"/>: four bytes per pixel must fit one span.</summary>
    public const long MaxAllowedPixels = int.MaxValue / 4;

    /// <summary>The maximum length of either side of an image, in pixels.</summary>
    /// <remarks>Resizing thin strips would need disproportionate memory.</remarks>
    public const int MaxSide = 1 << 18;

    /// <summary>The highest value of <see cref="MaxBytes"/>: a file is read into one array.</summary>
    public static readonly long MaxAllowedBytes = Array.MaxLength;

    internal static readonly ImageDecodingOptions Default = new();

    // Asking takes some time itself.
    private const long WorthAsking = 16L << 20;

    private readonly long _maximumPixels = 100_000_000;
    private readonly long _maximumBytes = 512L << 20;
    private readonly BandList? _bands;
    private readonly double? _noData;
    private readonly double _minValidShare = 0.1;

    /// <summary>
    /// The most pixels (width × height) an image may have, from 1 to <see cref="MaxAllowedPixels"/>; neither side may exceed
    /// <see cref="MaxSide"/>.
    /// </summary>
    /// <remarks>Default 100 million: decoding takes 300 MB for a JPEG, 400 to 800 MB for other formats.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public long MaxPixels
    {
        get => _maximumPixels;
        init => _maximumPixels = value is >= 1 and <= MaxAllowedPixels
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MaxPixels), value, $"Expected 1 to {MaxAllowedPixels}.");
    }

    /// <summary>The most bytes a file may have, from 1 to <see cref="MaxAllowedBytes"/> (default 512 MiB).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public long MaxBytes
    {
        get => _maximumBytes;
        init => _maximumBytes = value >= 1 && value <= MaxAllowedBytes
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MaxBytes), value, $"Expected 1 to {MaxAllowedBytes}.");
    }

    /// <summary>The samples of more than 8 bits that become black and white; overrides the file and the model.</summary>
    /// <remarks>
    /// Default null: the file's tags SMinSampleValue and SMaxSampleValue, then the model's rule, by default
    /// <see cref="SampleRange.Default"/>. The annotation of an embedding column and an index record the range, and different ranges refuse
    /// each other.
    /// </remarks>
    public SampleRange? Range { get; init; }

    /// <summary>The bands of a TIFF to read, counted from 1 as in GDAL: three for red, green and blue, or one for gray.</summary>
    /// <remarks>
    /// Default null: the bands that the file marks as red, green and blue, else the first three; of one or two bands, the first.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">They are neither one nor three, or one is below 1.</exception>
    public IReadOnlyList<int>? Bands
    {
        get => _bands?.Numbers;
        init => _bands = value is null ? null : new BandList(value);
    }

    /// <summary>The no-data sample of a TIFF; a number or NaN.</summary>
    /// <remarks>Default null: the file's value (GDAL_NODATA).</remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is infinite.</exception>
    public double? NoData
    {
        get => _noData;
        init => _noData = value is { } number && double.IsInfinity(number)
            ? throw new ArgumentOutOfRangeException(nameof(NoData), value, "Expected a number or NaN.")
            : value;
    }

    /// <summary>
    /// The minimum share, 0 to 1, of samples with data in the bands read from a TIFF; below it, the fault is
    /// <see cref="ImageFault.NoData"/>.
    /// </summary>
    /// <remarks>Default 0.1.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is outside its range.</exception>
    public double MinValidShare
    {
        get => _minValidShare;
        init => _minValidShare = value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MinValidShare), value, "Expected 0 to 1.");
    }

    /// <summary>The model's rule, which holds where neither <see cref="Range"/> nor the file says another.</summary>
    internal SampleRange Rule { get; init; } = SampleRange.Default;

    /// <summary>
    /// The side of the encoder that decoding may leave out pixels for, as the model says (<see cref="JpegScale"/>); 0: none are left out.
    /// </summary>
    internal int ScaledSide { get; init; }

    /// <summary>The same options for the images of a model.</summary>
    internal ImageDecodingOptions For(ImagePreprocessing preprocessing) => this with
    {
        Rule = preprocessing.Range,
        ScaledSide = preprocessing.Decode == ImageDecode.Scaled ? preprocessing.Size : 0,
    };

    /// <summary>What is wrong with values that other options have under the same names.</summary>
    internal static IEnumerable<string> Faults(IReadOnlyList<int>? bands, double? noData, double minValidShare)
    {
        if (bands is not null && BandList.Fault(bands) is { } fault) yield return $"{nameof(Bands)} is {fault.TrimEnd('.')}";
        if (noData is { } number && double.IsInfinity(number)) yield return $"{nameof(NoData)} is infinite; expected a number or NaN";
        if (minValidShare is not (>= 0 and <= 1))
            yield return FormattableString.Invariant($"{nameof(MinValidShare)} is {minValidShare}; expected 0 to 1");
    }

    /// <summary>What to do with an image that is too large: a sentence without its full stop.</summary>
    /// <param name="name">The file's name, whose ending tells before the file is read.</param>
    internal static string Tile(string name) => Path.GetExtension(name.AsSpan()) is var ending
        && (ending.Equals(".tif", StringComparison.OrdinalIgnoreCase) || ending.Equals(".tiff", StringComparison.OrdinalIgnoreCase))
            ? "Tile the image, or search it in windows as a scene (swan scene; in code: Swan.Geo)" : "Tile the image";

    /// <summary>Waits for the memory that decoding an image takes, and refuses what this process can't have.</summary>
    internal static void Charge(string name, long bytes)
    {
        if (bytes >= WorthAsking && GC.GetGCMemoryInfo().TotalAvailableMemoryBytes is var all && bytes > all)
        {
            throw new SwanImageException(name, ImageFault.TooLarge,
                $"decoding it needs {bytes:N0} bytes of memory, but this process may use {all:N0}. {Tile(name)}, or allow more memory.");
        }
        DecodeTurn.ChargeBuffers(bytes);
    }

    /// <summary>Refuses an image with a side that no options allow.</summary>
    internal static void CheckSides(string name, long width, long height)
    {
        if (Math.Max(width, height) > MaxSide)
        {
            throw new SwanImageException(name, ImageFault.TooLarge,
                $"it has {width}×{height} pixels; a side may have at most {MaxSide}. {Tile(name)}.");
        }
    }

    /// <summary>Refuses an image, by the size in its header, that these options do not allow.</summary>
    internal void CheckPixels(string name, long width, long height)
    {
        if (width < 1 || height < 1) throw new SwanImageException(name, ImageFault.Corrupt, $"its header says {width}×{height} pixels.");
        CheckSides(name, width, height);
        if (width * height > MaxPixels)
        {
            throw new SwanImageException(name, ImageFault.TooLarge,
                $"it has {width}×{height} = {width * height} pixels, more than the limit of {MaxPixels}. "
                + $"{Tile(name)}, or raise {nameof(MaxPixels)} (swan embed: --max-pixels).");
        }
    }
}
