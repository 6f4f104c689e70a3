using System.Text.Json.Nodes;
using NetTopologySuite.Algorithm;
using NetTopologySuite.Geometries;
using Swan.Geo.Places;
using Swan.Geo.Tests.Rasters;

namespace Swan.Geo.Tests.Places;

public sealed class GeoJsonWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("places.geojson");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_place_is_a_feature_with_all_that_is_known_of_it()
    {
        Place place = Found.At(2.2944812345678, 48.8583712345678, 0.31f, "scenes/Île.tif") with
        {
            Column = 12, Row = 34, Probability = 0.75, Date = new(2024, 5, 6, 12, 30, 0, TimeSpan.FromHours(2)), MetersPerPixel = 0.5,
        };

        JsonObject feature = Write(place)["features"]![0]!.AsObject();

        Assert.Equal(("Feature", 1), (feature["type"]!.GetValue<string>(), feature["id"]!.GetValue<int>()));
        Assert.Equal(
            """
            {"query":"harbor","score":0.31,"probability":0.75,"scene":"scenes/Île.tif","window_column":12,"window_row":34,
            "window_width":224,"window_height":224,"date":"2024-05-06T10:30:00Z",
            "meters_per_pixel":0.5,"coordinate_system":"WGS 84","epsg":4326}
            """.ReplaceLineEndings(""),
            feature["properties"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal("[2.2894812,48.8533712,2.2994812,48.8633712]", feature["bbox"]!.ToJsonString());
        Assert.Contains("scenes/Île.tif", File.ReadAllText(Path), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_known_is_null()
    {
        JsonNode properties = Write(Found.At(1, 2))["features"]![0]!["properties"]!;

        Assert.All((string[])["probability", "date", "meters_per_pixel"],
            name => Assert.True(properties.AsObject().ContainsKey(name) && properties[name] is null));
    }

    [Fact]
    public void Rings_obey_the_right_hand_rule_and_are_closed()
    {
        var withHole = new Polygon(Found.Ring((0, 0), (0, 9), (9, 9), (9, 0)), [Found.Ring((3, 3), (5, 3), (5, 5), (3, 5))]);

        JsonArray rings = Write(Found.At(0, 0) with { Footprint = withHole })["features"]![0]!["geometry"]!["coordinates"]!.AsArray();

        Coordinate[][] points = [.. rings.Select(r => r!.AsArray().Select(c => new Coordinate((double)c![0]!, (double)c[1]!)).ToArray())];
        Assert.Equal([true, false], points.Select(p => Orientation.IsCCW(p)));
        Assert.All(points, p => Assert.Equal(p[0], p[^1]));
        Assert.Equal([5, 5], points.Select(p => p.Length));
    }

    [Fact]
    public void A_place_across_the_antimeridian_is_a_multipolygon_whose_bounds_go_from_east_to_west()
    {
        JsonNode collection = Write(Found.At(170, 0), Found.At(0, 0) with { Footprint = Found.Across(179, -179) });

        JsonNode across = collection["features"]![1]!;
        Assert.Equal("MultiPolygon", across["geometry"]!["type"]!.GetValue<string>());
        Assert.Equal(2, across["geometry"]!["coordinates"]!.AsArray().Count);
        Assert.Equal("[179,0,-179,1]", across["bbox"]!.ToJsonString());
        Assert.Equal("[169.995,-0.005,-179,1]", collection["bbox"]!.ToJsonString());
    }

    [Fact]
    public void Places_without_a_footprint_in_WGS_84_are_left_out_and_returned()
    {
        Place[] places = [Found.At(1, 2), Found.OnMap(0, 0, "local"), Found.Pixels(0, 0), Found.At(3, 4)];

        IReadOnlyList<Place> leftOut = GeoJsonWriter.Write(Path, places);

        Assert.Equal([places[1], places[2]], leftOut);
        JsonNode collection = JsonNode.Parse(File.ReadAllText(Path))!;
        Assert.Equal(2, collection["left_out"]!.GetValue<int>());
        Assert.Equal([1, 4], collection["features"]!.AsArray().Select(f => f!["id"]!.GetValue<int>()));
    }

    [Fact]
    public void Nothing_found_is_a_collection_without_features()
    {
        JsonNode collection = Write();

        Assert.Empty(collection["features"]!.AsArray());
        Assert.Null(collection["bbox"]);
    }

    [Fact]
    public void Places_off_the_earth_and_numbers_that_JSON_does_not_have_are_refused()
    {
        foreach (Place place in (Place[])
            [Found.At(190, 0), Found.At(0, 91), Found.At(0, 0, float.NaN), Found.At(0, 0) with { Probability = double.PositiveInfinity }])
        {
            Assert.Throws<ArgumentException>(() => GeoJsonWriter.Write(Path, [place]));
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public void A_canceled_file_leaves_what_was_there()
    {
        File.WriteAllText(Path, "before");

        Assert.Throws<OperationCanceledException>(() => GeoJsonWriter.Write(Path, [Found.At(0, 0)], new(canceled: true)));

        Assert.Equal("before", File.ReadAllText(Path));
    }

    [Fact]
    public void OGR_reads_all_of_it()
    {
        Place dated = Found.At(10, 50) with { Date = new(2024, 5, 6, 0, 0, 0, TimeSpan.Zero), Probability = 0.5, MetersPerPixel = 0.3 };
        Place[] places = [dated, .. Enumerable.Range(0, 500).Select(i => Found.At(i / 10.0, 40, i / 1000f))];
        GeoJsonWriter.Write(Path, places);

        string info = GdalProgram.Run("ogrinfo", "-al", "-so", Path);
        string rows = GdalProgram.Run("ogr2ogr", "-f", "CSV", "/vsistdout/", Path, "-lco", "GEOMETRY=AS_WKT");

        foreach (string line in (string[])
            ["Layer name: places", "Geometry: Polygon", "Feature Count: 501", "Extent: (-0.005000, 39.995000) - (49.905000, 50.005000)",
                "GEOGCRS[\"WGS 84\"", "score: Real (0.0)", "probability: Real (0.0)", "window_column: Integer (0.0)",
                "date: DateTime (0.0)"])
        {
            Assert.Contains(line, info, StringComparison.Ordinal);
        }
        Assert.Contains(
            "\"POLYGON ((9.995 49.995,10.005 49.995,10.005 50.005,9.995 50.005,9.995 49.995))\",harbor,0.3,0.5,scenes/a.tif", rows,
            StringComparison.Ordinal);
    }

    private JsonNode Write(params Place[] places)
    {
        GeoJsonWriter.Write(Path, places);
        return JsonNode.Parse(File.ReadAllText(Path))!;
    }
}
