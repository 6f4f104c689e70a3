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

        Assert.Equal((-106, 34, 140, 41), Footprints.Bounds([tokyo, denver]));
        Assert.Equal((179, -18, -179, -17), Footprints.Bounds([fiji]));
        Assert.Equal((138, -18, -104, 41), Footprints.Bounds([tokyo, denver, fiji]));
    }

    [Fact]
    public void What_reaches_around_the_earth_has_bounds_that_do()
    {
        Geometry[] around = [Found.Across(90, -90), Found.Polygon((-90, 0), (90, 0), (90, 1), (-90, 1))];

        Assert.Equal((-180, 0, 180, 1), Footprints.Bounds(around));
    }

    [Fact]
    public void What_consists_of_no_polygons_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Footprints.Polygons(new Point(1, 2)).ToList());
        Assert.Throws<ArgumentException>(() => Footprints.Polygons(Polygon.Empty).ToList());
    }
}
