using CsCheck;
using NetTopologySuite.Geometries;
using Swan.MLNet.Metadata;

namespace Swan.MLNet.Tests.Metadata;

public sealed class SwanPolygonTests
{
    private static readonly GeometryFactory Factory = new();

    // Corners on a small grid, so that points and sides of boxes meet corners and sides of polygons often.
    private static readonly Gen<(double X, double Y)> Places = Gen.Select(Gen.Int[-6, 6], Gen.Int[-6, 6], (x, y) => (x / 2.0, y / 2.0));

    private static readonly Gen<(double X, double Y)> AnyPlaces = Gen.OneOf<(double X, double Y)>(
        Places, Gen.Select(Gen.Int[-224, 224], Gen.Int[-224, 224], (x, y) => (x / 64.0, y / 64.0)));

    private static readonly Gen<SwanBox> Boxes = Gen.Select(AnyPlaces, AnyPlaces, (a, b) =>
        new SwanBox(Math.Min(a.X, b.X), Math.Min(a.Y, b.Y), Math.Max(a.X, b.X), Math.Max(a.Y, b.Y)));

    // A ring around the middle, and perhaps one or two holes; those that NetTopologySuite finds valid.
    private static readonly Gen<(SwanPolygon Ours, Polygon Theirs)> Polygons =
        Gen.Select(Places.Array[3, 9], Places.Array[3, 4].Array[0, 2], (shell, holes) =>
        {
            try
            {
                (double X, double Y)[][] rings = [AroundMiddle(shell), .. holes.Select(AroundMiddle)];
                Polygon theirs = Factory.CreatePolygon(Ring(rings[0]), [.. rings.Skip(1).Select(Ring)]);
                return theirs.IsValid ? (new SwanPolygon(rings.Select(r => r.Select(p => new SwanPoint(p.X, p.Y)))), theirs) : default;
            }
            catch (ArgumentException)
            {
                return default; // fewer than three different corners
            }
        }).Where(pair => pair.Item1 is not null);

    [Fact]
    public void Points_within_a_polygon_are_those_that_another_library_covers() =>
        Gen.Select(Polygons, AnyPlaces.Array[40]).Sample((polygon, points) => Assert.All(points, p => Assert.Equal(
            polygon.Theirs.Covers(Factory.CreatePoint(new Coordinate(p.X, p.Y))), polygon.Ours.Contains(new SwanPoint(p.X, p.Y)))),
            iter: 2000);

    [Fact]
    public void Boxes_meet_a_polygon_as_in_another_library() =>
        Gen.Select(Polygons, Boxes.Array[10]).Sample((polygon, boxes) => Assert.All(boxes, box =>
        {
            Geometry theirs = Factory.ToGeometry(new Envelope(box.West, box.East, box.South, box.North));
            Assert.True(polygon.Theirs.Covers(theirs) == polygon.Ours.Contains(box), $"{polygon.Ours} holds {box}");
            Assert.True(polygon.Theirs.Intersects(theirs) == polygon.Ours.Intersects(box), $"{polygon.Ours} intersects {box}");
        }), iter: 2000);

    // Corners are so many units in the last place apart, so no double lies between the sides of many boxes.
    [Fact]
    public void Boxes_one_unit_in_the_last_place_wide_are_told_apart() =>
        Gen.Select(Polygons, Gen.Select(Places, Places, Gen.Int[0, 1], Gen.Int[0, 1], Narrow).Array[20]).Sample((polygon, boxes) =>
        {
            var ours = new SwanPolygon(polygon.Ours.Rings.Select(ring => ring.Select(p => new SwanPoint(Last(p.X), Last(p.Y)))));
            Assert.All(boxes, box =>
            {
                Geometry theirs = Factory.ToGeometry(new Envelope(box.West, box.East, box.South, box.North));
                var narrow = new SwanBox(Last(box.West), Last(box.South), Last(box.East), Last(box.North));
                Assert.True(polygon.Theirs.Covers(theirs) == ours.Contains(narrow), $"{polygon.Ours} holds {box}");
                Assert.True(polygon.Theirs.Intersects(theirs) == ours.Intersects(narrow), $"{polygon.Ours} intersects {box}");
            });
        }, iter: 2000);

