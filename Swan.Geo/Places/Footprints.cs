using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace Swan.Geo.Places;

/// <summary>What is asked of footprints in WGS 84: their polygons, middles and bytes.</summary>
internal static class Footprints
{
    // About a centimeter, as finely as footprints are written.
    private const double Near = 1e-7;

    /// <summary>The polygons that a footprint consists of.</summary>
    /// <exception cref="ArgumentException">It consists of something else, or of nothing.</exception>
    public static IEnumerable<Polygon> Polygons(Geometry footprint)
    {
        if (footprint is not (Polygon or MultiPolygon) || footprint.IsEmpty)
        {
            throw new ArgumentException(
                $"A footprint is {(footprint.IsEmpty ? "an empty " : "a ")}{footprint.GeometryType}; expected a Polygon or a MultiPolygon.",
                nameof(footprint));
        }

        for (int i = 0; i < footprint.NumGeometries; i++) yield return (Polygon)footprint.GetGeometryN(i);
    }

    /// <summary>Whether a footprint has a part on either side of the antimeridian.</summary>
    public static bool CrossesAntimeridian(Geometry footprint)
    {
        Envelope all = footprint.EnvelopeInternal;
        return footprint.NumGeometries > 1 && all.MinX <= -180 + Near && all.MaxX >= 180 - Near;
    }

    /// <summary>The middle of a footprint, in degrees.</summary>
    public static (double Longitude, double Latitude) Middle(Geometry footprint)
    {
        bool crosses = CrossesAntimeridian(footprint);
        double x = 0, y = 0, area = 0;
        foreach (Polygon part in Polygons(footprint))
        {
            Point middle = part.Centroid;
            x += part.Area * (crosses && middle.X < 0 ? middle.X + 360 : middle.X);
            y += part.Area * middle.Y;
            area += part.Area;
        }

        if (area == 0) return (footprint.Centroid.X, footprint.Centroid.Y);
        (x, y) = (x / area, y / area);
        return (x > 180 ? x - 360 : x, y);
    }

    /// <summary>A footprint as well-known binary: little-endian, longitudes and latitudes.</summary>
    public static byte[] ToBinary(Geometry footprint) =>
        new WKBWriter(ByteOrder.LittleEndian, handleSRID: false) { HandleOrdinates = Ordinates.XY }.Write(footprint);
}
