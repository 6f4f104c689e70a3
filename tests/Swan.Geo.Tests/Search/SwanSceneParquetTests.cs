using System.Text.Json.Nodes;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using Parquet;
using Parquet.Schema;
using Swan.Batch.Tests;
using Swan.Geo.Places;
using Swan.Geo.Rasters;
using Swan.Geo.Search;
using Swan.Geo.Tests.Places;
using Swan.Geo.Tests.Rasters;
using Swan.Geo.Tests.Scenes;
using Swan.MLNet.Search;

namespace Swan.Geo.Tests.Search;

/// <summary>The windows of an index as GeoParquet, as DuckDB and Parquet.Net read them.</summary>
public sealed class SwanSceneParquetTests : IDisposable
{
    // GTModelType geographic, GTRasterType area, GeodeticCRS 4326.
    private static readonly ushort[] s_wgs84 = [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326];

    private readonly IndexedFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Out => _folder.File("windows.parquet");

    [Fact]
    public async Task Each_window_is_a_row_with_its_pixels_its_outline_and_its_embedding()
    {
        Draw();
        Assert.Equal(_folder.Rows().Count, await SaveAsync(groupRows: 4));
        Dictionary<string, Place> places = Places();
        SortedDictionary<string, float[]> embeddings = _folder.Rows();
        using var duck = new DuckDb();
        List<object?[]> rows = duck.Rows($"""
            SELECT key, scene, window_column, window_row, window_width, window_height, epoch_us(date), meters_per_pixel, ground_side,
                ST_AsWKB(geometry), bbox.xmin, bbox.ymin, bbox.xmax, bbox.ymax, embedding, bbox IS NULL
            FROM '{Out}'
            """);
        Assert.StartsWith("GEOMETRY", (string)duck.Rows($"SELECT typeof(geometry) FROM '{Out}'")[0][0]!, StringComparison.Ordinal);
        Assert.Equal(embeddings.Keys, rows.Select(r => (string)r[0]!).Order(StringComparer.Ordinal));
        foreach (object?[] row in rows)
        {
            Place place = places[(string)row[0]!];
            Assert.Equal(Path.GetRelativePath(_folder.Scenes, place.Scene), row[1]);
            Assert.Equal([place.Column, place.Row, place.Width, place.Height], row[2..6].Cast<int>());
            Assert.Equal((place.Date?.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond, (long?)row[6]);
            Assert.Equal(place.MetersPerPixel, (double?)row[7]);
            Assert.Equal(place.MetersPerPixel is null, row[8] is null);
            if (row[8] is double side) Assert.InRange(side, 190, 210);
            Assert.Equal(embeddings[place.Key!], (List<float>)row[14]!);
            Assert.Equal(place.Footprint is null, (bool)row[15]!);
            if (place.Footprint is null)
            {
                Assert.Equal([null, null, null, null, null], row[9..14]);
                continue;
            }
            var bytes = (byte[])row[9]!;
            Assert.Equal([1, (byte)(place.Footprint is MultiPolygon ? 6 : 3), 0, 0, 0], bytes[..5]);
            Assert.True(place.Footprint.EqualsExact(new WKBReader().Read(bytes)), place.Key);
            Envelope around = place.Footprint.EnvelopeInternal;
            Assert.Equal([around.MinX, around.MinY, around.MaxX, around.MaxY], row[10..14].Cast<double>());
        }
        // Row groups are left out by what the file says of their values.
        Assert.Equal(9L, duck.Rows($"SELECT count(*) FROM '{Out}' WHERE date BETWEEN '2024-01-30' AND '2024-02-01'")[0][0]);
        // A window across the antimeridian lies on both sides of it, so its bounds reach around the world: a reader that filters by them
        // looks at it, too.
        long crossing = places.Values.Count(p => p.Footprint is MultiPolygon);
        Assert.True(crossing > 0);
        Assert.Equal(9 + crossing, duck.Rows($"SELECT count(*) FROM '{Out}' WHERE bbox.xmin < 9.1 AND bbox.xmax > 9.0")[0][0]);
        foreach ((double west, double east) in (ReadOnlySpan<(double, double)>)[(-180, -179.9), (179.99, 180)])
        {
            string within = FormattableString.Invariant($"bbox.xmin <= {east} AND bbox.xmax >= {west}");
            Assert.InRange((long)duck.Rows($"SELECT count(*) FROM '{Out}' WHERE {within}")[0][0]!, crossing, rows.Count);
        }
        Assert.Contains(places.Values, p => p.Footprint is null);
        Assert.Contains(places.Values, p => p.Date is not null);
        Assert.Equal((rows.Count + 3L) / 4, duck.Rows($"SELECT count(DISTINCT row_group_id) FROM parquet_metadata('{Out}')")[0][0]);
    }

    [Fact]
    public async Task Its_metadata_are_as_GeoParquet_wants_them()
    {
        Draw();
        await SaveAsync();
        await using ParquetReader reader = await ParquetReader.CreateAsync(Out);
        JsonNode geo = JsonNode.Parse(reader.CustomMetadata["geo"])!;
        Assert.Empty(GeoParquetRules.Faults(geo, reader.Schema));
        JsonNode column = geo["columns"]!["geometry"]!;
        Assert.Equal(["MultiPolygon", "Polygon"], column["geometry_types"]!.AsArray().Select(t => (string)t!));
        // From the scene at 9° east on to what lies beyond the antimeridian, and not the longer way.
        double[] bounds = [.. column["bbox"]!.AsArray().Select(n => (double)n!)];
        Assert.InRange(bounds[0], 8.999, 9.001);
        Assert.InRange(bounds[2], -179.999, -179.997);
        Assert.Equal(_folder.Model.Card.Identity!.Fingerprint, reader.CustomMetadata["swan.model_fingerprint"]);
    }

    [Theory]
    [InlineData("\"1.1.0\"", "\"1.2.0\"", "version must be 1.1.0")]
    [InlineData("counterclockwise", "clockwise", "geometry: orientation must be counterclockwise")]
    [InlineData("\"MultiPolygon\",", "\"Polygon\",", "geometry: geometry_types must be unique")]
    [InlineData("[\"bbox\",\"ymax\"]", "[\"bbox\",\"ymin\"]", "geometry: covering.bbox.ymax must be a column and 'ymax'")]
    [InlineData("\"WKB\"", "\"point\"", "geometry: encoding must be WKB")]
    public async Task The_rules_tell_what_is_not_as_GeoParquet_wants_it(string part, string other, string fault)
    {
        Draw();
        await SaveAsync();
        await using ParquetReader reader = await ParquetReader.CreateAsync(Out);
        string broken = reader.CustomMetadata["geo"].Replace(part, other, StringComparison.Ordinal);
        Assert.Equal([fault], GeoParquetRules.Faults(JsonNode.Parse(broken)!, reader.Schema));
    }

    [Fact]
    public async Task Without_outlines_nothing_is_said_of_them()
    {
        DrawnScene.Write(_folder.Path("a.tif"), 300, 300);
        _folder.Update();
        await SaveAsync();
        await using ParquetReader reader = await ParquetReader.CreateAsync(Out);
        JsonNode geo = JsonNode.Parse(reader.CustomMetadata["geo"])!;
        Assert.Empty(GeoParquetRules.Faults(geo, reader.Schema));
        Assert.Empty(geo["columns"]!["geometry"]!["geometry_types"]!.AsArray());
        Assert.Null(geo["columns"]!["geometry"]!["bbox"]);
    }

    [Fact]
    public async Task Scenes_that_are_gone_are_not_in_it()
    {
        _folder.Draw("a.tif");
        _folder.Draw("b.tif", 1);
        _folder.Update();
        using SwanSceneIndex index = SwanSceneIndex.Open(_folder.Index);
        File.Delete(_folder.Path("a.tif"));
        _folder.Update();
        Assert.Equal(9, await SwanSceneParquet.SaveAsync(index, Out, cancellationToken: Token));
        using var duck = new DuckDb();
        Assert.Equal("b.tif", duck.Rows($"SELECT DISTINCT scene FROM '{Out}'").Single()[0]);
    }

    [Fact]
    public async Task Canceled_it_leaves_what_was_there()
    {
        _folder.Draw("a.tif");
        _folder.Update();
        File.WriteAllText(Out, "before");
        using var canceled = new CancellationTokenSource();
        using SwanSceneIndex index = SwanSceneIndex.Open(_folder.Index);
        var progress = new Immediate<SwanIndexProgress>(_ => canceled.Cancel());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SwanSceneParquet.SaveAsync(index, Out, progress, canceled.Token));
        Assert.Equal("before", File.ReadAllText(Out));
        Assert.Equal([Out], Directory.GetFiles(Path.GetDirectoryName(Out)!, "*windows*"));
    }

