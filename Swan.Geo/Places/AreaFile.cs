using System.Text.Json;
using NetTopologySuite.Geometries;
using Swan.MLNet;

namespace Swan.Geo.Places;

/// <summary>Polygons of a GeoJSON file.</summary>
public static class AreaFile
{
    private const int LeastPoints = 4;

    /// <summary>Reads all polygons of a GeoJSON file (RFC 7946): of geometries, features and collections of them, in WGS 84.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SwanFormatException">It is not GeoJSON, or has no polygons.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static MultiPolygon Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            // As text: some programs write a byte order mark.
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
            var polygons = new List<Polygon>();
            Take(document.RootElement, polygons);
            return polygons.Count > 0 ? new MultiPolygon([.. polygons]) : throw Fault(path, "it has no polygon");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException
            or ArgumentException or IndexOutOfRangeException)
        {
            throw Fault(path, e.Message.TrimEnd('.'), e);
        }
    }

    private static SwanFormatException Fault(string path, string what, Exception? inner = null) => new(
        $"'{path}' can't be read as an area: {what}. Expected GeoJSON with a Polygon or MultiPolygon of longitudes and latitudes.", inner);

    private static void Take(JsonElement element, List<Polygon> polygons)
    {
        switch (element.GetProperty("type").GetString())
        {
            case "FeatureCollection":
                foreach (JsonElement feature in element.GetProperty("features").EnumerateArray()) Take(feature, polygons);
                break;
            case "Feature":
                if (element.GetProperty("geometry") is { ValueKind: JsonValueKind.Object } geometry) Take(geometry, polygons);
                break;
            case "GeometryCollection":
                foreach (JsonElement part in element.GetProperty("geometries").EnumerateArray()) Take(part, polygons);
                break;
            case "Polygon":
                polygons.Add(PolygonOf(element.GetProperty("coordinates")));
                break;
            case "MultiPolygon":
                polygons.AddRange(element.GetProperty("coordinates").EnumerateArray().Select(PolygonOf));
                break;
        }
    }

    private static Polygon PolygonOf(JsonElement rings)
    {
        LinearRing[] all = [.. rings.EnumerateArray().Select(Ring)];
        return new Polygon(all[0], all[1..]);
    }

    private static LinearRing Ring(JsonElement points)
    {
        Coordinate[] ring = [.. points.EnumerateArray().Select(p => new Coordinate(Degrees(p[0], 180), Degrees(p[1], 90)))];
        return ring.Length >= LeastPoints ? new LinearRing(ring)
            : throw new FormatException($"a ring has {ring.Length} points; expected at least four, with the first one repeated at the end");
    }

    private static double Degrees(JsonElement number, double most) => number.GetDouble() is var degrees && Math.Abs(degrees) <= most
        ? degrees
        : throw new FormatException(FormattableString.Invariant(
            $"a coordinate is {degrees}; GeoJSON has degrees of WGS 84, from −{most} to {most}"));
}
