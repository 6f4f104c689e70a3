using System.Globalization;
using System.Xml.Linq;
using Microsoft.Data.Sqlite;
using NetTopologySuite.Geometries;
using Swan.Geo.Places;
using Swan.Geo.Tests.Rasters;

namespace Swan.Geo.Tests.Places;

public sealed class GeoPackageWriterTests : IDisposable
{
    private static readonly Place[] s_places =
    [
        Found.At(10, 50, 0.31f) with
        {
            Column = 12, Row = 34, Date = new(2024, 5, 6, 12, 30, 0, TimeSpan.FromHours(2)), Probability = 0.75, MetersPerPixel = 0.5,
        },
        Found.At(11, 51, 0.25f) with { Query = "it's \"Île\"", Probability = 0.5 },
        Found.At(0, 0, 0.2f) with { Footprint = Found.Across(179, -179), Probability = 0.25 },
        Found.OnMap(700_000, 6_600_000, "RGF93 / Lambert-93", 2154),
        Found.OnMap(10, 20, "mine's \"grid\""),
        Found.OnMap(10, 20, null),
        Found.Pixels(5, 6),
    ];

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("places.gpkg");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_is_a_sound_GeoPackage()
    {
        GeoPackageWriter.Write(Path, s_places);

        Assert.Equal("GPKG", System.Text.Encoding.ASCII.GetString(File.ReadAllBytes(Path)[68..72]));
        Assert.Equal(["10300"], Query("PRAGMA user_version"));
        Assert.Equal(["ok"], Query("PRAGMA integrity_check"));
        Assert.Empty(Query("PRAGMA foreign_key_check"));
        Assert.Equal(["-1", "0", "2154", "4326"], Query("SELECT srs_id FROM gpkg_spatial_ref_sys ORDER BY srs_id"));
        Assert.Equal(
            ["layer_styles|attributes|", "places|features|4326", "places_epsg_2154|features|2154", "places_mine_s__grid|features|-1",
                "places_undefined|features|-1", "places_without_position|attributes|"],
            Query("SELECT table_name || '|' || data_type || '|' || ifnull(srs_id, '') FROM gpkg_contents ORDER BY table_name"));
        Assert.Equal(["places", "places_epsg_2154", "places_mine_s__grid", "places_undefined"],
            Query("SELECT table_name FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index' ORDER BY table_name"));
        Assert.Equal(["1|9.995|10.005|49.995|50.005", "2|10.995|11.005|50.995|51.005", "3|-180.0|180.0|0.0|1.0"],
            Query("SELECT id || '|' || round(minx, 4) || '|' || round(maxx, 4) || '|' || round(miny, 4) || '|' || round(maxy, 4) "
                + "FROM rtree_places_geom ORDER BY id"));
        Assert.Equal(["-180.0 0.0 180.0 51.005"],
            Query("SELECT min_x || ' ' || min_y || ' ' || max_x || ' ' || max_y FROM gpkg_contents WHERE table_name = 'places'"));
    }

    [Fact]
    public void The_GDAL_project_s_validator_finds_nothing_wrong()
    {
        GeoPackageWriter.Write(Path, s_places);
        string python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        Assert.SkipUnless(ChildProcess.Finish(python, ["-c", "import osgeo_utils.samples.validate_gpkg"]).Code == 0,
            "Python has no validate_gpkg: install Debian's python3-gdal to have it judge the files.");

        (int code, string output, string errors) =
            ChildProcess.Finish(python, ["-W", "ignore", "-m", "osgeo_utils.samples.validate_gpkg", "--extra", Path]);

        Assert.True(code == 0, output + errors);
    }

