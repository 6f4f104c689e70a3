namespace Swan.MLNet.Imaging;

/// <summary>How an image file was read: its contents, the bands and samples used, and the reasons.</summary>
/// <remarks>Immutable.</remarks>
public sealed record ImageReading
{
    /// <summary>Such as <c>TIFF</c>; one of <see cref="ImageDecoder.Formats"/>.</summary>
    public required string Format { get; init; }

    /// <summary>Columns of the upright image, as large as the file has it.</summary>
    public required int Width { get; init; }

    /// <summary>Rows of the upright image, as large as the file has it.</summary>
    public required int Height { get; init; }

    /// <summary>EXIF or TIFF orientation, 1 to 8; 1 is upright.</summary>
    public int Orientation { get; init; } = 1;

    /// <summary>The decoding scale, in eighths of the image's side lengths, 1 to 8.</summary>
    /// <remarks>Below 8 for large JPEGs with models that decode scaled (<see cref="ImageDecode.Scaled"/>).</remarks>
    public int Eighths { get; init; } = JpegScale.Full;

    /// <summary>Bits of a TIFF's sample as the file stores it; 16 or 8 for other formats.</summary>
    public int Bits { get; init; } = 8;

    /// <summary>The samples' type, such as <c>UInt16</c> or <c>Single</c>.</summary>
    public string SampleType { get; init; } = "Byte";

    /// <summary>Bands of a TIFF, alpha included; null for other formats.</summary>
    public int? Bands { get; init; }

    /// <summary>The bands read from a TIFF, counted from 1: red, green and blue, or gray.</summary>
    /// <remarks>Empty for other formats.</remarks>
    public IReadOnlyList<int> BandsTaken { get; init; } = [];

    /// <summary>Who chose the bands.</summary>
    public BandSource BandsFrom { get; init; }

    /// <summary>Who chose the range.</summary>
    public RangeSource RangeFrom { get; init; }

    /// <summary>The sample that became black; null where samples are 8 bits.</summary>
    public double? Low { get; init; }

    /// <summary>The sample that became white; null where samples are 8 bits.</summary>
    public double? High { get; init; }

    /// <summary>The two percentiles of <see cref="Low"/> and <see cref="High"/>; null if they are not percentiles.</summary>
    public SampleRange? Percentiles { get; init; }

    /// <summary>Columns of the overview that gave the percentiles; null if the image itself gave them.</summary>
    public int? OverviewWidth { get; init; }

    /// <summary>The no-data sample; null without one.</summary>
    public double? NoData { get; init; }

    /// <summary>Whether a mask marks the pixels with data.</summary>
    public bool HasMask { get; init; }

    /// <summary>Whether an alpha band marks the pixels with data.</summary>
    public bool HasAlpha { get; init; }

    /// <summary>The share of samples with data, 0 to 1; 1 if nothing marks samples without data.</summary>
    public double ValidShare { get; init; } = 1;

    /// <summary>Whether reading involved a choice: a range, bands, or pixels without data.</summary>
    internal bool HasChoices => RangeFrom != RangeSource.EightBits || BandsTaken.Count < Bands || ValidShare < 1;

    /// <summary>One line for logs, such as <c>UInt16 × 4 bands; bands 3,2,1 (marked by the file); 0 to 3000 (as requested)</c>.</summary>
    public override string ToString()
    {
        var parts = new List<string> { Bands is { } bands ? $"{SampleType} × {bands} band{(bands == 1 ? "" : "s")}" : SampleType };
        if (BandsTaken.Count > 0 && BandsTaken.Count < Bands) parts.Add($"bands {BandList.Text(BandsTaken)} ({BandsFrom.Text()})");
        if (Low is { } low && High is { } high) parts.Add(FormattableString.Invariant($"{low:G7} to {high:G7} ({RangeText})"));
        if (ValidShare < 1) parts.Add(FormattableString.Invariant($"{ValidShare:P1} of the samples have data"));
        return string.Join("; ", parts);
    }

    /// <summary>What is counted in a summary: the choices without their numbers.</summary>
    internal string Kind => string.Join("; ", (string[])
    [
        .. RangeFrom == RangeSource.EightBits ? (string[])[] : [$"range by {RangeText}"],
        .. BandsTaken.Count < Bands ? (string[])[$"bands {BandList.Text(BandsTaken)} of {Bands} ({BandsFrom.Text()})"] : [],
        .. ValidShare < 1 ? (string[])["partly without data"] : [],
    ]);

    /// <summary>The reason for the range, in words.</summary>
    internal string RangeText => Percentiles is { } percentiles
        ? $"{percentiles}, {RangeFrom.Text()}{(OverviewWidth is null ? "" : ", from an overview")}"
        : RangeFrom.Text();
}
