using System.Text.Json;

namespace Swan.Geo.Tests.Coordinates;

/// <summary>GeoTIFFs that GDAL writes in many coordinate systems, and where it says that they lie; made once for a class.</summary>
public sealed class GdalScenes : IDisposable
{
    // Debian's rasterio. Of each file: its corners and center on the map and in WGS 84.
    private const string Script = """
        import json, sys, warnings
        import numpy, rasterio
        from rasterio.crs import CRS
        from rasterio.transform import Affine
        from rasterio.warp import transform
        warnings.filterwarnings('ignore')
        folder = sys.argv[1]
        places = {
            4326: (2.35, 48.85), 4258: (10.1, 50.2), 4269: (-80.2, 25.8), 4283: (147, -35), 3857: (-122.4, 37.8), 3395: (103.8, 1.3),
            32601: (-179.9, 60), 32632: (11.5, 48.1), 32733: (15.3, -33.9), 32760: (179.5, -17), 25833: (13.4, 52.5), 26917: (-80.2, 25.8),
            28355: (147.2, -37.1), 7856: (151.2, -33.8), 31983: (-43.2, -22.9), 3031: (120, -75.5), 3413: (-50, 72), 5041: (30, 86),
            3035: (10.2, 47.3), 2154: (2.35, 48.85), 2056: (8.55, 47.37), 2263: (-73.97, 40.78), 5070: (-96.5, 39.1), 2193: (174.8, -41.3),
            3067: (25, 61), 3006: (18, 59.3), 5186: (127, 37.5), 6677: (139.7, 35.7), 3347: (-79.4, 43.7), 26931: (-134.4, 58.3),
            3832: (-179, -17), 2225: (-121.5, 40), 6350: (-96, 40), 4527: (117, 40), 4839: (10, 51),
        }
        own = {
            'tmerc': ('+proj=tmerc +lat_0=10 +lon_0=20 +k=0.9999 +x_0=1000 +y_0=2000 +datum=WGS84 +units=m', (21, 12)),
            'lcc2': ('+proj=lcc +lat_1=30 +lat_2=50 +lat_0=40 +lon_0=-100 +x_0=500000 +y_0=100000 +datum=NAD83 +units=us-ft', (-99, 41)),
            'lcc1': ('+proj=lcc +lat_1=46 +lat_0=46 +lon_0=2 +k_0=0.9998 +x_0=600000 +y_0=200000 +datum=WGS84 +units=m', (3, 45)),
            'aea': ('+proj=aea +lat_1=-18 +lat_2=-36 +lat_0=0 +lon_0=132 +datum=WGS84 +units=m', (140, -25)),
            'merc': ('+proj=merc +lon_0=100 +k=1 +x_0=10 +y_0=20 +datum=WGS84 +units=m', (105, -3)),
            'mercts': ('+proj=merc +lat_ts=-41 +lon_0=100 +x_0=0 +y_0=0 +datum=WGS84 +units=m', (105, -43)),
            'stere': ('+proj=stere +lat_0=90 +lat_ts=75 +lon_0=-45 +datum=WGS84 +units=m', (-60, 80)),
            'sterea': ('+proj=sterea +lat_0=52 +lon_0=5 +k=0.9999 +x_0=155000 +y_0=463000 +datum=WGS84 +units=m', (6, 52.5)),
            'laea': ('+proj=laea +lat_0=5 +lon_0=20 +datum=WGS84 +units=m', (25, -8)),
            'laeapole': ('+proj=laea +lat_0=90 +lon_0=0 +datum=WGS84 +units=m', (25, 70)),
            'utm': ('+proj=utm +zone=33 +south +datum=WGS84 +units=m', (14, -20)),
        }
        wgs84 = CRS.from_epsg(4326)
        def write(name, crs, place, shape, point=False, **options):
            (x,), (y,) = transform(wgs84, crs, [place[0]], [place[1]])
            size = 0.0001 if crs.is_geographic else 7.5
            a, b, d, e = shape
            affine = Affine(a * size, b * size, x, d * size, e * size, y)
            path = f'{folder}/{name}.tif'
            shape = dict(width=300, height=200, count=1, dtype='uint8')
            with rasterio.open(path, 'w', driver='GTiff', crs=crs, transform=affine, **shape, **options) as f:
                if point: f.update_tags(AREA_OR_POINT='Point')
            with rasterio.open(path) as f:
                pixels = [(0, 0), (300, 0), (300, 200), (0, 200), (150, 100)]
                maps = [f.transform * p for p in pixels]
                known = f.crs or crs
                lons, lats = transform(known, wgs84, [m[0] for m in maps], [m[1] for m in maps])
                print(json.dumps({'name': name, 'places': [[*p, *m, lon, lat] for p, m, lon, lat in zip(pixels, maps, lons, lats)]}))
        shapes = {'up': (1, 0, 0, -1), 'turned': (0.8, 0.6, 0.6, -0.8), 'sheared': (1, 0.3, 0.1, -1.5)}
        for code, place in places.items():
            for shape, numbers in shapes.items(): write(f'{code}-{shape}', CRS.from_epsg(code), place, numbers)
            write(f'{code}-point', CRS.from_epsg(code), place, shapes['up'], point=True)
        for name, (text, place) in own.items(): write(f'own-{name}', CRS.from_proj4(text), place, shapes['up'])
        for shape, numbers in shapes.items():
            write(f'world-{shape}', CRS.from_epsg(32632), places[32632], numbers, profile='BASELINE', tfw=True)
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<(List<GdalScene> Scenes, string? Missing)> _made;

    public GdalScenes() => _made = new(Make);

    /// <summary>All scenes; the test that asks is skipped where there is no GDAL.</summary>
    internal IReadOnlyList<GdalScene> Scenes
    {
        get
        {
            Assert.SkipWhen(_made.Value.Missing is not null, _made.Value.Missing ?? "");
            return _made.Value.Scenes;
        }
    }

    public void Dispose() => _folder.Dispose();

    private (List<GdalScene>, string?) Make()
    {
        // Debian's own Python has Debian's rasterio; another one that comes first in the path may not.
        string python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        try
        {
            (int code, string output, string errors) =
                ChildProcess.Finish(python, ["-c", Script, _folder.FullName], ("PROJ_NETWORK", "OFF"));
            if (errors.Contains("ModuleNotFoundError", StringComparison.Ordinal))
                return ([], "Python has no rasterio: install Debian's python3-rasterio to compare with GDAL.");
            Assert.True(code == 0, errors);
            return ([.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)], null);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return ([], "There is no Python: install Debian's python3-rasterio to compare with GDAL.");
        }
    }

    private GdalScene Parse(string line)
    {
        JsonElement scene = JsonDocument.Parse(line).RootElement;
        string name = scene.GetProperty("name").GetString()!;
        return new(name, _folder.File($"{name}.tif"), [.. scene.GetProperty("places").EnumerateArray().Select(Numbers)]);
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(n => n.GetDouble())];
}

/// <summary>A file, and what GDAL says of it.</summary>
/// <param name="Name">Its name without its ending.</param>
/// <param name="Path">Its path.</param>
/// <param name="Places">Column, row, x, y, longitude, latitude of some places.</param>
internal sealed record GdalScene(string Name, string Path, double[][] Places);
