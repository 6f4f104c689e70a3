using NetTopologySuite.Geometries;

namespace Swan.Geo.Places;

/// <summary>A point of a plane.</summary>
internal readonly record struct PlanarPoint(double X, double Y)
{
    /// <summary>Twice the signed area of a triangle: positive where this point is left of the way from one point to another.</summary>
    public double Side(PlanarPoint from, PlanarPoint to) => (to.X - from.X) * (Y - from.Y) - (to.Y - from.Y) * (X - from.X);
}

/// <summary>A ring without crossings, counterclockwise, its first point once.</summary>
internal sealed class PlanarRing
{
    // Of a ring's area: the points of a straight side are never quite on a line, and what is flatter than this makes no difference.
    private const double Straight = 1e-9, Flat = 1e-6;

    /// <param name="points">In either direction; the ring's own from now on. Points that make a side no more than a little bent are
    /// left out.</param>
    /// <param name="isHole">Whether it bounds what is not in the region.</param>
    public PlanarRing(PlanarPoint[] points, bool isHole)
    {
        IsHole = isHole;
        double area = SignedArea(points);
        if (area < 0) Array.Reverse(points);
        Points = points = Simplify(points, 2 * Flat * Math.Abs(area));
        foreach (PlanarPoint point in points) Envelope.ExpandToInclude(point.X, point.Y);
        Area = Math.Abs(SignedArea(points));
        IsConvex = true;
        for (int i = 0; i < points.Length && IsConvex; i++)
            IsConvex = points[(i + 2) % points.Length].Side(points[i], points[(i + 1) % points.Length]) >= -Straight * Area;
    }

    public PlanarPoint[] Points { get; }

    public Envelope Envelope { get; } = new();

    public double Area { get; }

    public bool IsConvex { get; }

    /// <summary>Whether it bounds what is not in the region.</summary>
    public bool IsHole { get; }

    /// <summary>Positive for counterclockwise rings.</summary>
    public static double SignedArea(ReadOnlySpan<PlanarPoint> points)
    {
        double twice = 0;
        for (int i = 2; i < points.Length; i++) twice += points[i].Side(points[0], points[i - 1]);
        return twice / 2;
    }

    // Footprints have many points along their sides, because a map's straight line is curved in degrees.
    private static PlanarPoint[] Simplify(PlanarPoint[] points, double least)
    {
        if (points.Length <= 4) return points;
        int kept = 1;
        for (int i = 1; i < points.Length; i++)
        {
            PlanarPoint next = points[(i + 1) % points.Length];
            if (Math.Abs(points[i].Side(points[kept - 1], next)) > least) points[kept++] = points[i];
        }

        return kept < 3 ? points : points[..kept];
    }
}
