using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Swan.Geo.Coordinates;

/// <summary>A coordinate reference system: the meaning of a map's x and y, and their place on the earth.</summary>
/// <remarks>
/// <para>Swan.Geo computes UTM (EPSG:326xx, 327xx, 258xx, 269xx), 4326, 4258, 4269 and 3857. A table has further codes, whose places agree
/// with GDAL's to 0.1 m. Codes whose datum needs a grid, or for which several shifts exist, are refused: <see cref="Obstacle"/> says
/// why.</para>
/// <para>ETRS89, NAD83, GDA94, GDA2020 and other datums on the same ellipsoid are treated as WGS 84, as in GDAL without grids. They differ
/// from it by up to two meters.</para>
/// <para>x is always the easting or longitude, y the northing or latitude, in any order of the code's definition. Immutable, safe for
/// concurrent use.</para>
/// </remarks>
public sealed class CoordinateSystem
{
    private readonly EarthTransform? _transform;

    private CoordinateSystem(
        int? code, string name, CoordinateSystemKind kind, string unit, double? metersPerUnit, EarthTransform? transform, string? obstacle)
    {
        (EpsgCode, Name, Kind, Unit, MetersPerUnit, _transform, Obstacle) = (code, name, kind, unit, metersPerUnit, transform, obstacle);
    }

    /// <summary>The code in the EPSG registry; null if there is none.</summary>
    public int? EpsgCode { get; }

    /// <summary>The registry's name, such as "WGS 84 / UTM zone 32N", or the one that the file gives.</summary>
    public string Name { get; }

    /// <summary>The kind of its coordinates.</summary>
    public CoordinateSystemKind Kind { get; }

    /// <summary>The unit of x and y: "degree", "metre", "foot", "US survey foot", another one in meters, or "unknown".</summary>
    public string Unit { get; }

    /// <summary>Whether its places can be converted to WGS 84.</summary>
    [MemberNotNullWhen(false, nameof(Obstacle))]
    public bool CanTransform => _transform is not null;

    /// <summary>The reason why they can't, as a sentence; null if they can.</summary>
    public string? Obstacle { get; }

    /// <summary>Of a projected system whose unit is known.</summary>
    internal double? MetersPerUnit { get; }

    /// <summary>The whole way around the earth in x, for maps whose meridians are parallel; 0 for others.</summary>
    internal double Period => _transform?.Period ?? 0;

    /// <summary>The system of a code.</summary>
    /// <remarks>A system that can't be transformed has an <see cref="Obstacle"/>.</remarks>
    /// <param name="code">A code of the EPSG registry.</param>
    /// <returns>The system.</returns>
    public static CoordinateSystem FromEpsg(int code)
    {
        if (BuiltIn(code) is { } builtIn) return FromDefinition(builtIn.Definition, code, builtIn.Name);
        if (EpsgTable.Find(code) is not { } found)
        {
            return Refuse(code, $"EPSG:{code}", "the code is unknown here. "
                + "Reproject the scene, for example with gdalwarp -t_srs EPSG:4326.");
        }

        return found.Definition is not null
            ? FromDefinition(found.Definition, code, found.Name)
            : Refuse(code, found.Name,
                found.Obstacle + ". Reproject the scene with a program that supports it, such as gdalwarp -t_srs EPSG:4326.");
    }

    /// <summary>Converts a place of the map to longitude and latitude.</summary>
    /// <param name="x">Easting or longitude, in <see cref="Unit"/>.</param>
    /// <param name="y">Northing or latitude, in <see cref="Unit"/>.</param>
    /// <param name="longitude">In degrees of WGS 84, from -180 to 180.</param>
    /// <param name="latitude">In degrees of WGS 84.</param>
    /// <returns>False if the system can't be transformed, or the place lies outside of it.</returns>
    public bool TryToWgs84(double x, double y, out double longitude, out double latitude)
    {
        (longitude, latitude) = _transform?.ToWgs84(x, y) ?? (double.NaN, double.NaN);
        return !double.IsNaN(longitude);
    }

    /// <summary>Converts a place of the map to longitude and latitude.</summary>
    /// <param name="x">Easting or longitude, in <see cref="Unit"/>.</param>
    /// <param name="y">Northing or latitude, in <see cref="Unit"/>.</param>
    /// <returns>In degrees of WGS 84, longitudes from -180 to 180.</returns>
    /// <exception cref="SwanGeoreferenceException">The system can't be transformed, or the place lies outside of it.</exception>
    public (double Longitude, double Latitude) ToWgs84(double x, double y) => TryToWgs84(x, y, out double longitude, out double latitude)
        ? (longitude, latitude)
        : throw Outside(string.Create(CultureInfo.InvariantCulture, $"x {x}, y {y}"));

