using NetTopologySuite.Geometries;
using Swan.Geo.Coordinates;

namespace Swan.Geo.Tests.Coordinates;

/// <summary>Scenes around the poles, and up to them.</summary>
public sealed class PoleTests
{
    [Theory]
    [InlineData(3031, -90), InlineData(3413, 90), InlineData(5041, 90), InlineData(5042, -90)]
    [InlineData(32661, 90), InlineData(32761, -90)]
    public void A_pixel_of_a_polar_map_has_its_size_on_the_ground_at_the_pole_and_far_from_it(int code, double pole)
    {
        CoordinateSystem system = CoordinateSystem.FromEpsg(code);
        // The parallel on which the map is true, or UPS's scale at the pole.
        double atPole = code switch { 3031 => ScaleAtPole(-71), 3413 => ScaleAtPole(70), _ => 0.994 };
        foreach (double fromPole in (double[])[0, 1e-7, 1e-5, 0.001, 0.1, 3, 20, 40])
        {
            foreach (double size in (double[])[0.3, 10, 1000])
            {
                (double x, double y) = system.FromWgs84(33, pole - Math.Sign(pole) * fromPole);
                (double Column, double Row) found = new Georeference(
                    new(x - 50 * size, size, 0, y + 50 * size, 0, -size), system, 100, 100).MetersPerPixel!.Value;
                double expected = size / ScaleAt(90 - fromPole, atPole);
                Assert.Equal(expected, found.Column, expected * 1e-6);
                Assert.Equal(expected, found.Row, expected * 1e-6);
            }
        }
    }

    // pyproj.Geod(ellps='WGS84').inv of places 500 m left and right of them.
    [Theory]
    [InlineData(3031, 0, 0, 1027.9932709721), InlineData(3031, 2e6, 0, 1002.1263044949), InlineData(3413, 0, 0, 1031.0785735817)]
    [InlineData(3413, 100_000, 0, 1031.0116648660), InlineData(5041, 2e6, 2e6, 1006.0362167859)]
    [InlineData(32661, 4e6, 2e6, 981.7661100867)]
    public void A_pixel_of_a_polar_map_is_as_wide_as_PROJ_measures(int code, double x, double y, double meters)
    {
        Georeference scene = Scene(code, x - 50_000, y + 50_000, 1000, 100, 100);
        Assert.Equal(meters, scene.MetersPerPixel!.Value.Column, 1e-4);
    }

    [Theory]
    [InlineData(-180, 90.25, 0.5, 721, 361), InlineData(-0.125, 90.125, 0.25, 1440, 721)]
    [InlineData(-181.25, 91.25, 2.5, 144, 73)]
    public void A_grid_whose_first_and_last_points_are_the_poles_is_as_large_as_the_earth(
        double x, double y, double size, int width, int height)
    {
        var turns = (int)(360 / size);
        Georeference scene = Scene(4326, x, y, size, Math.Min(width, turns), height);
        Envelope earth = scene.Footprint.EnvelopeInternal;
        Assert.Equal((-90, 90), (earth.MinY, earth.MaxY));
        Assert.Equal((-180, 180), (earth.MinX, earth.MaxX));
        Assert.Equal(90, scene.ToWgs84(10, 0).Latitude);
        Assert.Equal(90 - size, scene.ToWgs84(10, 1.5).Latitude, 1e-9);
        Assert.NotNull(scene.MetersPerPixel);
        // More than a pixel beyond is no place.
        Assert.Throws<SwanGeoreferenceException>(() => Scene(4326, x, y + size, size, 10, 10).ToWgs84(0, 0));
    }

    [Theory]
    [InlineData(90.25, SceneLocationKind.Georeferenced), InlineData(90.5, SceneLocationKind.Georeferenced)]
    [InlineData(91, SceneLocationKind.Contradictory), InlineData(-79.75, SceneLocationKind.Georeferenced)]
    [InlineData(-81, SceneLocationKind.Contradictory)]
    public void A_scene_may_reach_a_pixel_beyond_a_pole(double top, object kind)
    {
        Assert.Equal(kind, WrittenGeoTiff.At(0, top, 0.5, 4326, geographic: true).Read().Kind);
    }

    // J. P. Snyder, "Map projections: a working manual", USGS Professional Paper 1395 (1987), equations 14-15, 15-9, 21-32 to 21-35.
    private static double ScaleAtPole(double trueParallel)
    {
        (double m, double t) = ParallelOf(Math.Abs(trueParallel));
        return m * Constant() / (2 * t);
    }

    private static double ScaleAt(double latitude, double atPole)
    {
        (double m, double t) = ParallelOf(latitude);
        return latitude > 90 - 1e-6 ? atPole : 2 * atPole * t / (Constant() * m);
    }

    private static (double M, double T) ParallelOf(double latitude)
    {
        double e = Eccentricity(), sine = Math.Sin(latitude * Math.PI / 180), half = (90 - latitude) / 2 * Math.PI / 180;
        return (Math.Cos(latitude * Math.PI / 180) / Math.Sqrt(1 - e * e * sine * sine),
            Math.Tan(half) / Math.Pow((1 - e * sine) / (1 + e * sine), e / 2));
    }

    private static double Constant() => Math.Sqrt(Math.Pow(1 + Eccentricity(), 1 + Eccentricity())
        * Math.Pow(1 - Eccentricity(), 1 - Eccentricity()));

    private static double Eccentricity() => Math.Sqrt(2 / 298.257223563 - 1 / (298.257223563 * 298.257223563));

    private static Georeference Scene(int code, double x, double y, double size, int width, int height) =>
        new(new(x, size, 0, y, 0, -size), CoordinateSystem.FromEpsg(code), width, height);
}
