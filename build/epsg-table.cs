#:project ../Swan.Geo/Swan.Geo.csproj
#:property PublishAot=false

// Makes Swan.Geo's table of coordinate systems from npm's epsg-index (see Usage), of those codes that GDAL agrees with.

using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Swan.Geo.Coordinates;

const string Usage = """
    dotnet run -c Release build/epsg-table.cs -- ALL.json POINTS.jsonl OUT.br

      ALL.json        of npm's package epsg-index (npm pack epsg-index)
      POINTS.jsonl    what GDAL says of 13 points of each code; made if it isn't there, in some minutes, by Debian's python3-gdal
      OUT.br          Swan.Geo/Coordinates/Projections/epsg-table.br
    """;
const double Tolerance = 0.1;
const int MostBytes = 200_000;

// GeoTIFF's keys, and EPSG's codes; epsg-index has some of ESRI's as well, whose numbers are larger.
const int LeastCode = 1024, MostCode = 32766;

// GDAL's points of each code, or why PROJ's database can't tell one shift of its datum. Systems on the ellipsoids of GRS 1980, WGS 84 and
// CGCS2000 are compared as they are; of others, only those to which one shift applies that needs no grid.
const string Reference = """
    import json, sqlite3, sys
    from osgeo import gdal, osr
    osr.UseExceptions(); gdal.PushErrorHandler('CPLQuietErrorHandler')
    db = sqlite3.connect('file:/usr/share/proj/proj.db?mode=ro', uri=True)
    rows = db.execute
    superseded = set(rows("select superseded_table_name, superseded_auth_name, superseded_code from supersession "
        "where same_source_target_crs = 1"))
    geodetic = {c for c, in rows("select code from geodetic_crs where auth_name = 'EPSG'")}
    base = dict(rows("select code, geodetic_crs_code from projected_crs where auth_name = 'EPSG' and geodetic_crs_auth_name = 'EPSG'"))
    modern = {c for c, in rows("select g.code from geodetic_crs g join geodetic_datum d "
        "on g.datum_auth_name = d.auth_name and g.datum_code = d.code "
        "where g.auth_name = 'EPSG' and d.ellipsoid_auth_name = 'EPSG' and d.ellipsoid_code in (7019, 7030, 1024) "
        "and d.name not like '%nknown%' and d.name not like '%nspecified%'")} | {4326, 4258}
    extents = {}
    for t, a, c, *box in rows("select object_table_name, object_auth_name, object_code, south_lat, west_lon, north_lat, east_lon "
            "from usage u "
            "join extent x on u.extent_auth_name = x.auth_name and u.extent_code = x.code"):
        extents.setdefault((t, a, c), []).append(box)
    parameters = {r[:2]: r[2:] for r in rows(
        'select auth_name, code, tx, ty, tz, rx, ry, rz, scale_difference from helmert_transformation_table')}
    operations = {}
    for t, a, c, source, target in rows("select table_name, auth_name, code, source_crs_code, target_crs_code "
            "from coordinate_operation_view "
            "where deprecated = 0 and source_crs_auth_name = 'EPSG' and target_crs_auth_name = 'EPSG'"):
        if (t, a, c) not in superseded and target in geodetic: operations.setdefault(source, []).append((t, a, c, target))
    def touches(extent, box):
        (s, w, n, e), (es, ew, en, ee) = box, extent
        if en < s or es > n: return False
        e += 360 * (e < w); ee += 360 * (ee < ew)
        return any(ee + turn >= w and ew + turn <= e for turn in (-360, 0, 360))
    def obstacle(code, box):
        system = base.get(code, code)
        if system in modern: return None
        found = [o for o in operations.get(system, []) if any(touches(x, box) for x in extents.get(o[:3], []) if x[0] is not None)]
        if any(o[0] == 'grid_transformation' and o[1] != 'ESRI' for o in found): return 'g'
        # ESRI's own grids are not PROJ's.
        found = [o for o in found if o[0] != 'grid_transformation']
        found = [o for o in found if o[3] in modern]
        shifts = {parameters[o[1:3]] for o in found if o[0] == 'helmert_transformation'}
        if len(shifts) > 1 or any(o[0] != 'helmert_transformation' for o in found): return 's'
        return None if shifts else 'u'
    steps = (0.06, 0.28, 0.5, 0.72, 0.94)
    places = [(steps[i], steps[j]) for i in range(5) for j in range(5) if (i + j) % 2 == 0]
    earth = osr.SpatialReference(); earth.ImportFromEPSG(4326); earth.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    for line in sys.stdin:
        code, *box = line.split(); code = int(code); south, west, north, east = box = [float(b) for b in box]
        out = {'code': code, 'obstacle': obstacle(code, box)}
        try:
            if out['obstacle'] is None:
                system = osr.SpatialReference(); system.ImportFromEPSG(code); system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
                back = osr.CoordinateTransformation(system, earth); there = back.GetInverse()
                east += 360 * (east < west)
                out['points'] = []
                for i, j in places:
                    x, y, _ = there.TransformPoint((west + j * (east - west) + 180) % 360 - 180, south + i * (north - south))
                    out['points'].append([x, y, *back.TransformPoint(x, y)[:2]])
        except RuntimeError as e:
            out['error'] = str(e)
        print(json.dumps(out), flush=True)
    """;

