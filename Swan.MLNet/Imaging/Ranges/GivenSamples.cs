using System.Globalization;

namespace Swan.MLNet.Imaging;

/// <summary>The caller's choice of TIFF samples for the images of an embedding column or of an index.</summary>
/// <param name="Bands">Null: those that each file marks, else its first.</param>
/// <param name="NoData">Null: the value that each file says.</param>
internal sealed record GivenSamples(BandList? Bands, double? NoData)
{
    private const string OfBands = "bands ", OfNoData = "no data ", ByFile = "file", Between = "; ";

    /// <summary>The options' choice.</summary>
    public static GivenSamples Of(IReadOnlyList<int>? bands, double? noData) => new(bands is null ? null : new BandList(bands), noData);

    /// <summary>Whether embeddings of the two can be compared.</summary>
    public static bool Agree(GivenSamples? a, GivenSamples? b) => a is null || b is null || a == b;

    /// <summary>The bands as text, such as <c>4,3,2</c>; null where the caller gave none.</summary>
    public string? BandsText => Bands?.ToString();

    /// <summary>The value for no data as text; null where the caller gave none.</summary>
    public string? NoDataText => NoData?.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The text in an annotation and in a file of an in-memory index, such as <c>bands 4,3,2; no data file</c>.</summary>
    public string Text => $"{OfBands}{BandsText ?? ByFile}{Between}{OfNoData}{NoDataText ?? ByFile}";

    /// <summary>Reads <see cref="Text"/>.</summary>
    /// <returns>Null for any other text.</returns>
    public static GivenSamples? Parse(string text)
    {
        if (text.Split(Between) is not [var bands, var noData]) return null;
        if (!bands.StartsWith(OfBands, StringComparison.Ordinal) || !noData.StartsWith(OfNoData, StringComparison.Ordinal)) return null;
        return Parse(Given(bands[OfBands.Length..]), Given(noData[OfNoData.Length..]));
    }

    /// <summary>Reads <see cref="BandsText"/> and <see cref="NoDataText"/>.</summary>
    /// <returns>Null for any other texts.</returns>
    public static GivenSamples? Parse(string? bands, string? noData)
    {
        BandList? list = bands is null ? null : BandList.Parse(bands);
        if (bands is not null && list is null) return null;
        if (noData is null) return new GivenSamples(list, null);
        return double.TryParse(noData, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && !double.IsInfinity(value)
            ? new GivenSamples(list, value)
            : null;
    }

    private static string? Given(string text) => text == ByFile ? null : text;
}
