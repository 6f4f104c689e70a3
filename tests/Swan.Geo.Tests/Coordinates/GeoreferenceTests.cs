using NetTopologySuite.Algorithm;
using NetTopologySuite.Geometries;
using Swan.Geo.Coordinates;

namespace Swan.Geo.Tests.Coordinates;

public sealed class GeoreferenceTests
{
    [Fact]
    public void A_geographic_scene_has_the_outline_of_its_four_corners_counterclockwise()
    {
        Geometry footprint = Scene(4326, 10, 50, 0.001, 1000, 500).Footprint;

        var polygon = Assert.IsType<Polygon>(footprint);
        Assert.Equal(
            [new(10, 50), new(10, 49.5), new(11, 49.5), new(11, 50), new(10, 50)],
            polygon.Coordinates.Select(c => new Coordinate(Math.Round(c.X, 9), Math.Round(c.Y, 9))));
        Assert.True(Orientation.IsCCW(polygon.Coordinates));
        Assert.Equal(4326, polygon.SRID);
    }

    [Theory]
    [InlineData(32632, 600_000, 5_300_000, 10, 10980), InlineData(3035, 4_000_000, 3_000_000, 100, 10_000)]
    [InlineData(3413, 500_000, -500_000, 500, 3000), InlineData(2154, 600_000, 6_800_000, 0.2, 25_000)]
    public void Edges_that_the_map_bends_are_true_to_a_tenth_of_a_pixel(int code, double x, double y, double size, int side)
    {
        Georeference scene = Scene(code, x, y, size, side, side);
        Coordinate[] ring = scene.Footprint.Coordinates;
        double worst = 0;
        for (int i = 1; i < ring.Length; i++)
        {
            for (double part = 0.05; part < 1; part += 0.05)
            {
                (double mapX, double mapY) = scene.CoordinateSystem.FromWgs84(
                    ring[i - 1].X + part * (ring[i].X - ring[i - 1].X), ring[i - 1].Y + part * (ring[i].Y - ring[i - 1].Y));
                (double column, double row) = scene.Transform.ToPixel(mapX, mapY);
                worst = Math.Max(worst, Math.Min(
                    Math.Min(Math.Abs(column), Math.Abs(column - side)), Math.Min(Math.Abs(row), Math.Abs(row - side))));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{ring.Length} points, off by {worst:G3} pixels");
        // The tolerance is in meters of the center's pixel; the map's scale differs a little elsewhere.
        Assert.InRange(worst, 0, 0.12);
        Assert.InRange(ring.Length, 5, 1500);
        Assert.True(Orientation.IsCCW(ring));
    }

    [Theory]
    [InlineData(4326, 179, 10, 0.01, 300, 100), InlineData(3857, 19_900_000, 1_000_000, 1000, 400, 100)]
    [InlineData(32601, 100_000, 2_000_000, 1000, 400, 100), InlineData(32660, 600_000, 2_000_000, 1000, 400, 100)]
    [InlineData(3832, 3_300_000, 100_000, 1000, 500, 100), InlineData(3031, -500_000, -1_000_000, 1000, 900, 500)]
    public void What_crosses_the_antimeridian_is_cut_there(int code, double x, double y, double size, int width, int height)
    {
        Georeference scene = Scene(code, x, y, size, width, height);
        Geometry footprint = scene.Footprint;

        var parts = Assert.IsType<MultiPolygon>(footprint);
        Assert.Equal(2, parts.Count);
        Assert.True(parts.IsValid);
        Assert.All(parts.Geometries, p => Assert.True(Orientation.IsCCW(p.Coordinates)));
        Assert.All(parts.Coordinates, c => Assert.InRange(c.X, -180, 180));
        Assert.Contains(parts.Geometries, p => p.EnvelopeInternal.MaxX == 180 && p.EnvelopeInternal.MinX > 0);
        Assert.Contains(parts.Geometries, p => p.EnvelopeInternal.MinX == -180 && p.EnvelopeInternal.MaxX < 0);
        // Its own places lie in it, and others don't.
        foreach ((double column, double row) in ((double, double)[])
            [(1, 1), (width - 1, height - 1), (width / 2.0, height / 2.0), (width - 1, 1)])
        {
            (double longitude, double latitude) = scene.ToWgs84(column, row);
            Assert.True(footprint.Contains(new Point(longitude, latitude)), $"{longitude}, {latitude}");
            (double Column, double Row)? again = scene.PixelAt(longitude, latitude);
            Assert.NotNull(again);
            Assert.Equal(column, again.Value.Column, 1e-6);
            Assert.Equal(row, again.Value.Row, 1e-6);
        }
        Assert.False(footprint.Contains(new Point(0, parts.EnvelopeInternal.Centre.Y)));
    }

    [Theory]
    [InlineData(4326, -180, 90, 0.1, 3600, 1800, 1), InlineData(4326, 0, 90, 0.1, 3600, 1800, 2)]
    [InlineData(3857, -20_037_508.342789244, 20_037_508.342789244, 156_543.03392804097, 256, 256, 1)]
    public void The_whole_earth_has_an_outline(int code, double x, double y, double size, int width, int height, int parts)
    {
        Geometry footprint = Scene(code, x, y, size, width, height).Footprint;

        Assert.Equal(parts, footprint.NumGeometries);
        Assert.Equal(-180, footprint.EnvelopeInternal.MinX, 1e-6);
        Assert.Equal(180, footprint.EnvelopeInternal.MaxX, 1e-6);
        Assert.True(footprint.Contains(new Point(-100, 40)));
        Assert.True(footprint.Contains(new Point(100, -40)));
    }

    [Theory]
    [InlineData(3031, -1_000_000, 1_000_000, 1000, 2000, 2000, "pole"), InlineData(3413, 0, 1_000_000, 1000, 1000, 2000, "pole")]
    [InlineData(4326, -180, 80, 0.1, 3700, 100, "more than once"), InlineData(4326, 0, 91, 0.1, 100, 100, "lies outside")]
    [InlineData(32632, 500_000, 9_000_000, 1000, 1000, 4000, "lies outside|crosses|pole")]
    public void What_has_no_outline_is_refused(int code, double x, double y, double size, int width, int height, string reason)
    {
        Georeference scene = code == 32632
            ? new(new(x, size, 0, y, 0, size), CoordinateSystem.FromEpsg(code), width, height)
            : Scene(code, x, y, size, width, height);

        var e = Assert.Throws<SwanGeoreferenceException>(() => scene.Footprint);

        Assert.Contains(reason.Split('|'), r => e.Message.Contains(r, StringComparison.Ordinal));
    }

    [Fact]
    public void A_scene_of_an_unknown_system_says_why_it_has_no_place()
    {
        Georeference scene = Scene(27700, 400_000, 300_000, 1, 100, 100);

        Assert.Contains("needs a grid", Assert.Throws<SwanGeoreferenceException>(() => scene.Footprint).Message, StringComparison.Ordinal);
        var e = Assert.Throws<SwanGeoreferenceException>(() => scene.PixelAt(0, 50));
        Assert.Contains("needs a grid", e.Message, StringComparison.Ordinal);
        Assert.Null(scene.MetersPerPixel);
    }

    [Theory]
    [InlineData(32632, 500_000, 5_300_000, 10, 10.004, 10.004), InlineData(3857, 0, 8_399_737.89, 10, 5.01, 5.01)]
    [InlineData(4326, 10, 60, 0.0001, 5.58, 11.14), InlineData(2263, 992_558, 223_453, 10, 3.048, 3.048)]
    public void A_pixel_has_its_size_on_the_ground(int code, double x, double y, double size, double column, double row)
    {
        (double Column, double Row)? found = Scene(code, x, y, size, 10, 10).MetersPerPixel;

        Assert.NotNull(found);
        Assert.Equal(column, found.Value.Column, column * 0.002);
        Assert.Equal(row, found.Value.Row, row * 0.002);
    }

    [Fact]
    public void A_window_has_its_own_outline()
    {
        Georeference scene = Scene(4326, 10, 50, 0.001, 1000, 500);

        Envelope window = scene.FootprintOf(100, 200, 50, 20).EnvelopeInternal;

        Assert.Equal(
            [10.1, 10.15, 49.78, 49.8],
            ((double[])[window.MinX, window.MaxX, window.MinY, window.MaxY]).Select(n => Math.Round(n, 9)));
        Assert.Throws<ArgumentOutOfRangeException>(() => scene.FootprintOf(0, 0, 0, 1));
    }

    [Fact]
    public void A_place_outside_of_the_picture_has_no_pixel()
    {
        Georeference scene = Scene(32632, 500_000, 5_300_000, 10, 1000, 1000);
        (double longitude, double latitude) = scene.ToWgs84(0, 0);

        Assert.Equal((0, 0), scene.PixelAt(longitude, latitude));
        Assert.Null(scene.PixelAt(longitude - 0.001, latitude));
        Assert.Null(scene.PixelAt(longitude + 180, latitude));
        Assert.Null(scene.PixelAt(double.NaN, latitude));
    }

    private static Georeference Scene(int code, double x, double y, double size, int width, int height) =>
        new(new(x, size, 0, y, 0, -size), CoordinateSystem.FromEpsg(code), width, height);
}
