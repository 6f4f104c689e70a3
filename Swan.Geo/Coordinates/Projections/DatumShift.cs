namespace Swan.Geo.Coordinates;

/// <summary>From an older datum to WGS 84: seven parameters between earth-centered axes, in the position vector convention.</summary>
/// <remarks>Source: IOGP Guidance Note 373-7-2, EPSG methods 9606 and 9602. Points lie on the ellipsoid; heights play no part.</remarks>
internal sealed class DatumShift
{
    private const double RadiansPerSecond = Math.PI / 180 / 3600;

    private readonly Ellipsoid _ellipsoid;
    private readonly double _x, _y, _z, _rx, _ry, _rz, _scale;

    /// <param name="ellipsoid">The older datum's.</param>
    /// <param name="parameters">Three or seven: meters along X, Y, Z, seconds of arc about X, Y, Z, parts per million.</param>
    public DatumShift(Ellipsoid ellipsoid, double[] parameters)
    {
        _ellipsoid = ellipsoid;
        (_x, _y, _z, _scale) = (parameters[0], parameters[1], parameters[2], 1);
        if (parameters.Length < 7) return;
        (_rx, _ry, _rz) = (parameters[3] * RadiansPerSecond, parameters[4] * RadiansPerSecond, parameters[5] * RadiansPerSecond);
        _scale = 1 + parameters[6] * 1e-6;
    }

    public (double Longitude, double Latitude) ToWgs84(double longitude, double latitude)
    {
        (double x, double y, double z) = Geocentric(_ellipsoid, longitude, latitude);
        return Geographic(Ellipsoid.Wgs84,
            _x + _scale * (x - _rz * y + _ry * z), _y + _scale * (_rz * x + y - _rx * z), _z + _scale * (-_ry * x + _rx * y + z));
    }

    public (double Longitude, double Latitude) FromWgs84(double longitude, double latitude)
    {
        (double x, double y, double z) = Geocentric(Ellipsoid.Wgs84, longitude, latitude);
        (x, y, z) = ((x - _x) / _scale, (y - _y) / _scale, (z - _z) / _scale);
        return Geographic(_ellipsoid, x + _rz * y - _ry * z, -_rz * x + y + _rx * z, _ry * x - _rx * y + z);
    }

    private static (double X, double Y, double Z) Geocentric(Ellipsoid ellipsoid, double longitude, double latitude)
    {
        (double fromAxis, double z) = ellipsoid.Meridian(latitude);
        return (fromAxis * Math.Cos(longitude), fromAxis * Math.Sin(longitude), z);
    }

    private static (double Longitude, double Latitude) Geographic(Ellipsoid ellipsoid, double x, double y, double z)
    {
        double fromAxis = Math.Sqrt(x * x + y * y), e2 = ellipsoid.EccentricitySquared;
        double latitude = Math.Atan2(z, fromAxis * (1 - e2));
        // Close to the ellipsoid each step gains more than two digits.
        for (int i = 0; i < 6; i++)
        {
            double sine = Math.Sin(latitude), normal = ellipsoid.SemiMajor / Math.Sqrt(1 - e2 * sine * sine);
            latitude = Math.Atan2(z + e2 * normal * sine, fromAxis);
        }

        return (Math.Atan2(y, x), latitude);
    }
}