    [Fact]
    public void A_hole_one_unit_in_the_last_place_wide_is_outside()
    {
        double next = Math.BitIncrement(1);
        var polygon = new SwanPolygon([[new(0, 0), new(3, 0), new(3, 3), new(0, 3)], [new(1, 1), new(next, 1), new(next, 2), new(1, 2)]]);
        Assert.False(polygon.Contains(new SwanBox(1, 1, next, 2)));
        Assert.False(polygon.Contains(new SwanBox(1, 1.5, next, 1.5)));
        Assert.True(polygon.Contains(new SwanBox(1, 1, 1, 2)));
        Assert.True(polygon.Contains(new SwanBox(Math.BitDecrement(1), 1, 1, 2)));
        Assert.True(polygon.Contains(new SwanBox(next, 1, Math.BitIncrement(next), 2)));
    }

    [Fact]
    public void Many_sides_give_the_answers_of_looking_at_each()
    {
        // Long and short sides, steep and flat ones: a star, whose corners jump between two circles.
        foreach (int corners in new[] { 3, 15, 16, 17, 255, 256, 257, 5000 })
        {
            var random = new Random(corners);
            SwanPoint[] ring = [.. Enumerable.Range(0, corners).Select(i =>
            {
                double angle = 2 * Math.PI * i / corners, radius = i % 2 == 0 ? 1 : 0.2 + 0.7 * random.NextDouble();
                return new SwanPoint(radius * Math.Cos(angle), radius * Math.Sin(angle));
            })];
            var polygon = new SwanPolygon(ring);
            for (int i = 0; i < 300; i++)
            {
                SwanPoint point = i % 3 == 0 ? ring[random.Next(corners)] : new(2 * random.NextDouble() - 1, 2 * random.NextDouble() - 1);
                bool inside = false, on = false;
                for (int c = 0; c < corners; c++) on |= PolygonSide.Meets(ring[c == 0 ? ^1 : c - 1], ring[c], point, ref inside);
                Assert.Equal(on || inside, polygon.Contains(point));
                Assert.Equal(on || inside, polygon.Contains(new SwanBox(point.X, point.Y, point.X, point.Y)));
            }
        }
    }

    [Fact]
    public void Corners_sides_and_sides_of_holes_belong_to_it()
    {
        var polygon = new SwanPolygon(
        [
            [new(0, 0), new(10, 0), new(10, 10), new(0, 10)],
            [new(4, 4), new(6, 4), new(6, 6), new(4, 6), new(4, 4)],
        ]);
        SwanPoint[] inside = [new(0, 0), new(10, 5), new(5, 0), new(4, 4), new(5, 6), new(3, 5)];
        SwanPoint[] outside = [new(5, 5), new(10.0000001, 5), new(-1, 0), new(4.0000001, 5)];
        Assert.All(inside, point => Assert.True(polygon.Contains(point)));
        Assert.All(outside, point => Assert.False(polygon.Contains(point)));
        Assert.True(polygon.Contains(new SwanBox(0, 0, 4, 4)));
        Assert.False(polygon.Contains(new SwanBox(3, 3, 5, 5)));
        Assert.False(polygon.Contains(new SwanBox(3, 3, 7, 7)));
        Assert.False(polygon.Intersects(new SwanBox(4.5, 4.5, 5.5, 5.5)));
        Assert.True(polygon.Intersects(new SwanBox(-5, -5, 0, 0)));
        Assert.True(polygon.Intersects(new SwanBox(-5, -5, 15, 15)));
        Assert.Equal(new SwanBox(0, 0, 10, 10), polygon.Bounds);
        Assert.Equal(4, polygon.Rings[1].Count);
    }

