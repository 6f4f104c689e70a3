namespace Swan.Geo.Places;

/// <summary>Measures what rings share. Not safe for concurrent use.</summary>
/// <remarks>
/// By Sutherland and Hodgman's clipping (CACM 17(1), 1974). It is exact in area for any ring that is clipped by a convex one, since what it
/// leaves too much runs to and fro on one line; a ring that isn't convex is the signed sum of the triangles from its first point.
/// </remarks>
internal sealed class RingClipper
{
    private PlanarPoint[] _clipped = new PlanarPoint[64], _next = new PlanarPoint[64];

    /// <summary>The area that two rings share.</summary>
    public double SharedArea(PlanarRing one, PlanarRing other)
    {
        if (other.IsConvex) return Clip(one.Points, other.Points);
        if (one.IsConvex) return Clip(other.Points, one.Points);
        double area = 0;
        Span<PlanarPoint> triangle = stackalloc PlanarPoint[3];
        triangle[0] = other.Points[0];
        for (int i = 2; i < other.Points.Length; i++)
        {
            bool isLeft = other.Points[i].Side(triangle[0], other.Points[i - 1]) >= 0;
            (triangle[1], triangle[2]) = isLeft ? (other.Points[i - 1], other.Points[i]) : (other.Points[i], other.Points[i - 1]);
            double part = Clip(one.Points, triangle);
            area += isLeft ? part : -part;
        }

        return area;
    }

    private double Clip(ReadOnlySpan<PlanarPoint> ring, ReadOnlySpan<PlanarPoint> convex)
    {
        int count = ring.Length;
        Grow(ref _clipped, count);
        ring.CopyTo(_clipped);
        for (int side = 0; side < convex.Length && count > 0; side++)
            count = KeepLeft(count, convex[side], convex[(side + 1) % convex.Length]);
        return PlanarRing.SignedArea(_clipped.AsSpan(0, count));
    }

    private int KeepLeft(int count, PlanarPoint from, PlanarPoint to)
    {
        Grow(ref _next, 2 * count);
        int kept = 0;
        PlanarPoint before = _clipped[count - 1];
        double beforeSide = before.Side(from, to);
        for (int i = 0; i < count; i++)
        {
            PlanarPoint point = _clipped[i];
            double side = point.Side(from, to);
            if (side >= 0 != beforeSide >= 0)
            {
                double share = beforeSide / (beforeSide - side);
                _next[kept++] = new(before.X + share * (point.X - before.X), before.Y + share * (point.Y - before.Y));
            }

            if (side >= 0) _next[kept++] = point;
            (before, beforeSide) = (point, side);
        }

        (_clipped, _next) = (_next, _clipped);
        return kept;
    }

    private static void Grow(ref PlanarPoint[] points, int count)
    {
        if (points.Length < count) Array.Resize(ref points, Math.Max(count, 2 * points.Length));
    }
}
