using CsCheck;
using NetTopologySuite.Geometries;
using Swan.Geo.Places;

namespace Swan.Geo.Tests.Places;

public sealed class FootprintsTests
{
    [Fact]
    public void The_middle_of_what_crosses_the_antimeridian_lies_in_it()
    {
        (double longitude, double latitude) = Footprints.Middle(Found.Across(179.6, -179.8, latitude: 10));
        Assert.Equal(179.9, longitude, 1e-9);
        Assert.Equal(10.5, latitude, 1e-9);

        (longitude, _) = Footprints.Middle(Found.Across(179.8, -179.6));
        Assert.Equal(-179.9, longitude, 1e-9);
    }

    [Fact]
    public void Bounds_cross_the_antimeridian_only_where_a_footprint_does()
    {
        Geometry tokyo = Found.Box(139, 35, 2), denver = Found.Box(-105, 40, 2), fiji = Found.Across(179, -179, -18);

        Assert.Equal((-106, 34, 140, 41), FootprintBounds.Of([tokyo, denver]));
        Assert.Equal((179, -18, -179, -17), FootprintBounds.Of([fiji]));
        Assert.Equal((138, -18, -104, 41), FootprintBounds.Of([tokyo, denver, fiji]));
    }

    [Fact]
    public void Bounds_are_the_same_in_any_order_and_leave_out_the_widest_gap() =>
        Gen.Select(Gen.Int[-179, 179].Array[1, 20], Gen.Int[0, 10_000]).Sample((places, seed) =>
        {
            Geometry[] footprints = [.. places.Select(x => (Geometry)Found.Box(x, 0, 1)), Found.Across(179.5, -179.5)];
            (double west, _, double east, _) = FootprintBounds.Of(footprints);
            Assert.Equal(
                (west, east), (FootprintBounds.Of(Shuffled(footprints, seed)).West, FootprintBounds.Of(footprints.Reverse()).East));
            // All of them lie between west and east, which is as little as can be: a footprint begins and one ends there.
            Assert.All(places, x => Assert.True(x - 0.5 >= west || x + 0.5 <= east));
            Assert.True(west == 179.5 || places.Any(x => x - 0.5 == west));
            Assert.True(east == -179.5 || places.Any(x => x + 0.5 == east));
            Assert.True(west - east > 360.0 / 22 - 2, $"{west} {east}");
        });

    private static Geometry[] Shuffled(Geometry[] footprints, int seed)
    {
        Geometry[] shuffled = [.. footprints];
        new Random(seed).Shuffle(shuffled);
        return shuffled;
    }

    [Fact]
    public void What_reaches_around_the_earth_has_bounds_that_do()
    {
        Geometry[] around = [Found.Across(90, -90), Found.Polygon((-90, 0), (90, 0), (90, 1), (-90, 1))];

        Assert.Equal((-180, 0, 180, 1), FootprintBounds.Of(around));
    }

    [Fact]
    public void What_consists_of_no_polygons_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Footprints.Polygons(new Point(1, 2)).ToList());
        Assert.Throws<ArgumentException>(() => Footprints.Polygons(Polygon.Empty).ToList());
    }
}
