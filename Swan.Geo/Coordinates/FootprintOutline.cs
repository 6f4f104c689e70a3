using System.Globalization;
using NetTopologySuite.Algorithm;
using NetTopologySuite.Geometries;

namespace Swan.Geo.Coordinates;

/// <summary>Draws the outlines of rectangles of pixels in WGS 84.</summary>
internal sealed class FootprintOutline(Georeference georeference)
{
    // How far an edge may lie off its true course, in pixels; how often it is halved until then: 1024 parts are enough for half the earth.
    private const double Tolerance = 0.1;
    private const int MostHalvings = 10;
    private const double Degree = Math.PI / 180;

    // Degrees that a longitude may lie beyond 180 by rounding: a tenth of a millimeter.
    private const double Rounding = 1e-9;

    private static readonly GeometryFactory Geometries = new(new PrecisionModel(), 4326);

    // Two places are a tenth of a pixel apart when they are so many meters apart.
    private readonly double _meters =
        Tolerance * (georeference.MetersPerPixel is { } pixel ? Math.Min(pixel.Column, pixel.Row) : 0);

    /// <summary>The meters between places that are next to each other.</summary>
    public static double Meters(double longitudes, double latitude1, double latitude2)
    {
        // Straight through the earth, which goes across a pole, too; and then along a sphere.
        (double axis1, double height1) = Ellipsoid.Wgs84.Meridian(latitude1 * Degree);
        (double axis2, double height2) = Ellipsoid.Wgs84.Meridian(latitude2 * Degree);
        double outward = axis2 - axis1, up = height2 - height1, sine = Math.Sin(longitudes / 2 * Degree);
        double chord = Math.Sqrt(outward * outward + up * up + 4 * axis1 * axis2 * sine * sine), diameter = 2 * Ellipsoid.Wgs84.SemiMajor;
        return diameter * Math.Asin(Math.Min(1, chord / diameter));
    }

    /// <summary>The outline of a rectangle.</summary>
    /// <exception cref="SwanGeoreferenceException">
    /// It holds a pole, reaches beyond the map or goes around the earth more than once.
    /// </exception>
    public Geometry Draw(double column, double row, double width, double height)
    {
        (double Column, double Row)[] corners =
            [(column, row), (column, row + height), (column + width, row + height), (column + width, row)];
        List<Coordinate> ring = [Place(corners[0])];
        for (int i = 0; i < corners.Length; i++) Add(ring, corners[i], corners[(i + 1) % corners.Length], MostHalvings);

        if (Math.Abs(ring[^1].X - ring[0].X) > 180) throw Refused("it contains a pole of the earth");
        ring[^1] = ring[0].Copy();
        double west = ring.Min(p => p.X), east = ring.Max(p => p.X);
        if (east - west > 360 + Rounding) throw Refused("it goes around the earth more than once");
        double shift = -360 * Math.Floor((west + 180 + Rounding) / 360);
        foreach (Coordinate place in ring) place.X += shift;
        Polygon whole = Geometries.CreatePolygon([.. ring]);
        if (!whole.IsValid || whole.Area == 0) throw Refused("its outline crosses itself, so it reaches beyond its map");
        return east + shift <= 180 + Rounding ? Geometries.BuildGeometry([Counterclockwise(whole, 0)]) : Cut(whole);
    }

    // RFC 7946, 3.1.9: what crosses the antimeridian is cut there.
    private static Geometry Cut(Polygon whole)
    {
        Envelope box = whole.EnvelopeInternal;
        return Geometries.BuildGeometry([.. Part(-180, 180, 0), .. Part(180, 540, -360)]);

        IEnumerable<Geometry> Part(double from, double to, double shift)
        {
            Geometry part = whole.Intersection(Geometries.ToGeometry(new(from, to, box.MinY - 1, box.MaxY + 1)));
            return Enumerable.Range(0, part.NumGeometries).Select(part.GetGeometryN).OfType<Polygon>()
                .Select(p => Counterclockwise(p, shift));
        }
    }

    private static Geometry Counterclockwise(Polygon polygon, double shift)
    {
        Coordinate[] shell = [.. polygon.Shell.Coordinates.Select(p => new Coordinate(Math.Clamp(p.X + shift, -180, 180), p.Y))];
        if (!Orientation.IsCCW(shell)) Array.Reverse(shell);
        return Geometries.CreatePolygon(shell);
    }

    // Adds an edge's places after its first one.
    private void Add(
        List<Coordinate> ring, (double Column, double Row) from, (double Column, double Row) to, int halvings)
    {
        Coordinate start = ring[^1];
        // Steps of a third tell also in a scene as wide as the earth which way around it the edge goes.
        Coordinate third = Near(Place(Between(from, to, 1 / 3.0)), start.X), next = Near(Place(Between(from, to, 2 / 3.0)), third.X);
        Coordinate end = Near(Place(to), next.X);
        bool wide = Math.Abs(end.X - start.X) > 60;
        if (halvings == 0 && wide) throw Refused("its edge touches a pole of the earth");
        (double, double) middle = Between(from, to, 0.5);
        if (halvings > 0 && (wide || IsOff(start, end, 1 / 3.0, third) || IsOff(start, end, 2 / 3.0, next)
            || IsOff(start, end, 0.5, Near(Place(middle), third.X))))
        {
            Add(ring, from, middle, halvings - 1);
            Add(ring, middle, to, halvings - 1);
        }
        else
        {
            ring.Add(end);
        }
    }

    private bool IsOff(Coordinate start, Coordinate end, double part, Coordinate place)
    {
        double longitude = start.X + part * (end.X - start.X), latitude = start.Y + part * (end.Y - start.Y);
        return Meters(longitude - place.X, latitude, place.Y) > _meters;
    }

    private static (double Column, double Row) Between((double Column, double Row) from, (double Column, double Row) to, double part) =>
        (from.Column + part * (to.Column - from.Column), from.Row + part * (to.Row - from.Row));

    private Coordinate Place((double Column, double Row) pixel)
    {
        if (georeference.TryToWgs84(pixel.Column, pixel.Row, out double longitude, out double latitude)) return new(longitude, latitude);
        (double x, double y) = georeference.Transform.ToMap(pixel.Column, pixel.Row);
        throw Refused(georeference.CoordinateSystem.Obstacle is { } obstacle
            ? char.ToLowerInvariant(obstacle[0]) + obstacle[1..].TrimEnd('.')
            : string.Create(CultureInfo.InvariantCulture, $"its place x {x}, y {y} lies outside of '{georeference.CoordinateSystem}'"));
    }

    private static Coordinate Near(Coordinate place, double longitude) =>
        new(longitude + Math.IEEERemainder(place.X - longitude, 360), place.Y);

    private static SwanGeoreferenceException Refused(string why) => new($"The scene's outline can't be drawn in WGS 84: {why}. "
        + "Cut the scene into smaller ones, or reproject it, for example with gdalwarp.");
}
