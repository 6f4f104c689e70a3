using CsCheck;
using Swan.Geo.Coordinates;

namespace Swan.Geo.Tests.Coordinates;

public sealed class CoordinateSystemTests
{
    // By GDAL 3.6.2 with PROJ 9.1.1: x and y of the first place, and longitude and latitude of that x and y.
    [Theory]
    [InlineData(32632, 686121.7558, 5330438.1302, 11.500000000, 48.100000000)]
    [InlineData(32733, 527736.8199, 6248891.2331, 15.300000000, -33.900000000)]
    [InlineData(25833, 391390.7313, 5817855.2407, 13.400000000, 52.500000000)]
    [InlineData(26917, 580198.8453, 2853779.1025, -80.200000000, 25.800000000)]
    [InlineData(3857, -13625505.6731, 4551210.9197, -122.400000000, 37.800000000)]
    [InlineData(4326, 2.3500, 48.8500, 2.350000000, 48.850000000)]
    [InlineData(3031, 1371423.2598, -791791.5882, 120.000000000, -75.500000000)]
    [InlineData(3413, -171299.4410, -1957961.5696, -50.000000000, 72.000000000)]
    [InlineData(3035, 4336137.2059, 2687399.2351, 10.200000000, 47.299999996)]
    [InlineData(2154, 652301.5648, 6861302.7259, 2.350000000, 48.850000000)]
    [InlineData(2056, 2683941.5303, 1247167.3930, 8.550000008, 47.370000010)]
    [InlineData(2263, 992558.4427, 223453.2998, -73.970000000, 40.780000000)]
    [InlineData(5070, -42841.7710, 1786230.9515, -96.500000000, 39.100000000)]
    [InlineData(3395, 11554963.1443, 143759.0588, 103.800000000, 1.300000000)]
    [InlineData(28355, 517771.8921, 5894015.5006, 147.200000000, -37.100000000)]
    [InlineData(7856, 333374.8157, 6258562.9612, 151.200000000, -33.800000000)]
    [InlineData(31983, 684623.6733, 7466421.4007, -43.200000000, -22.900000000)]
    [InlineData(2193, 1750697.5213, 5426376.6232, 174.800000000, -41.300000000)]
    [InlineData(3067, 391839.9655, 6764438.6590, 25.000000000, 61.000000000)]
    [InlineData(3006, 670817.9156, 6577304.5670, 18.000000000, 59.300000000)]
    [InlineData(5186, 200000.0000, 544504.1235, 127.000000000, 37.500000000)]
    [InlineData(6677, -12065.9886, -33275.3457, 139.700000000, 35.700000000)]
    [InlineData(3347, 7222419.0324, 933651.5115, -79.400000000, 43.700000000)]
    [InlineData(26931, 775672.4620, 720098.3296, -134.400000000, 58.300000000)]
    [InlineData(5041, 2222134.2147, 1615252.2541, 30.000000000, 86.000000000)]
    [InlineData(32601, 338279.2491, 6654956.7199, -179.900000000, 60.000000000)]
    [InlineData(32660, 821613.7791, 553374.1316, 179.900000000, 5.000000000)]
    [InlineData(3832, 3450904.2146, -1908339.0670, -179.000000000, -17.000000000)]
    public void A_codes_places_are_those_of_GDAL(int code, double x, double y, double longitude, double latitude)
    {
        CoordinateSystem system = CoordinateSystem.FromEpsg(code);
        Assert.True(system.CanTransform, system.Obstacle);

        (double foundLongitude, double foundLatitude) = system.ToWgs84(x, y);
        Assert.InRange(FootprintOutline.Meters(foundLongitude - longitude, foundLatitude, latitude), 0, 0.002);
        (double foundX, double foundY) = system.FromWgs84(longitude, latitude);
        double unit = system.MetersPerUnit ?? 111_000;
        Assert.InRange(Math.Abs(foundX - x) * unit, 0, 0.002);
        Assert.InRange(Math.Abs(foundY - y) * unit, 0, 0.002);
    }

    [Fact]
    public void Every_zone_of_UTM_leads_there_and_back()
    {
        Gen.Select(Gen.Int[1, 60], Gen.Double[-6, 6], Gen.Double[-85, 85]).Sample((zone, offset, latitude) =>
        {
            double longitude = Math.IEEERemainder(zone * 6 - 183 + offset, 360);
            CoordinateSystem system = CoordinateSystem.FromEpsg((latitude < 0 ? 32700 : 32600) + zone);

            (double x, double y) = system.FromWgs84(longitude, latitude);
            (double longitudeAgain, double latitudeAgain) = system.ToWgs84(x, y);

            Assert.InRange(FootprintOutline.Meters(longitudeAgain - longitude, latitude, latitudeAgain), 0, 1e-6);
        });
    }

