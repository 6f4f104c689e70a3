using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Swan.Geo.Coordinates;
using Swan.Geo.Scenes;
using Swan.Geo.Tests.Rasters;
using Swan.Geo.Tests.Scenes;
using Swan.Geo.Rasters;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Tests.Coordinates;

/// <summary>What GDAL's file beside a scene says of it, with GDAL as the judge.</summary>
public sealed partial class PamFileTests : IDisposable
{
    private const string Utm33 = """
        PROJCS["WGS 84 / UTM zone 33N",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],
        AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]],
        PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",15],
        PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],
        UNIT["metre",1],AUTHORITY["EPSG","32633"]]
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, true, true, true), InlineData(true, true, true, false), InlineData(true, true, false, true)]
    [InlineData(false, true, true, true), InlineData(false, false, true, true), InlineData(true, false, true, false)]
    [InlineData(true, true, false, false), InlineData(false, true, true, false)]
    public void What_it_says_counts_before_the_scene_and_a_world_file_last(bool own, bool keys, bool pamSystem, bool pamTransform)
    {
        foreach (int raster in (int[])[1, 2])
        {
            var tiff = new WrittenGeoTiff
            {
                PixelScale = own ? [1, 1, 0] : null, TiePoints = own ? [0, 0, 0, 500_000, 5_300_000, 0] : null,
            };
            if (keys) tiff.With(GeoKeys.ModelType, 1).With(GeoKeys.ProjectedCrs, 32632).With(GeoKeys.RasterType, raster);
            string path = _folder.File($"scene{raster}.tif");
            File.WriteAllBytes(path, tiff.Write());
            File.WriteAllText(Path.ChangeExtension(path, ".tfw"), "3\n0\n0\n-3\n300001.5\n4999998.5\n");
            Write(path, (pamSystem ? $"<SRS>{Utm33}</SRS>" : "")
                + (pamTransform ? "<GeoTransform> 6.0e+05, 2.0, 0.5, 5400000, 0.25,-2</GeoTransform>" : ""));

            Georeference found = SceneLocation.Read(path).Georeference!;
            JsonNode theirs = GdalProgram.Info(path);
            double[] transform = [.. theirs["geoTransform"]!.AsArray().Select(GdalProgram.Number)];
            Assert.Equal(PixelTransform.FromGdal(transform), found.Transform);
            string wkt = (string?)theirs["coordinateSystem"]?["wkt"] ?? "";
            Assert.Equal(LastCode().Match(wkt) is { Success: true } code ? code.Groups[1].Value : "", $"{found.CoordinateSystem.EpsgCode}");

            // What an index keeps, and heat maps are written with, says the same.
            PamFile? pam = PamFile.Beside(path);
            using TiffFile file = TiffFile.Open(File.OpenRead(path), path);
            GeoTags tags = SceneTags.Read(path, file.Directory, pam);
            string copy = _folder.File("copy.tif");
            DrawnScene.Write(copy, new RasterFormat(64, 64, 1, TiffSampleType.Byte) { Geo = tags }, (_, _, _) => 1);
            Assert.All(GdalProgram.Transform(copy).Zip(transform), p => Assert.Equal(p.Second, p.First, 1e-6));
            Assert.Equal(found.CoordinateSystem.EpsgCode, SceneLocation.Read(copy).Georeference!.CoordinateSystem.EpsgCode);
        }
    }

    [Theory]
    [InlineData("EPSG:32633", 32633)]
    [InlineData("""GEOGCRS["WGS 84",DATUM["World",ELLIPSOID["WGS 84",6378137,298.257223563]],ID["EPSG",4326]]""", 4326)]
    [InlineData(""""COMPD_CS["two",PROJCS["a ""zone""",UNIT["metre",1],AUTHORITY["EPSG","32632"]],VERT_CS["h"]]"""", 32632)]
    [InlineData("""BOUNDCRS[SOURCECRS[PROJCRS["p",ID["EPSG",32632]]],TARGETCRS[GEOGCRS["g",ID["EPSG",4326]]]]""", 32632)]
    [InlineData("""PROJCS["mine",GEOGCS["WGS 84",AUTHORITY["EPSG","4326"]],UNIT["metre",1]]""", null)]
    [InlineData("""PROJCS["esri",GEOGCS["WGS 84"],AUTHORITY["ESRI","102100"]]""", null)]
    public void A_system_is_known_by_its_own_code(string text, int? code)
    {
        string path = Written();
        Write(path, $"<SRS>{text.Replace("\"", "&quot;", StringComparison.Ordinal)}</SRS>");
        SceneLocation location = SceneLocation.Read(path);
        // Its numbers are meters.
        Assert.Equal(code is null ? SceneLocationKind.UnsupportedCoordinateSystem : code == 4326 ? SceneLocationKind.Contradictory
            : SceneLocationKind.Georeferenced, location.Kind);
        if (code != 4326) Assert.Equal(code, location.Georeference!.CoordinateSystem.EpsgCode);
        else Assert.Contains("EPSG:4326", location.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""PROJCS["my own zone",GEOGCS["degrees"],UNIT["foot",0.3048006096012192]]""", "my own zone", 0.3048006096012192)]
    [InlineData("""GEOGCS["my own degrees",DATUM["d"]]""", "my own degrees", null)]
    public void One_without_a_code_is_unknown_and_called_by_its_name(string text, string name, double? unit)
    {
        string path = Written();
        Write(path, $"<SRS>{text}</SRS>");
        SceneLocation location = SceneLocation.Read(path);
        Assert.Equal(SceneLocationKind.UnsupportedCoordinateSystem, location.Kind);
        Assert.Equal(name, location.Georeference!.CoordinateSystem.Name);
        Assert.Equal(unit, location.Georeference.CoordinateSystem.MetersPerUnit);
        Assert.Contains(name, location.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<PAMDataset><SRS>EPSG", "can't be read as XML")]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"c\">]><PAMDataset><SRS>&b;</SRS></PAMDataset>", "can't be read as XML")]
    [InlineData("<PAMDataset><GeoTransform>1, 2, 3</GeoTransform></PAMDataset>", "expected six numbers")]
    [InlineData("<PAMDataset><GeoTransform>1, 2, 3, x, 5, 6</GeoTransform></PAMDataset>", "expected six numbers")]
    [InlineData("<PAMDataset><SRS>PROJCS[&quot;a</SRS></PAMDataset>", "not well-known text")]
    [InlineData("<PAMDataset><SRS>what is this</SRS></PAMDataset>", "not well-known text")]
    [InlineData("<PAMDataset><PAMRasterBand band=\"1\"><NoDataValue>no</NoDataValue></PAMRasterBand></PAMDataset>", "expected a number")]
    [InlineData("<PAMDataset><PAMRasterBand band=\"x\"><NoDataValue>1</NoDataValue></PAMRasterBand></PAMDataset>", "can't be read as XML")]
    public void One_that_is_damaged_is_named(string text, string reason)
    {
        string path = Written();
        File.WriteAllText(path + ".aux.xml", text);
        var e = Assert.Throws<SwanGeoreferenceException>(() => SceneLocation.Read(path));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.Contains("scene.tif.aux.xml", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Brackets_without_an_end_are_no_system() => Assert.Throws<FormatException>(() =>
        WellKnownText.Parse(string.Concat(Enumerable.Repeat("A[", 100_000))));

    [Theory]
    [InlineData("<PAMRasterBand band=\"1\"><NoDataValue>9</NoDataValue></PAMRasterBand>", "5", 9)]
    [InlineData("<PAMRasterBand band=\"1\"><NoDataValue>nan</NoDataValue></PAMRasterBand>", null, double.NaN)]
    [InlineData("<PAMRasterBand band=\"1\"><STATISTICS/></PAMRasterBand>", "5", 5)]
    public void Its_value_for_no_data_counts_before_the_scenes(string band, string? own, double expected)
    {
        string path = _folder.File("scene.tif");
        // The left half has the one value, the right half the other.
        DrawnScene.Write(path, new RasterFormat(400, 200, 1, TiffSampleType.Byte) { NoData = own }, (x, _, _) => x < 200 ? 5 : 9);
        Write(path, band);
        Assert.Equal(expected, GdalProgram.Number(GdalProgram.Info(path)["bands"]![0]!["noDataValue"]));
        var options = new SwanSceneOptions { PixelSides = [100], Overlap = 0 };
        using Scene scene = Scene.Open(path, options, TestContext.Current.CancellationToken);
        int[] columns =
        [
            .. scene.Windows.Read(false, TestContext.Current.CancellationToken).Select(w => w.Window.Column).Distinct().Order(),
        ];
        Assert.Equal(expected == 5 ? [200, 300] : expected == 9 ? [0, 100] : [0, 100, 200, 300], columns);
    }

    [Fact]
    public void Bands_with_different_values_for_no_data_are_refused()
    {
        string path = _folder.File("scene.tif");
        DrawnScene.Write(path, new RasterFormat(100, 100, 3, TiffSampleType.Byte) { NoData = "5" }, (_, _, _) => 5);
        Write(path, "<PAMRasterBand band=\"2\"><NoDataValue>9</NoDataValue></PAMRasterBand>");
        var e = Assert.Throws<SwanSceneException>(() => Scene.Open(path, new SwanSceneOptions(), TestContext.Current.CancellationToken));
        Assert.Contains("different values for no data (5, 9)", e.Message, StringComparison.Ordinal);
        Scene.Open(path, new SwanSceneOptions { NoData = 9 }, TestContext.Current.CancellationToken).Dispose();
    }

    private string Written()
    {
        string path = _folder.File("scene.tif");
        File.WriteAllBytes(path, WrittenGeoTiff.At(500_000, 5_300_000, 10, 32632).Write());
        return path;
    }

    private static void Write(string path, string inner) => File.WriteAllText(path + ".aux.xml", $"<PAMDataset>{inner}</PAMDataset>");

    [GeneratedRegex(@"ID\[""EPSG"",(\d+)\]\]\s*$")]
    private static partial Regex LastCode();
}
