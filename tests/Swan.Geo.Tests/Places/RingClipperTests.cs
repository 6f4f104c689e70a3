using CsCheck;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Overlay;
using NetTopologySuite.Operation.OverlayNG;
using Swan.Geo.Places;

namespace Swan.Geo.Tests.Places;

/// <summary>Shared areas, against those of NetTopologySuite's overlay, but for points that hardly bend a side.</summary>
public sealed class RingClipperTests
{
    private static readonly Gen<(double X, double Y)> s_middle = Gen.Select(Gen.Double[-1, 1], Gen.Double[-1, 1]);

    // A star around a point: simple, seldom convex.
    private static readonly Gen<Polygon> s_star = Gen.Select(s_middle, Gen.Double[0.2, 1].Array[3, 24]).Select((middle, radii) =>
        Found.Polygon([.. radii.Select((r, i) => (
            middle.X + r * Math.Cos(2 * Math.PI * i / radii.Length), middle.Y + r * Math.Sin(2 * Math.PI * i / radii.Length)))]));

    [Fact]
    public void Rings_of_any_shape_share_what_NetTopologySuite_says() => Gen.Select(s_star, s_star).Sample((a, b) =>
    {
        double expected = OverlayNGRobust.Overlay(a, b, SpatialFunction.Intersection).Area;

        Assert.Equal(expected, Shared(a, b), 1e-4);
    }, iter: 3000);

    [Fact]
    public void Holes_are_not_shared() => Gen.Select(s_star, s_middle, Gen.Double[0.05, 0.9]).Sample((a, middle, size) =>
    {
        var ring = (LinearRing)Found.Box(middle.X, middle.Y, 1).ExteriorRing;
        var frame = new Polygon(ring, [(LinearRing)Found.Box(middle.X, middle.Y, size).ExteriorRing]);
        double expected = OverlayNGRobust.Overlay(a, frame, SpatialFunction.Intersection).Area;

        Assert.Equal(expected, Shared(a, frame), 1e-4);
    }, iter: 1000);

    [Fact]
    public void Sides_of_many_points_share_what_straight_ones_do()
    {
        Polygon whole = Found.Polygon((0, 0), (1, 0.1), (0.9, 1.1), (-0.1, 1));
        Coordinate[] corners = whole.Shell.Coordinates;
        Polygon dense = Found.Polygon([.. from side in Enumerable.Range(0, 4)
                                          from step in Enumerable.Range(0, 20)
                                          let start = corners[side]
                                          let end = corners[side + 1]
                                          let share = step / 20.0
                                          select (start.X + share * (end.X - start.X), start.Y + share * (end.Y - start.Y))]);

        Assert.Equal(Shared(whole, Found.Box(0, 0, 1)), Shared(dense, Found.Box(0, 0, 1)), 1e-9);
        Assert.Equal(Region(whole).Area, Region(dense).Area, 1e-9);
    }

    private static double Shared(Geometry a, Geometry b)
    {
        PlanarRegion one = Region(a), other = Region(b);
        double forth = one.SharedArea(other, new()), back = other.SharedArea(one, new());
        Assert.Equal(forth, back, 1e-9);
        return forth;
    }

    private static PlanarRegion Region(Geometry map) => PlanarRegion.Of(Found.OnMap(0, 0, "plane") with { MapFootprint = map });
}
