namespace Swan.MLNet.Imaging;

/// <summary>
/// How the images of an embedding column or of an index were read: in the range that the caller gave, or by the model's rule, and from
/// which samples.
/// </summary>
/// <param name="Range">Null: the caller gave none.</param>
/// <remarks>Captions have no range, nor do embeddings of unknown origin; both agree with all ranges.</remarks>
internal sealed record GivenRange(SampleRange? Range)
{
    private const string ByModel = "model";

    /// <summary>Bands and no data; null if unknown, as in files of earlier versions, which agrees with all.</summary>
    public GivenSamples? Samples { get; init; }

    /// <summary>The range and samples that options set.</summary>
    public static GivenRange Of(ImageDecodingOptions options) =>
        new(options.Range) { Samples = GivenSamples.Of(options.Bands, options.NoData) };

    /// <summary>A range and samples that may be unknown.</summary>
    /// <returns>Null where all are null: unknown. Range alone leaves bands and no data unknown.</returns>
    public static GivenRange? Said(SampleRange? range, IReadOnlyList<int>? bands, double? noData)
    {
        GivenSamples? samples = bands is null && noData is null ? null : GivenSamples.Of(bands, noData);
        return range is null && samples is null ? null : new GivenRange(range) { Samples = samples };
    }

    /// <summary>Options with this range and these samples, unless they set their own.</summary>
    public static ImageDecodingOptions Complete(ImageDecodingOptions options, GivenRange? given) => options with
    {
        Range = options.Range ?? given?.Range,
        Bands = options.Bands ?? given?.Samples?.Bands?.Numbers,
        NoData = options.NoData ?? given?.Samples?.NoData,
    };

    /// <summary>Whether embeddings of the two can be compared.</summary>
    public static bool Agree(GivenRange? a, GivenRange? b) => 
        a is null || b is null || a.Range == b.Range && GivenSamples.Agree(a.Samples, b.Samples);

    /// <summary>The range's text in an annotation and an index.</summary>
    public string Text => Range?.ToString() ?? ByModel;

    /// <summary>Reads <see cref="Text"/>.</summary>
    /// <returns>False for any other text.</returns>
    public static bool TryParse(string text, out GivenRange? given)
    {
        given = text == ByModel ? new GivenRange((SampleRange?)null)
            : SampleRange.TryParse(text, out SampleRange? range) ? new GivenRange(range)
            : null;
        return given is not null;
    }

    /// <summary>The consequence of a mismatch, for messages.</summary>
    public const string Consequence =
        "the same scene would be bright in one and dark in the other, or use other bands. Give both the same range, bands and no-data "
        + "value (Range, Bands and NoData in the options, or --range, --bands and --nodata)";

    /// <summary>For messages, such as <c>the range 'values 0 3000' and bands 4,3,2</c>.</summary>
    public override string ToString() => (Range is null ? "the model's own range" : $"the range '{Range}'")
        + (Samples?.BandsText is { } bands ? $" and bands {bands}" : "")
        + (Samples?.NoDataText is { } noData ? $" and no data {noData}" : "");
}
