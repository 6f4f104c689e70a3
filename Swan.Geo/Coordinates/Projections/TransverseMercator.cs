namespace Swan.Geo.Coordinates;

/// <summary>The transverse Mercator projection (UTM, Gauss-Krüger), by Krüger's series to the sixth order.</summary>
/// <remarks>
/// Accurate to less than a micrometer within 3900 km of the central meridian, to a millimeter as far as it goes here. Source: C. F. F.
/// Karney, "Transverse Mercator with an accuracy of a few nanometers", Journal of Geodesy 85 (2011), equations 10 to 15, 25, 35 and 36.
/// </remarks>
internal sealed class TransverseMercator : IMapProjection
{
    // Beyond a distance from the central meridian of 1.2 radii the series loses its millimeters.
    private const double Farthest = 1.2;

    private readonly Ellipsoid _ellipsoid;
    private readonly double _radius, _northingOfOrigin;
    private readonly double[] _alpha, _beta;

    public TransverseMercator(Ellipsoid ellipsoid, double latitudeOfOrigin)
    {
        _ellipsoid = ellipsoid;
        double n = ellipsoid.Flattening / (2 - ellipsoid.Flattening), n2 = n * n;
        _radius = ellipsoid.SemiMajor / (1 + n) * (1 + n2 / 4 * (1 + n2 / 16 * (1 + n2 / 4)));
        _alpha =
        [
            Series(n, 1, 1 / 2.0, -2 / 3.0, 5 / 16.0, 41 / 180.0, -127 / 288.0, 7891 / 37800.0),
            Series(n, 2, 13 / 48.0, -3 / 5.0, 557 / 1440.0, 281 / 630.0, -1983433 / 1935360.0),
            Series(n, 3, 61 / 240.0, -103 / 140.0, 15061 / 26880.0, 167603 / 181440.0),
            Series(n, 4, 49561 / 161280.0, -179 / 168.0, 6601661 / 7257600.0),
            Series(n, 5, 34729 / 80640.0, -3418889 / 1995840.0),
            Series(n, 6, 212378941 / 319334400.0),
        ];
        _beta =
        [
            Series(n, 1, 1 / 2.0, -2 / 3.0, 37 / 96.0, -1 / 360.0, -81 / 512.0, 96199 / 604800.0),
            Series(n, 2, 1 / 48.0, 1 / 15.0, -437 / 1440.0, 46 / 105.0, -1118711 / 3870720.0),
            Series(n, 3, 17 / 480.0, -37 / 840.0, -209 / 4480.0, 5569 / 90720.0),
            Series(n, 4, 4397 / 161280.0, -11 / 504.0, -830251 / 7257600.0),
            Series(n, 5, 4583 / 161280.0, -108847 / 3991680.0),
            Series(n, 6, 20648693 / 638668800.0),
        ];
        _northingOfOrigin = 0;
        _northingOfOrigin = Forward(0, latitudeOfOrigin).Y;
    }

    public (double X, double Y) Forward(double longitude, double latitude)
    {
        if (!(Math.Abs(longitude) < Math.PI / 2)) return (double.NaN, double.NaN);
        double conformal = _ellipsoid.ConformalTangent(Math.Tan(latitude)), cosine = Math.Cos(longitude);
        double xi = Math.Atan2(conformal, cosine);
        double eta = Math.Asinh(Math.Sin(longitude) / Math.Sqrt(conformal * conformal + cosine * cosine));
        (double dXi, double dEta) = Sum(_alpha, xi, eta);
        if (Math.Abs(eta + dEta) > Farthest) return (double.NaN, double.NaN);
        return (_radius * (eta + dEta), _radius * (xi + dXi) - _northingOfOrigin);
    }

    public (double Longitude, double Latitude) Inverse(double x, double y)
    {
        double xi = (y + _northingOfOrigin) / _radius, eta = x / _radius;
        if (!(Math.Abs(eta) <= Farthest && Math.Abs(xi) <= Math.PI / 2)) return (double.NaN, double.NaN);
        (double dXi, double dEta) = Sum(_beta, xi, eta);
        xi -= dXi;
        eta -= dEta;
        double sinh = Math.Sinh(eta), cosine = Math.Cos(xi);
        double conformal = Math.Sin(xi) / Math.Sqrt(sinh * sinh + cosine * cosine);
        return (Math.Atan2(sinh, cosine), Math.Atan(_ellipsoid.TangentOfConformal(conformal)));
    }

    private static (double Xi, double Eta) Sum(double[] coefficients, double xi, double eta)
    {
        double dXi = 0, dEta = 0;
        for (int j = coefficients.Length; j > 0; j--)
        {
            dXi += coefficients[j - 1] * Math.Sin(2 * j * xi) * Math.Cosh(2 * j * eta);
            dEta += coefficients[j - 1] * Math.Cos(2 * j * xi) * Math.Sinh(2 * j * eta);
        }

        return (dXi, dEta);
    }

    private static double Series(double n, int power, params ReadOnlySpan<double> coefficients)
    {
        double sum = 0;
        for (int i = coefficients.Length - 1; i >= 0; i--) sum = sum * n + coefficients[i];
        return sum * Math.Pow(n, power);
    }
}
