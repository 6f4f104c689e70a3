using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Coordinates;

/// <summary>GDAL's file beside a picture (scene.tif.aux.xml), as far as it places the picture or says which samples are no data.</summary>
/// <remarks>Most have statistics only. What it says counts before what the picture says, as for GDAL.</remarks>
/// <param name="CoordinateSystem">Well-known text of the coordinate system; null without one.</param>
/// <param name="Transform">From pixels to the map; null without one.</param>
/// <param name="NoData">The sample that is no data, by band from 1.</param>
internal sealed record PamFile(string? CoordinateSystem, PixelTransform? Transform, IReadOnlyDictionary<int, double> NoData)
{
    private const string Ending = ".aux.xml";
    private const long MostBytes = 16L << 20;

    /// <summary>The file beside a picture; null if there is none.</summary>
    public static string? Find(string picture) => File.Exists(picture + Ending) ? picture + Ending : null;

    /// <summary>Reads the file beside a picture; null if there is none.</summary>
    /// <exception cref="SwanGeoreferenceException">It is not XML, or its numbers are not valid.</exception>
    public static PamFile? Beside(string picture) => Find(picture) is { } path ? Read(path) : null;

    /// <summary>The samples that are no data in some bands, each once: this file's, else the picture's, else null.</summary>
    /// <param name="bands">From 0.</param>
    /// <param name="own">The picture's, of all bands.</param>
    public IReadOnlyList<double?> NoDataOf(IEnumerable<int> bands, double? own) =>
        [.. bands.Select(b => NoData.TryGetValue(b + 1, out double value) ? value : own).Distinct()];

    /// <summary>What it says, as one line; empty where it says nothing that matters here.</summary>
    public override string ToString()
    {
        var said = new List<string>();
        if (CoordinateSystem is not null) said.Add(CoordinateSystem);
        if (Transform is { } transform) said.Add(transform.Describe());
        said.AddRange(NoData.OrderBy(n => n.Key).Select(n => string.Create(CultureInfo.InvariantCulture, $"{n.Key}: {n.Value:R}")));
        return string.Join("; ", said);
    }

    private static PamFile Read(string path)
    {
        if (LinkedFile.Of(path)?.Length is not (> 0 and <= MostBytes))
            throw Fault(path, $"has no bytes, or more than {MostBytes}; expected some hundred");
        try
        {
            using FileStream file = File.OpenRead(path);
            using XmlReader reader = XmlReader.Create(
                file, new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MostBytes });
            XElement root = XElement.Load(reader);
            var noData = new Dictionary<int, double>();
            foreach (XElement band in root.Elements("PAMRasterBand"))
            {
                if (band.Element("NoDataValue")?.Value is { } value && (int?)band.Attribute("band") is { } number)
                    noData[number] = TiffNumber.In(value) ?? throw Fault(path, $"has the NoDataValue '{value}'; expected a number");
            }
            return new(
                root.Element("SRS")?.Value is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null,
                root.Element("GeoTransform")?.Value is { } numbers ? ReadTransform(numbers, path) : null, noData);
        }
        catch (Exception e) when (e is XmlException or FormatException)
        {
            throw Fault(path, $"can't be read as XML ({e.Message.TrimEnd('.')})", e);
        }
    }

    private static PixelTransform ReadTransform(string text, string path)
    {
        string[] parts = text.Split(',');
        var numbers = new double[6];
        for (int i = 0; i < 6; i++)
        {
            if (parts.Length != 6 || !double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
                throw Fault(path, $"has the GeoTransform '{text.Trim()}'; expected six numbers");
        }
        return PixelTransform.FromGdal(numbers);
    }

    private static SwanGeoreferenceException Fault(string path, string what, Exception? cause = null) => new(
        $"'{path}', which says where the scene beside it lies, {what}. Remove it, or have the program that made it write it again.",
        cause);
}
