using NetTopologySuite.Geometries;

namespace Swan.Geo.Places;

/// <summary>What is asked of footprints in WGS 84: their polygons, middles and bounds.</summary>
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

    /// <summary>GeoJSON's bbox of footprints: where one crosses the antimeridian, west is more than east (RFC 7946, 5.2).</summary>
    public static (double West, double South, double East, double North) Bounds(IEnumerable<Geometry> footprints)
    {
        var all = new Envelope();
        var spans = new List<(double West, double East)>();
        bool crosses = false;
        foreach (Geometry footprint in footprints)
        {
            all.ExpandToInclude(footprint.EnvelopeInternal);
            crosses |= CrossesAntimeridian(footprint);
            spans.AddRange(Polygons(footprint).Select(p => (p.EnvelopeInternal.MinX, p.EnvelopeInternal.MaxX)));
        }

        (double west, double east) = crosses ? AroundWidestGap(spans) : (all.MinX, all.MaxX);
        return (west, all.MinY, east, all.MaxY);
    }

    private static (double West, double East) AroundWidestGap(List<(double West, double East)> spans)
    {
        spans.Sort();
        (double west, double east, double reached, double widest) = (-180, 180, spans[0].East, 0);
        foreach ((double start, double end) in spans)
        {
            if (start - reached > widest) (widest, west, east) = (start - reached, start, reached);
            reached = Math.Max(reached, end);
        }

        return (west, east);
    }
}
