using CsCheck;
using Swan.Geo.Coordinates;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Tests.Coordinates;

public sealed class SceneLocationTests
{
    [Fact]
    public void Scale_and_tie_point_place_a_scene()
    {
        SceneLocation location = WrittenGeoTiff.At(500_000, 5_400_000, 10, 32632).Read();

        Assert.Equal(SceneLocationKind.Georeferenced, location.Kind);
        Assert.Equal(new PixelTransform(500_000, 10, 0, 5_400_000, 0, -10), location.Georeference!.Transform);
        Assert.Equal((40, 20), (location.Georeference.Width, location.Georeference.Height));
        Assert.Equal(32632, location.Georeference.CoordinateSystem.EpsgCode);
    }

    [Fact]
    public void A_tie_point_may_lie_anywhere()
    {
        WrittenGeoTiff tiff = Projected(new() { PixelScale = [10, 20, 0], TiePoints = [5, 2, 0, 500_000, 5_400_000, 0] });

        Assert.Equal(new PixelTransform(499_950, 10, 0, 5_400_040, 0, -20), tiff.Read().Georeference!.Transform);
    }

    [Fact]
    public void A_point_at_a_pixels_center_is_half_a_pixel_further()
    {
        WrittenGeoTiff tiff = WrittenGeoTiff.At(500_000, 5_400_000, 10, 32632).With(GeoKeys.RasterType, 2);

        Assert.Equal(new PixelTransform(499_995, 10, 0, 5_400_005, 0, -10), tiff.Read().Georeference!.Transform);
    }

    [Fact]
    public void A_matrix_turns_and_shears_a_scene()
    {
        WrittenGeoTiff tiff = Projected(new() { Matrix = [8, 6, 0, 500_000, 5, -9, 0, 5_400_000, 0, 0, 0, 0, 0, 0, 0, 1] });

        Assert.Equal(new PixelTransform(500_000, 8, 6, 5_400_000, 5, -9), tiff.Read().Georeference!.Transform);
    }