if (args is not [var index, var pointsFile, var outFile])
{
    Console.Error.WriteLine(Usage);
    return 2;
}

using JsonDocument all = JsonDocument.Parse(File.ReadAllBytes(index));
JsonElement[] systems =
    [.. all.RootElement.EnumerateObject().Select(p => p.Value).Where(s => Code(s) is >= LeastCode and <= MostCode).OrderBy(Code)];
if (!File.Exists(pointsFile)) AskGdal(systems, pointsFile);
Dictionary<int, JsonElement> gdal = File.ReadLines(pointsFile).Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(Number);
var text = new StringBuilder("\n");
var counts = new SortedDictionary<string, (int Count, double Largest)>(StringComparer.Ordinal);
foreach (JsonElement system in systems)
{
    int code = Code(system);
    (string entry, string kind, double largest) = Entry(system, code);
    text.Append(CultureInfo.InvariantCulture, $"{code}\t{system.GetProperty("name").GetString()!.Replace('\t', ' ')}\t{entry}\n");
    (int count, double before) = counts.GetValueOrDefault(kind);
    counts[kind] = (count + 1, Math.Max(before, largest));
}

byte[] plain = Encoding.UTF8.GetBytes(text.ToString()), packed = new byte[plain.Length];
if (!BrotliEncoder.TryCompress(plain, packed, out int length, quality: 11, window: 24))
    throw new InvalidDataException("The table can't be compressed.");
foreach ((string kind, (int count, double largest)) in counts)
    Console.WriteLine($"{kind,-12} {count,6}   largest difference {largest:G4} m");
Console.WriteLine($"{plain.Length} bytes, compressed {length}");
if (length > MostBytes) throw new InvalidDataException($"The table has {length} bytes, more than {MostBytes}.");
File.WriteAllBytes(outFile + ".tmp", packed[..length]);
File.Move(outFile + ".tmp", outFile, overwrite: true);
return 0;

static int Code(JsonElement system) => int.Parse(system.GetProperty("code").GetString()!, CultureInfo.InvariantCulture);

static int Number(JsonElement points) => points.GetProperty("code").GetInt32();

static bool IsHorizontal(JsonElement system) => system.GetProperty("kind").GetString() is "CRS-PROJCRS" or "CRS-GEOGCRS" or "CRS-GEOG3DCRS";