    /// <summary>Converts longitude and latitude to a place of the map.</summary>
    /// <param name="longitude">In degrees of WGS 84.</param>
    /// <param name="latitude">In degrees of WGS 84.</param>
    /// <param name="x">Easting or longitude, in <see cref="Unit"/>.</param>
    /// <param name="y">Northing or latitude, in <see cref="Unit"/>.</param>
    /// <returns>False if the system can't be transformed, or the place lies outside of it.</returns>
    public bool TryFromWgs84(double longitude, double latitude, out double x, out double y)
    {
        (x, y) = _transform?.FromWgs84(longitude, latitude) ?? (double.NaN, double.NaN);
        return !double.IsNaN(x);
    }

    /// <summary>Converts longitude and latitude to a place of the map.</summary>
    /// <param name="longitude">In degrees of WGS 84.</param>
    /// <param name="latitude">In degrees of WGS 84.</param>
    /// <returns>x and y, in <see cref="Unit"/>.</returns>
    /// <exception cref="SwanGeoreferenceException">The system can't be transformed, or the place lies outside of it.</exception>
    public (double X, double Y) FromWgs84(double longitude, double latitude) =>
        TryFromWgs84(longitude, latitude, out double x, out double y)
        ? (x, y)
        : throw Outside(string.Create(CultureInfo.InvariantCulture, $"longitude {longitude}, latitude {latitude}"));

    /// <summary>Its name, and its code if it has one.</summary>
    /// <returns>Such as "WGS 84 (EPSG:4326)".</returns>
    public override string ToString() => EpsgCode is { } code && Name != $"EPSG:{code}" ? $"{Name} (EPSG:{code})" : Name;

    /// <summary>The system of a definition.</summary>
    internal static CoordinateSystem FromDefinition(ProjectionDefinition definition, int? code, string name)
    {
        try
        {
            return definition.IsGeographic
                ? new(code, name, CoordinateSystemKind.Geographic, "degree", null, new(definition), null)
                : new(code, name, CoordinateSystemKind.Projected, UnitName(definition.MetersPerUnit), definition.MetersPerUnit,
                    new(definition), null);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return Refuse(code, name, $"its map projection can't be computed: {e.Message}", definition.MetersPerUnit);
        }
    }

    /// <summary>A system that can't be transformed.</summary>
    /// <param name="code">Its code, if it has one.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="reason">Why not: the end of a sentence, and what to do.</param>
    /// <param name="metersPerUnit">Where it is projected and its unit is known.</param>
    internal static CoordinateSystem Refuse(int? code, string name, string reason, double? metersPerUnit = null)
    {
        string called = code is null || name == $"EPSG:{code}" ? name : $"{name} (EPSG:{code})";
        return new(code, name, metersPerUnit is null ? CoordinateSystemKind.Local : CoordinateSystemKind.Projected,
            metersPerUnit is { } meters ? UnitName(meters) : "unknown", metersPerUnit, null,
            $"Places in the coordinate system '{called}' can't be converted to WGS 84: {reason}");
    }

    private static (ProjectionDefinition Definition, string Name)? BuiltIn(int code) => code switch
    {
        4326 => (ProjectionDefinition.Geographic(Ellipsoid.Wgs84), "WGS 84"),
        4258 => (ProjectionDefinition.Geographic(Ellipsoid.Grs80), "ETRS89"),
        4269 => (ProjectionDefinition.Geographic(Ellipsoid.Grs80), "NAD83"),
        3857 => (ProjectionDefinition.Parse("proj=webmerc a=6378137 rf=298.257223563"), "WGS 84 / Pseudo-Mercator"),
        >= 32601 and <= 32660 => Utm(Ellipsoid.Wgs84, code - 32600, false, "WGS 84"),
        >= 32701 and <= 32760 => Utm(Ellipsoid.Wgs84, code - 32700, true, "WGS 84"),
        >= 25828 and <= 25838 => Utm(Ellipsoid.Grs80, code - 25800, false, "ETRS89"),
        >= 26901 and <= 26923 => Utm(Ellipsoid.Grs80, code - 26900, false, "NAD83"),
        _ => null,
    };

    private static (ProjectionDefinition, string) Utm(Ellipsoid ellipsoid, int zone, bool south, string datum) =>
        (ProjectionDefinition.Utm(ellipsoid, zone, south), $"{datum} / UTM zone {zone}{(south ? 'S' : 'N')}");

    private static string UnitName(double meters) => meters switch
    {
        1 => "metre",
        0.3048 => "foot",
        _ when Math.Abs(meters - 1200 / 3937.0) < 1e-12 => "US survey foot",
        _ => string.Create(CultureInfo.InvariantCulture, $"{meters} m"),
    };

    private SwanGeoreferenceException Outside(string place) => new(Obstacle ?? $"The place {place} lies outside of the coordinate system "
        + $"'{this}'. Its coordinates are wrong, or in another system: check how the scene was exported.");
}