    [Fact]
    public void A_world_file_places_a_scene_in_the_system_of_its_keys()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("scene.tif"), Projected(new()).Write());
        File.WriteAllText(folder.File("scene.tfw"), "10\n0\n0\n-10\n500005\n5399995\n");

        SceneLocation location = SceneLocation.Read(folder.File("scene.tif"));

        Assert.Equal(SceneLocationKind.Georeferenced, location.Kind);
        Assert.Equal(new PixelTransform(500_000, 10, 0, 5_400_000, 0, -10), location.Georeference!.Transform);
    }

    [Fact]
    public void A_world_file_alone_tells_no_place_on_the_earth()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("scene.tif"), new WrittenGeoTiff().Write());
        File.WriteAllText(folder.File("scene.wld"), "10\n0\n0\n-10\n500005\n5399995\n");

        SceneLocation location = SceneLocation.Read(folder.File("scene.tif"));

        Assert.Equal(SceneLocationKind.NoCoordinateSystem, location.Kind);
        Assert.Equal((500_000, 5_400_000), location.Georeference!.Transform.ToMap(0, 0));
        Assert.Contains("scene.tif", location.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void The_files_own_transform_counts_before_a_world_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("scene.tif"), WrittenGeoTiff.At(500_000, 5_400_000, 10, 32632).Write());
        File.WriteAllText(folder.File("scene.tfw"), "1\n0\n0\n-1\n0\n0\n");

        Assert.Equal(500_000, SceneLocation.Read(folder.File("scene.tif")).Georeference!.Transform.OriginX);
    }

    [Fact]
    public void What_has_no_place_is_named()
    {
        SceneLocation nothing = new WrittenGeoTiff().Read();
        SceneLocation points = Projected(new() { TiePoints = [0, 0, 0, 1, 2, 0, 40, 0, 0, 3, 4, 0, 40, 20, 0, 5, 6, 0] }).Read();
        SceneLocation rpc = new WrittenGeoTiff { Rpc = new double[92] }.Read();
        SceneLocation noTransform = Projected(new()).Read();

        Assert.Equal(
            [SceneLocationKind.None, SceneLocationKind.GroundControlPoints, SceneLocationKind.RationalPolynomials, SceneLocationKind.None],
            ((SceneLocation[])[nothing, points, rpc, noTransform]).Select(l => l.Kind));
        Assert.All((SceneLocation[])[nothing, points, rpc, noTransform], l =>
        {
            Assert.Null(l.Georeference);
            Assert.Contains("scene.tif", l.Sentence, StringComparison.Ordinal);
        });
        Assert.Contains("3 ground control points", points.Sentence, StringComparison.Ordinal);
        Assert.Contains("RPC", rpc.Sentence, StringComparison.Ordinal);
        Assert.Contains("EPSG:32632", noTransform.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN, 5_400_000, 10), InlineData(500_000, double.PositiveInfinity, 10), InlineData(500_000, 5_400_000, double.NaN)]
    public void Numbers_that_place_nothing_are_named(double x, double y, double size)
    {
        SceneLocation location = WrittenGeoTiff.At(x, y, size, 32632).Read();

        Assert.Equal(SceneLocationKind.Contradictory, location.Kind);
        Assert.Contains("scene.tif", location.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flat_matrix_and_a_scale_of_zero_place_nothing()
    {
        Assert.Equal(SceneLocationKind.Contradictory, Projected(new() { Matrix = new double[16] }).Read().Kind);
        // GDAL takes a point without a scale for a ground control point.
        Assert.Equal(SceneLocationKind.GroundControlPoints, WrittenGeoTiff.At(500_000, 5_400_000, 0, 32632).Read().Kind);
    }

    [Fact]
    public void Eastings_in_a_geographic_system_are_named()
    {
        SceneLocation location = WrittenGeoTiff.At(500_000, 5_400_000, 10, 4326, geographic: true).Read();

        Assert.Equal(SceneLocationKind.Contradictory, location.Kind);
        Assert.Contains("5400000", location.Sentence, StringComparison.Ordinal);
        Assert.Contains("EPSG:4326", location.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_system_that_is_not_computed_is_named_and_its_transform_kept()
    {
        SceneLocation location = WrittenGeoTiff.At(400_000, 300_000, 10, 27700).Read();

        Assert.Equal(SceneLocationKind.UnsupportedCoordinateSystem, location.Kind);
        Assert.Equal((400_000, 300_000), location.Georeference!.Transform.ToMap(0, 0));
        Assert.Contains("needs a grid", location.Sentence, StringComparison.Ordinal);
        Assert.Contains("scene.tif", location.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_system_given_by_its_parameters_is_that_of_its_code()
    {
        WrittenGeoTiff tiff = Scene()
            .With(GeoKeys.ModelType, 1).With(GeoKeys.GeodeticCrs, 4258).With(GeoKeys.ProjectedCrs, GeoKeys.UserDefined)
            .With(GeoKeys.Projection, GeoKeys.UserDefined).With(GeoKeys.ProjectionMethod, 8).With(GeoKeys.LinearUnit, 9001)
            .With(GeoKeys.StandardParallel1, 49.0).With(GeoKeys.StandardParallel2, 44.0).With(GeoKeys.FalseOriginLatitude, 46.5)
            .With(GeoKeys.FalseOriginLongitude, 3.0)
            .With(GeoKeys.FalseOriginEasting, 700_000.0).With(GeoKeys.FalseOriginNorthing, 6_600_000.0);

        CoordinateSystem system = tiff.Read().Georeference!.CoordinateSystem;

        Assert.Null(system.EpsgCode);
        (double longitude, double latitude) = CoordinateSystem.FromEpsg(2154).ToWgs84(652_301, 6_861_302);
        (double foundLongitude, double foundLatitude) = system.ToWgs84(652_301, 6_861_302);
        Assert.Equal(longitude, foundLongitude, 1e-11);
        Assert.Equal(latitude, foundLatitude, 1e-11);
    }

    [Theory]
    [InlineData(GeoKeys.ProjectionMethod, 17, "method 17"), InlineData(GeoKeys.LinearUnit, 9036, "9036")]
    [InlineData(GeoKeys.GeodeticCrs, GeoKeys.UserDefined, "datum"), InlineData(GeoKeys.AngularUnit, 9105, "9105")]
    [InlineData(GeoKeys.GeodeticCrs, 4277, "its datum needs a grid")]
    public void Parameters_that_are_not_computed_are_named(int key, int code, string expected)
    {
        WrittenGeoTiff tiff = Scene();
        tiff.With(key, code);
        foreach ((int other, int value) in ((int, int)[])[
            (GeoKeys.ModelType, 1), (GeoKeys.GeodeticCrs, 4326), (GeoKeys.ProjectedCrs, GeoKeys.UserDefined),
            (GeoKeys.ProjectionMethod, 1), (GeoKeys.LinearUnit, 9001)])
        {
            if (other != key) tiff.With(other, value);
        }

        SceneLocation location = tiff.Read();

        Assert.Equal(SceneLocationKind.UnsupportedCoordinateSystem, location.Kind);
        Assert.Contains(expected, location.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_unit_that_contradicts_the_code_is_named()
    {
        SceneLocation location = WrittenGeoTiff.At(990_000, 220_000, 1, 2263).With(GeoKeys.LinearUnit, 9001).Read();

        Assert.Equal(SceneLocationKind.UnsupportedCoordinateSystem, location.Kind);
        Assert.Contains("US survey foot", location.Sentence, StringComparison.Ordinal);
        location = WrittenGeoTiff.At(990_000, 220_000, 1, 2263).With(GeoKeys.LinearUnit, 9003).Read();
        Assert.Equal(SceneLocationKind.Georeferenced, location.Kind);
    }

    [Fact]
    public void Keys_that_point_nowhere_are_no_crash()
    {
        WrittenGeoTiff tiff = Scene().With(GeoKeys.ModelType, 1).With(GeoKeys.ProjectedCrs, GeoKeys.UserDefined)
            .With(GeoKeys.GeodeticCrs, 4326).With(GeoKeys.ProjectionMethod, 8);

        SceneLocation location = tiff.Read();

        Assert.Equal(SceneLocationKind.UnsupportedCoordinateSystem, location.Kind);
        Assert.Contains("lat_1", location.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void No_keys_and_numbers_are_a_crash()
    {
        Gen<double> number = Gen.OneOf(Gen.Double, Gen.Double[-1e7, 1e7], Gen.Double[-200, 200], Gen.OneOf(0.0, double.NaN, 90, -90));
        Gen<int> key = Gen.OneOf(Gen.Int[1024, 1030], Gen.Int[2048, 2062], Gen.Int[3072, 3096]);
        Gen<int> code = Gen.OneOf(Gen.Int[0, 20], Gen.Int[0, 65535], Gen.OneOf(GeoKeys.UserDefined, 9001, 4326, 4258, 16033));
        Gen<(int, int, double, bool)[]> entries = Gen.Select(key, code, number, Gen.Bool).Array[0, 12];
        Gen.Select(number.Array[0, 4], number.Array[0, 12], number.Array[16], entries, Gen.Bool)
            .Sample((scale, points, matrix, keys, hasMatrix) =>
            {
                WrittenGeoTiff tiff = new()
                {
                    PixelScale = scale.Length > 0 ? scale : null,
                    TiePoints = points.Length > 0 ? points : null,
                    Matrix = hasMatrix ? matrix : null,
                };
                foreach ((int k, int c, double n, bool isCode) in keys) _ = isCode ? tiff.With(k, c) : tiff.With(k, n);

                SceneLocation location = tiff.Read();

                Assert.NotEmpty(location.Sentence);
                if (location.Kind != SceneLocationKind.Georeferenced) return;
                try
                {
                    Assert.True(location.Georeference!.Footprint.IsValid);
                }
                catch (SwanGeoreferenceException)
                {
                    // A pole, or a map's end.
                }
            }, iter: 2000);
    }

    [Fact]
    public void A_file_that_is_no_TIFF_is_the_images_error()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("scene.tif"), "no picture");

        Assert.Throws<SwanImageException>(() => SceneLocation.Read(folder.File("scene.tif")));
    }

    private static WrittenGeoTiff Scene() => new() { PixelScale = [10, 10, 0], TiePoints = [0, 0, 0, 500_000, 5_400_000, 0] };

    private static WrittenGeoTiff Projected(WrittenGeoTiff tiff) => tiff.With(GeoKeys.ModelType, 1).With(GeoKeys.ProjectedCrs, 32632);
}