// What the table says of a code: a definition, or the reason why it has none.
(string Entry, string Kind, double Largest) Entry(JsonElement system, int code)
{
    if (!IsHorizontal(system)) return system.GetProperty("kind").GetString() == "CRS-VERTCRS" ? ("!v", "!v", 0) : ("!k", "!k", 0);
    if (!gdal.TryGetValue(code, out JsonElement reference)) return ("!d", "no place", 0);
    if (reference.GetProperty("obstacle").GetString() is { } obstacle) return ("!" + obstacle, "!" + obstacle, 0);
    if (!reference.TryGetProperty("points", out JsonElement points) || reference.TryGetProperty("error", out _))
        return ("!d", "GDAL fails", 0);
    if (Proj4.Definition(system.GetProperty("proj4").GetString() ?? "") is not { } definition) return ("!p", "!p", 0);
    // Without the datum's shift first, as GDAL does without grids.
    double largest = double.NaN;
    foreach (string tried in (string[])[Proj4.WithoutShift(definition), definition])
    {
        CoordinateSystem made = CoordinateSystem.FromDefinition(ProjectionDefinition.Parse(tried), code, "tried");
        if (!made.CanTransform) return ("!p", "!p", 0);
        largest = points.EnumerateArray().Max(p => Difference(made, [.. p.EnumerateArray().Select(Coordinate)]));
        if (largest <= Tolerance) return (tried, definition[5..definition.IndexOf(' ', StringComparison.Ordinal)], largest);
    }

    return ("!d", "!d", 0);
}

// GDAL's infinities are no numbers in JSON.
static double Coordinate(JsonElement number) => number.ValueKind == JsonValueKind.Number ? number.GetDouble() : double.NaN;

// Meters between GDAL's place and the one computed here, there and back; the larger.
static double Difference(CoordinateSystem system, double[] point)
{
    (double x, double y, double longitude, double latitude) = (point[0], point[1], point[2], point[3]);
    if (!system.TryToWgs84(x, y, out double ourLongitude, out double ourLatitude)) return double.MaxValue;
    if (!system.TryFromWgs84(longitude, latitude, out double ourX, out double ourY)) return double.MaxValue;
    double there = FootprintOutline.Meters(ourLongitude - longitude, ourLatitude, latitude);
    double back = system.MetersPerUnit is { } meters
        ? Math.Sqrt((ourX - x) * (ourX - x) + (ourY - y) * (ourY - y)) * meters
        : FootprintOutline.Meters(ourX - x, ourY, y);
    return double.IsNaN(there) || double.IsNaN(back) ? double.MaxValue : Math.Max(there, back);
}

static void AskGdal(JsonElement[] systems, string pointsFile)
{
    var start = new ProcessStartInfo("/usr/bin/python3", ["-c", Reference]) { RedirectStandardInput = true, RedirectStandardOutput = true };
    start.Environment["PROJ_NETWORK"] = "OFF";
    using Process python = Process.Start(start)!;
    Task<string> read = python.StandardOutput.ReadToEndAsync();
    foreach (JsonElement system in systems.Where(s => IsHorizontal(s) && s.GetProperty("bbox").ValueKind == JsonValueKind.Array))
    {
        double[] box = [.. system.GetProperty("bbox").EnumerateArray().Select(n => n.GetDouble())];
        python.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Code(system)} {box[2]} {box[1]} {box[0]} {box[3]}"));
    }

    python.StandardInput.Close();
    python.WaitForExit();
    if (python.ExitCode != 0) throw new InvalidDataException("Python failed.");
    File.WriteAllText(pointsFile, read.Result);
}

/// <summary>PROJ's strings, with numbers in place of names.</summary>
internal static class Proj4
{
    private static readonly HashSet<string> Kept =
        ["lat_0", "lon_0", "lonc", "lat_1", "lat_2", "lat_ts", "alpha", "gamma", "k", "x_0", "y_0"];

    private static readonly HashSet<string> WithoutMeaning = ["no_defs", "type", "vunits", "vto_meter", "wktext", "nadgrids"];

    private static readonly Dictionary<string, (string A, string Rf)> Ellipsoids = new()
    {
        ["GRS80"] = ("6378137", "298.257222101"), ["WGS84"] = ("6378137", "298.257223563"), ["WGS72"] = ("6378135", "298.26"),
        ["intl"] = ("6378388", "297"), ["krass"] = ("6378245", "298.3"), ["bessel"] = ("6377397.155", "299.1528128"),
        ["clrk66"] = ("6378206.4", "294.978698213898"), ["airy"] = ("6377563.396", "299.3249646"),
        ["clrk80ign"] = ("6378249.2", "293.466021293627"),
        ["aust_SA"] = ("6378160", "298.25"), ["GSK2011"] = ("6378136.5", "298.2564151"), ["IAU76"] = ("6378140", "298.257"),
        ["evrst30"] = ("6377276.345", "300.8017"), ["evrst48"] = ("6377304.063", "300.8017"), ["evrst69"] = ("6377295.664", "300.8017"),
        ["evrstSS"] = ("6377298.556", "300.8017"), ["helmert"] = ("6378200", "298.3"), ["bess_nam"] = ("6377483.865", "299.1528128"),
        ["GRS67"] = ("6378160", "298.2471674270"),
    };

