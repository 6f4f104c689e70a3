using System.Globalization;

namespace Swan.Geo.Coordinates;

/// <summary>What a coordinate system is made of, as PROJ names it: "proj=lcc lat_0=46.5 lon_0=3 a=6378137 rf=298.257".</summary>
/// <remarks>
/// proj is longlat, or a projection; a and rf are the ellipsoid; towgs84 is the datum's shift, none where longitudes and latitudes are
/// taken for those of WGS 84; x_0 and y_0 are in meters, other parameters in degrees; to_meter is the unit; pm the prime meridian.
/// </remarks>
internal sealed record ProjectionDefinition(
    string Method, IReadOnlyDictionary<string, double> Parameters, Ellipsoid Ellipsoid, double[]? Shift)
{
    public double this[string name, double otherwise = 0] => Parameters.GetValueOrDefault(name, otherwise);

    public double MetersPerUnit => this["to_meter", 1];

    public bool IsGeographic => Method == "longlat";

    /// <summary>Reads one of the table's definitions.</summary>
    public static ProjectionDefinition Parse(string text)
    {
        string method = "";
        double[]? shift = null;
        var parameters = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (string part in text.Split(' '))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            (string name, string value) = (part[..equals], part[(equals + 1)..]);
            if (name == "proj") method = value;
            else if (name == "towgs84") shift = Array.ConvertAll(value.Split(','), n => double.Parse(n, CultureInfo.InvariantCulture));
            else parameters[name] = double.Parse(value, CultureInfo.InvariantCulture);
        }

        return new(method, parameters, new(parameters["a"], parameters.GetValueOrDefault("rf")), shift);
    }

    /// <summary>A zone of UTM, with the false northing of the south where asked for.</summary>
    public static ProjectionDefinition Utm(Ellipsoid ellipsoid, int zone, bool south) => new("tmerc", new Dictionary<string, double>
    {
        ["lon_0"] = zone * 6 - 183, ["k"] = 0.9996, ["x_0"] = 500_000, ["y_0"] = south ? 10_000_000 : 0,
    }, ellipsoid, null);

    public static ProjectionDefinition Geographic(Ellipsoid ellipsoid) => new("longlat", new Dictionary<string, double>(), ellipsoid, null);

    /// <summary>The projection, and the scale that its maps have; null for geographic coordinates.</summary>
    /// <exception cref="NotSupportedException">No projection has this name.</exception>
    /// <exception cref="ArgumentException">The parameters make none.</exception>
    public (IMapProjection Projection, double Scale)? CreateProjection()
    {
        double latitude = this["lat_0"], scale = this["k", 1];
        switch (Method)
        {
            case "longlat":
                return null;
            case "tmerc":
                return (new TransverseMercator(Ellipsoid, Radians(latitude)), scale);
            case "webmerc":
                return (new WebMercator(Ellipsoid.SemiMajor), scale);
            case "stere" when Math.Abs(latitude) == 90:
                var polar = new PolarStereographic(Ellipsoid, Math.Sign(latitude));
                if (Parameters.TryGetValue("lat_ts", out double parallel)) scale = polar.ScaleOfTrueParallel(Radians(parallel));
                return (polar, scale);
            case "merc":
                if (Parameters.TryGetValue("lat_ts", out double trueParallel))
                    scale = Ellipsoid.MetersPerRadian(Radians(trueParallel)).Longitude / Ellipsoid.SemiMajor;
                return (ProjNet("mercator_1sp"), scale);
            case "lcc":
                return (ProjNet("lambert_conformal_conic_2sp",
                    ("standard_parallel_1", this["lat_1", latitude]),
                    ("standard_parallel_2", this["lat_2", this["lat_1", latitude]])), scale);
            case "aea":
                return (ProjNet("albers", ("standard_parallel_1", this["lat_1"]), ("standard_parallel_2", this["lat_2"])), 1);
            case "laea":
                return (ProjNet("lambert_azimuthal_equal_area"), 1);
            case "sterea":
                return (ProjNet("oblique_stereographic"), scale);
            case "cass":
                return (ProjNet("cassini_soldner"), 1);
            case "poly":
                return (ProjNet("polyconic"), 1);
            case "somerc":
                return (ProjNet("hotine_oblique_mercator", ("azimuth", 90), ("rectified_grid_angle", 90)), scale);
            case "omerc":
                // no_uoff: the false origin lies where the central line crosses the equator of the aposphere, else at the center.
                return (ProjNet(Parameters.ContainsKey("no_uoff") ? "oblique_mercator" : "hotine_oblique_mercator",
                    ("azimuth", this["alpha"]), ("rectified_grid_angle", this["gamma", this["alpha"]])), scale);
            default:
                throw new NotSupportedException($"The projection '{Method}' is not supported.");
        }

        ProjNetProjection ProjNet(string name, params ReadOnlySpan<(string, double)> more) =>
            new(Ellipsoid, name, [("latitude_of_origin", latitude), ("central_meridian", 0), .. more]);
    }

    private static double Radians(double degrees) => degrees * (Math.PI / 180);
}