    [Fact]
    public void A_zone_of_UTM_is_symmetrical_to_its_meridian_and_true_to_scale_there()
    {
        CoordinateSystem system = CoordinateSystem.FromEpsg(32631);

        (double west, double northing) = system.FromWgs84(1, 50);
        (double east, double northingAgain) = system.FromWgs84(5, 50);

        Assert.Equal(500_000 - west, east - 500_000, 1e-6);
        Assert.Equal(northing, northingAgain, 1e-6);
        (double _, double south) = system.FromWgs84(3, 49.9999);
        (double _, double north) = system.FromWgs84(3, 50.0001);
        Assert.Equal(0.9996, (north - south) / FootprintOutline.Meters(0, 49.9999, 50.0001), 1e-7);
    }

    [Theory]
    [InlineData(27700, "grid"), InlineData(31467, "grid"), InlineData(28992, "grid"), InlineData(4267, "grid"), InlineData(23032, "grid")]
    [InlineData(4322, "shifts")]
    [InlineData(5703, "heights"), InlineData(4978, "neither geographic nor projected"), InlineData(54009, "the code is unknown")]
    [InlineData(0, "the code is unknown"), InlineData(2401, "the shift from its datum"), InlineData(4087, "map projection")]
    public void A_code_that_is_not_computed_says_why(int code, string reason)
    {
        CoordinateSystem system = CoordinateSystem.FromEpsg(code);

        Assert.False(system.CanTransform);
        Assert.Contains($"EPSG:{code}", system.Obstacle, StringComparison.Ordinal);
        Assert.Contains(reason, system.Obstacle, StringComparison.Ordinal);
        Assert.False(system.TryToWgs84(500_000, 5_000_000, out _, out _));
        Assert.Equal(system.Obstacle, Assert.Throws<SwanGeoreferenceException>(() => system.FromWgs84(10, 50)).Message);
    }

    [Theory]
    [InlineData(4326, 500_000, 5_400_000), InlineData(4326, 10, 90.1), InlineData(4326, double.NaN, 0), InlineData(32632, 1e9, 5e6)]
    [InlineData(32632, 500_000, 4e7), InlineData(32632, 500_000, double.NaN), InlineData(2154, double.PositiveInfinity, 0)]
    public void A_place_outside_of_the_system_is_named(int code, double x, double y)
    {
        CoordinateSystem system = CoordinateSystem.FromEpsg(code);

        Assert.False(system.TryToWgs84(x, y, out double longitude, out _));
        Assert.True(double.IsNaN(longitude));
        var e = Assert.Throws<SwanGeoreferenceException>(() => system.ToWgs84(x, y));
        Assert.Contains($"EPSG:{code}", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4326, "WGS 84", CoordinateSystemKind.Geographic, "degree")]
    [InlineData(32632, "WGS 84 / UTM zone 32N", CoordinateSystemKind.Projected, "metre")]
    [InlineData(32733, "WGS 84 / UTM zone 33S", CoordinateSystemKind.Projected, "metre")]
    [InlineData(2263, "NAD83 / New York Long Island (ftUS)", CoordinateSystemKind.Projected, "US survey foot")]
    public void A_code_has_its_registered_name_kind_and_unit(int code, string name, CoordinateSystemKind kind, string unit)
    {
        CoordinateSystem system = CoordinateSystem.FromEpsg(code);

        Assert.Equal((code, name, kind, unit), (system.EpsgCode, system.Name, system.Kind, system.Unit));
        Assert.Equal($"{name} (EPSG:{code})", system.ToString());
    }

    [Fact]
    public void A_geographic_place_a_turn_further_is_the_same_place()
    {
        Assert.Equal((-170, 10), CoordinateSystem.FromEpsg(4326).ToWgs84(190, 10));
    }

    [Fact]
    public void One_system_serves_many_threads()
    {
        CoordinateSystem system = CoordinateSystem.FromEpsg(2154);
        (double, double) expected = system.ToWgs84(652301.5648, 6861302.7259);

        Parallel.For(0, 10_000, _ => Assert.Equal(expected, system.ToWgs84(652301.5648, 6861302.7259)));
    }
}
