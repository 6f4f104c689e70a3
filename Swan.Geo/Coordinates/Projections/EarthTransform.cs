namespace Swan.Geo.Coordinates;

/// <summary>Between a coordinate system's x, y and longitude and latitude in WGS 84. Safe for concurrent use.</summary>
internal sealed class EarthTransform
{
    private const double Degree = Math.PI / 180;

    private readonly ProjectionDefinition _definition;
    private readonly IMapProjection? _projection;
    private readonly DatumShift? _shift;
    private readonly double _scale, _meridian, _unit;

    /// <exception cref="NotSupportedException">There is no such projection.</exception>
    /// <exception cref="ArgumentException">The parameters make none.</exception>
    public EarthTransform(ProjectionDefinition definition)
    {
        _definition = definition;
        if (definition.CreateProjection() is { } made) (_projection, _scale) = made;
        if (definition.Shift is { } shift) _shift = new(definition.Ellipsoid, shift);
        _unit = definition.MetersPerUnit;
        _meridian = definition["pm"] + definition["lon_0", definition["lonc"]];
    }

    /// <summary>The whole way around the earth in x, for maps whose meridians are parallel; 0 for others.</summary>
    public double Period => _definition.Method switch
    {
        "longlat" => 360,
        "merc" or "webmerc" => 2 * Math.PI * _definition.Ellipsoid.SemiMajor * _scale / _unit,
        _ => 0,
    };

    /// <summary>Degrees, longitudes from -180 to 180; NaN outside of the system.</summary>
    public (double Longitude, double Latitude) ToWgs84(double x, double y)
    {
        if (!(double.IsFinite(x) && double.IsFinite(y))) return (double.NaN, double.NaN);
        double longitude, latitude;
        if (_projection is null)
        {
            // One turn too many is a scene across the antimeridian; more is no longitude.
            if (!(Math.Abs(y) <= 90 && Math.Abs(x) <= 540)) return (double.NaN, double.NaN);
            (longitude, latitude) = (x * Degree, y * Degree);
        }
        else
        {
            (longitude, latitude) = _projection.Inverse(
                (x * _unit - _definition["x_0"]) / _scale, (y * _unit - _definition["y_0"]) / _scale);
        }

        longitude += _meridian * Degree;
        if (_shift is not null) (longitude, latitude) = _shift.ToWgs84(longitude, latitude);
        return double.IsFinite(longitude) && Math.Abs(latitude) <= Math.PI / 2 + 1e-12
            ? (Around(longitude / Degree), latitude / Degree)
            : (double.NaN, double.NaN);
    }

    /// <summary>NaN outside of the system.</summary>
    public (double X, double Y) FromWgs84(double longitude, double latitude)
    {
        if (!(Math.Abs(latitude) <= 90 && double.IsFinite(longitude))) return (double.NaN, double.NaN);
        (longitude, latitude) = (Around(longitude) * Degree, latitude * Degree);
        if (_shift is not null) (longitude, latitude) = _shift.FromWgs84(longitude, latitude);
        longitude = Around(longitude / Degree - _meridian);
        if (_projection is null) return (longitude, latitude / Degree);
        (double x, double y) = _projection.Forward(longitude * Degree, latitude);
        (x, y) = ((x * _scale + _definition["x_0"]) / _unit, (y * _scale + _definition["y_0"]) / _unit);
        return double.IsFinite(x) && double.IsFinite(y) ? (x, y) : (double.NaN, double.NaN);
    }

    private static double Around(double longitude) => Math.Abs(longitude) <= 180 ? longitude : Math.IEEERemainder(longitude, 360);
}