    [Fact]
    public async Task OGR_reads_the_outlines()
    {
        Assert.SkipUnless(GdalProgram.Run("ogrinfo", "--formats").Contains("Parquet", StringComparison.Ordinal),
            "This GDAL has no driver for Parquet: install one that has, to have it judge the file.");
        _folder.Draw("a.tif");
        _folder.Update();
        await SaveAsync();
        string said = GdalProgram.Run("ogrinfo", "-ro", "-al", "-so", Out);
        Assert.Contains("Geometry: Polygon", said, StringComparison.Ordinal);
        Assert.Contains("Feature Count: 9", said, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Known by its date, across the antimeridian, and without a place.
    private void Draw()
    {
        _folder.Draw("in/a_20240131.tif");
        DrawnScene.Write(_folder.Path("b.tif"), 400, 400, new GeoTags([1e-5, 1e-5, 0], [0, 0, 0, 179.998, 0.002, 0], null, s_wgs84, null,
            null));
        DrawnScene.Write(_folder.Path("c.tif"), 300, 300);
        _folder.Update();
    }

    private Dictionary<string, Place> Places()
    {
        using SwanSceneIndex index = SwanSceneIndex.Open(_folder.Index);
        var all = new SwanPlaceOptions { Top = 100_000, MaxOverlap = 1 };
        return index.Search(_folder.Model, "green river bridge", all, Token).Places.ToDictionary(p => p.Key!);
    }

    private async Task<long> SaveAsync(int? groupRows = null)
    {
        using SwanSceneIndex index = SwanSceneIndex.Open(_folder.Index);
        return await SwanSceneParquet.SaveAsync(index, Out, groupRows, progress: null, Token);
    }
}
