using NetTopologySuite.Geometries;

namespace Swan.Geo.Places;

/// <summary>A place's window in a plane, where areas compare as they do on the ground.</summary>
/// <remarks>Immutable.</remarks>
internal sealed class PlanarRegion
{
    private readonly PlanarRing[] _rings;

    private PlanarRegion(string plane, List<PlanarRing> rings)
    {
        (Plane, _rings) = (plane, [.. rings]);
        foreach (PlanarRing ring in _rings)
        {
            Envelope.ExpandToInclude(ring.Envelope);
            Area += ring.IsHole ? -ring.Area : ring.Area;
        }
    }

    /// <summary>What plane it lies in: regions of different planes have no overlap that is known.</summary>
    public string Plane { get; }

    /// <summary>The least rectangle around it.</summary>
    public Envelope Envelope { get; } = new();

    /// <summary>Its area, in units of its plane.</summary>
    public double Area { get; }

    /// <summary>Where a place lies: on the earth where that is known, otherwise in its coordinate system, otherwise in its scene.</summary>
    public static PlanarRegion Of(Place place)
    {
        var rings = new List<PlanarRing>();
        if (place.Footprint is { } footprint)
        {
            // Longitude and the sine of latitude: Lambert's cylindrical projection keeps areas, everywhere on a sphere.
            Add(footprint, static (x, y) => new(x * (Math.PI / 180), Math.Sin(y * (Math.PI / 180))));
            return new("WGS 84", rings);
        }

        string? system = place.EpsgCode is { } code ? $"EPSG:{code}" : place.CoordinateSystem;
        if (place.MapFootprint is { } map && system is not null)
        {
            Add(map, static (x, y) => new(x, y));
            return new($"map {system}", rings);
        }

        (double left, double top, double right, double bottom) =
            (place.Column, place.Row, place.Column + (double)place.Width, place.Row + (double)place.Height);
        rings.Add(new([new(left, top), new(right, top), new(right, bottom), new(left, bottom)], isHole: false));
        return new($"scene {place.Scene}", rings);

        void Add(Geometry geometry, Func<double, double, PlanarPoint> project)
        {
            foreach (Polygon polygon in Footprints.Polygons(geometry))
            {
                rings.Add(Ring(polygon.Shell, false));
                foreach (LinearRing hole in polygon.Holes) rings.Add(Ring(hole, true));
            }

            // Without the last point, which is the first.
            PlanarRing Ring(LinearRing ring, bool isHole)
            {
                CoordinateSequence from = ring.CoordinateSequence;
                var points = new PlanarPoint[from.Count - 1];
                for (int i = 0; i < points.Length; i++) points[i] = project(from.GetX(i), from.GetY(i));
                return new(points, isHole);
            }
        }
    }

    /// <summary>The area that two regions of one plane share.</summary>
    public double SharedArea(PlanarRegion other, RingClipper clipper)
    {
        double area = 0;
        foreach (PlanarRing mine in _rings)
        {
            foreach (PlanarRing its in other._rings)
            {
                if (!mine.Envelope.Intersects(its.Envelope)) continue;
                area += mine.IsHole == its.IsHole ? clipper.SharedArea(mine, its) : -clipper.SharedArea(mine, its);
            }
        }

        return area;
    }
}