    private static readonly Dictionary<string, string> Units = new()
    {
        ["m"] = "1", ["us-ft"] = "0.3048006096012192", ["ft"] = "0.3048", ["ch"] = "20.1168", ["link"] = "0.201168",
    };

    private static readonly Dictionary<string, string> Meridians = new()
    {
        ["paris"] = "2.33722916666667", ["ferro"] = "-17.6666666666667", ["oslo"] = "10.7229166666667", ["jakarta"] = "106.807719444444",
        ["lisbon"] = "-9.13190611111111", ["bern"] = "7.43958333333333", ["brussels"] = "4.367975", ["bogota"] = "-74.0809166666667",
        ["rome"] = "12.4523333333333", ["stockholm"] = "18.0582777777778", ["athens"] = "23.7163375",
    };

    /// <summary>The table's definition; null where it says what is not computed here.</summary>
    public static string? Definition(string proj4)
    {
        var values = new Dictionary<string, string>();
        foreach (string part in proj4.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part[0] != '+') continue;
            string[] pair = part[1..].Split('=', 2);
            values[pair[0]] = pair.Length > 1 ? pair[1] : "1";
        }

        if (!values.Remove("proj", out string? method)) return null;
        if (values.Remove("k_0", out string? scale)) values["k"] = scale;
        if (values.Remove("datum", out string? datum)) values["ellps"] = datum == "WGS84" ? "WGS84" : datum == "NAD83" ? "GRS80" : "clrk66";
        if (values.Remove("ellps", out string? ellipsoid))
        {
            if (!Ellipsoids.TryGetValue(ellipsoid, out (string A, string Rf) axes)) return null;
            (values["a"], values["rf"]) = axes;
        }

        if (values.Remove("R", out string? radius)) (values["a"], values["rf"]) = (radius, "0");
        if (values.Remove("b", out string? b)) values["rf"] = InverseFlattening(Parse(values["a"]), Parse(b));
        if (method == "utm")
        {
            method = "tmerc";
            (values["lon_0"], values["k"], values["x_0"]) = (Text(Parse(values["zone"]) * 6 - 183), "0.9996", "500000");
            if (values.Remove("south")) values["y_0"] = "10000000";
            values.Remove("zone");
        }

        if (method == "merc" && values.GetValueOrDefault("nadgrids") == "@null") (method, values["rf"]) = ("webmerc", "298.257223563");
        if (values.Remove("units", out string? unit))
        {
            if (!Units.TryGetValue(unit, out string? meters)) return null;
            values["to_meter"] = meters;
        }

        if (values.Remove("pm", out string? meridian)) values["pm"] = Meridians.GetValueOrDefault(meridian, meridian);
        var text = new StringBuilder("proj=" + method);
        foreach ((string name, string value) in values)
        {
            if (WithoutMeaning.Contains(name)) continue;
            if (!(Kept.Contains(name) || name is "a" or "rf" or "to_meter" or "pm" or "towgs84" or "no_uoff")) return null;
            string kept = name == "towgs84" && value.EndsWith(",0,0,0,0", StringComparison.Ordinal) ? value[..^8] : value;
            bool isDefault = value == (name is "to_meter" or "k" ? "1" : "0");
            if (isDefault && name is not ("lat_1" or "lat_2" or "lat_ts" or "rf" or "alpha" or "gamma")) continue;
            text.Append(' ').Append(name).Append('=').Append(kept);
        }

        return values.ContainsKey("a") ? text.ToString() : null;
    }

    public static string WithoutShift(string definition) =>
        string.Join(' ', definition.Split(' ').Where(p => !p.StartsWith("towgs84=", StringComparison.Ordinal)));

    private static string InverseFlattening(double a, double b) => a == b ? "0" : Text(a / (a - b));

    private static double Parse(string number) => double.Parse(number, CultureInfo.InvariantCulture);

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