    [Fact]
    public void No_rounding_decides_beside_a_slanted_side()
    {
        // 0.1 + k · 2^-56 around the side from (0, 0) to (0.3, 0.3): only what lies on it or below is inside.
        var polygon = new SwanPolygon(new(0, 0), new(0.3, 0), new(0.3, 0.3));
        for (double y = 0.1, i = 0; i < 5; i++, y = Math.BitIncrement(y))
        {
            for (double x = 0.1, j = 0; j < 5; j++, x = Math.BitIncrement(x)) Assert.Equal(y <= x, polygon.Contains(new SwanPoint(x, y)));
        }
    }

    [Theory]
    [InlineData(1e-310)]
    [InlineData(1e-170)]
    [InlineData(1e-5)]
    [InlineData(1e150)]
    [InlineData(1e307)]
    public void Tiny_and_huge_coordinates_are_exact(double unit)
    {
        var polygon = new SwanPolygon(new(0, 0), new(8 * unit, 0), new(8 * unit, 4 * unit), new(0, 4 * unit));
        var slanted = new SwanPolygon(new(-8 * unit, -4 * unit), new(8 * unit, 4 * unit), new(-8 * unit, 4 * unit));
        Assert.True(polygon.Contains(new SwanPoint(8 * unit, 3 * unit)));
        Assert.True(slanted.Contains(new SwanPoint(4 * unit, 2 * unit)));
        Assert.False(slanted.Contains(new SwanPoint(4 * unit, Math.BitDecrement(2 * unit))));
        Assert.True(slanted.Contains(new SwanPoint(4 * unit, Math.BitIncrement(2 * unit))));
        Assert.True(slanted.Contains(new SwanBox(-8 * unit, 0, 0, 4 * unit)));
        Assert.False(slanted.Contains(new SwanBox(-8 * unit, Math.BitDecrement(0), 0, 4 * unit)));
    }

    [Fact]
    public void Rings_have_at_least_three_different_points()
    {
        Assert.Contains("2 different", Assert.Throws<ArgumentException>(() => new SwanPolygon(new(0, 0), new(1, 0), new(0, 0))).Message);
        Assert.Throws<ArgumentException>(() => new SwanPolygon(Array.Empty<SwanPoint[]>()));
        var open = new SwanPolygon(new(0, 0), new(1, 0), new(1, 1));
        Assert.Equal(open, new SwanPolygon(new(0, 0), new(1, 0), new(1, 1), new(0, 0)));
        Assert.Equal(open, new SwanPolygon(new(0, 0), new(1, 0), new(1, 1), new(0, 0), new(-0.0, 0)));
    }

    // A box with sides of no length, or of one step of the grid.
    private static SwanBox Narrow((double X, double Y) corner, (double X, double Y) other, int width, int height) => new(
        Math.Min(corner.X, other.X), Math.Min(corner.Y, other.Y),
        width == 0 ? Math.Max(corner.X, other.X) : Math.Min(corner.X, other.X) + 0.5,
        height == 0 ? Math.Max(corner.Y, other.Y) : Math.Min(corner.Y, other.Y) + 0.5);

    // The grid's step becomes one unit in the last place. Exact, so nothing about shapes changes.
    private static double Last(double place) => 1.5 + 2 * place * Math.Pow(2, -52);

    // By their angles, so that most rings don't cross themselves.
    private static (double X, double Y)[] AroundMiddle((double X, double Y)[] corners)
    {
        double x = corners.Average(p => p.X), y = corners.Average(p => p.Y);
        return [.. corners.Distinct().OrderBy(p => Math.Atan2(p.Y - y, p.X - x))];
    }

    private static LinearRing Ring((double X, double Y)[] corners) =>
        Factory.CreateLinearRing([.. corners.Append(corners[0]).Select(p => new Coordinate(p.X, p.Y))]);
}