    [Fact]
    public void OGR_reads_every_table()
    {
        GeoPackageWriter.Write(Path, s_places);

        string info = GdalProgram.Run("ogrinfo", "-al", "-so", Path);
        string rows = GdalProgram.Run("ogr2ogr", "-f", "CSV", "/vsistdout/", Path, "places", "-lco", "GEOMETRY=AS_WKT");

        foreach (string line in (string[])
            ["Layer name: places", "Geometry: Multi Polygon", "Feature Count: 3",
                "Extent: (-180.000000, 0.000000) - (180.000000, 51.005000)",
                "Layer name: places_epsg_2154", "RGF93", "Layer name: places_without_position", "FID Column = fid",
                "Geometry Column = geom", "score: Real (0.0)", "date: DateTime (0.0)", "epsg: Integer (0.0)"])
        {
            Assert.Contains(line, info, StringComparison.Ordinal);
        }
        Assert.Contains("harbor,0.31,0.75,scenes/a.tif,12,34,224,224,2024/05/06 10:30:00+00,0.5,WGS 84,4326",
            rows.Replace("\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("\"it's \"\"Île\"\"\",0.25,0.5", rows, StringComparison.Ordinal);
        Assert.Contains("MULTIPOLYGON (((179 0,180 0,180 1,179 1,179 0)),((-180 0,-179 0,-179 1,-180 1,-180 0)))", rows,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_spatial_index_answers_and_stays_up_to_date_when_OGR_edits()
    {
        GeoPackageWriter.Write(Path, [.. Enumerable.Range(0, 300).Select(i => Found.At(i / 10.0, 40, i / 1000f))]);

        string near = GdalProgram.Run("ogrinfo", "-ro", "-al", "-so", "-spat", "1.95", "39", "2.15", "41", Path, "places");
        GdalProgram.Run("ogrinfo", Path, "-sql", "DELETE FROM places WHERE fid <= 100");
        GdalProgram.Run("ogrinfo", Path, "-sql", "UPDATE places SET fid = 1000 WHERE fid = 200");

        Assert.Contains("Feature Count: 2", near, StringComparison.Ordinal);
        Assert.Equal(Query("SELECT fid FROM places ORDER BY fid"), Query("SELECT id FROM rtree_places_geom ORDER BY id"));
        Assert.Equal(["200"], Query("SELECT count(*) FROM places"));
    }

    [Fact]
    public void Definitions_that_are_given_are_written()
    {
        GeoPackageWriter.Write(Path, s_places, new Dictionary<string, string> { ["mine's \"grid\""] = "LOCAL_CS[\"mine's\"]" });

        Assert.Equal(["EPSG|2154|undefined", "NONE|100000|LOCAL_CS[\"mine's\"]"],
            Query("SELECT organization || '|' || organization_coordsys_id || '|' || definition FROM gpkg_spatial_ref_sys "
                + "WHERE srs_id NOT IN (-1, 0, 4326) ORDER BY srs_id"));
    }

    [Fact]
    public void Systems_with_names_that_make_the_same_table_have_tables_of_their_own()
    {
        GeoPackageWriter.Write(Path,
            [Found.OnMap(0, 0, "a b"), Found.OnMap(0, 0, "A-B"), Found.OnMap(0, 0, "undefined"), Found.OnMap(0, 0, null)]);

        Assert.Equal(["places_a_b", "places_a_b_2", "places_undefined", "places_undefined_1"],
            Query("SELECT table_name FROM gpkg_geometry_columns ORDER BY table_name"));
    }

    [Fact]
    public void Each_layer_has_a_style_by_probability_where_all_places_have_one()
    {
        GeoPackageWriter.Write(Path, s_places);

        Assert.Equal(["places", "places_epsg_2154", "places_mine_s__grid", "places_undefined"], Query(
            "SELECT f_table_name FROM layer_styles WHERE f_table_schema = '' AND f_geometry_column = 'geom' AND useAsDefault ORDER BY 1"));
        XElement style = Style("places");
        Assert.Equal("probability", style.Element("renderer-v2")!.Attribute("attr")!.Value);
        XElement[] ranges = [.. style.Descendants("range")];
        Assert.Equal(5, ranges.Length);
        Assert.Equal((0.25, 0.75), (Bound(ranges[0], "lower"), Bound(ranges[^1], "upper")));
        Assert.All(ranges.Zip(ranges.Skip(1)), pair => Assert.Equal(Bound(pair.First, "upper"), Bound(pair.Second, "lower")));
        Assert.Equal("score", Style("places_undefined").Element("renderer-v2")!.Attribute("attr")!.Value);
        Assert.Single(Style("places_undefined").Descendants("range"));

        static double Bound(XElement range, string side) => double.Parse(range.Attribute(side)!.Value, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void QGIS_takes_the_style_by_itself()
    {
        const string Script = """
            import sys
            from qgis.core import QgsApplication, QgsVectorLayer
            application = QgsApplication([], False)
            application.initQgis()
            layer = QgsVectorLayer(sys.argv[1] + "|layername=places", "places", "ogr")
            renderer = layer.renderer()
            print(renderer.type(), renderer.classAttribute(), len(renderer.ranges()), layer.labelsEnabled(), layer.crs().authid())
            """;
        string python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        Assert.SkipUnless(ChildProcess.Finish(python, ["-c", "import qgis.core"]).Code == 0,
            "Python has no qgis: install Debian's python3-qgis to have QGIS judge the style.");
        GeoPackageWriter.Write(Path, s_places);

        (_, string output, string errors) = ChildProcess.Finish(python, ["-c", Script, Path], ("QT_QPA_PLATFORM", "offscreen"));

        Assert.True(output.Trim() == "graduatedSymbol probability 5 True EPSG:4326", output + errors);
    }

    [Fact]
    public void Nothing_found_is_an_empty_table()
    {
        GeoPackageWriter.Write(Path, []);

        Assert.Contains("Feature Count: 0", GdalProgram.Run("ogrinfo", "-ro", "-al", "-so", Path, "places"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_can_not_be_written_leaves_what_was_there()
    {
        File.WriteAllText(Path, "before");

        Assert.Throws<ArgumentException>(() => GeoPackageWriter.Write(Path, [Found.At(0, 0), Found.At(0, 0, float.NaN)]));
        Assert.Throws<ArgumentException>(() => GeoPackageWriter.Write(Path, [Found.At(0, 0) with { Footprint = new Point(0, 0) }]));
        Assert.Throws<OperationCanceledException>(() => GeoPackageWriter.Write(Path, [Found.At(0, 0)], token: new(canceled: true)));

        Assert.Equal("before", File.ReadAllText(Path));
        Assert.Single(Directory.GetFileSystemEntries(_folder.FullName));
    }

    private XElement Style(string table) =>
        XElement.Parse(Query($"SELECT styleQML FROM layer_styles WHERE f_table_name = '{table}'").Single());

    private List<string> Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(reader.GetValue(0).ToString()!);
        return rows;
    }
}
