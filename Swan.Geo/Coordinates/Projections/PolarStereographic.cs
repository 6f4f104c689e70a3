namespace Swan.Geo.Coordinates;

/// <summary>The stereographic projection from a pole, of scale 1 there. ProjNET has none.</summary>
/// <remarks>
/// Source: J. P. Snyder, "Map Projections: A Working Manual", USGS Professional Paper 1395 (1987), equations 21-33 to 21-40.
/// </remarks>
internal sealed class PolarStereographic : IMapProjection
{
    private readonly Ellipsoid _ellipsoid;
    private readonly int _pole;
    private readonly double _twiceRadius;

    /// <param name="ellipsoid">The ellipsoid.</param>
    /// <param name="pole">1 for the north pole, -1 for the south pole.</param>
    public PolarStereographic(Ellipsoid ellipsoid, int pole)
    {
        (_ellipsoid, _pole) = (ellipsoid, pole);
        double e = ellipsoid.Eccentricity;
        _twiceRadius = 2 * ellipsoid.SemiMajor / Math.Sqrt(Math.Pow(1 + e, 1 + e) * Math.Pow(1 - e, 1 - e));
    }

    /// <summary>The scale at the pole that makes the map true along a parallel.</summary>
    public double ScaleOfTrueParallel(double latitude)
    {
        double fromPole = _pole * latitude;
        if (fromPole > Math.PI / 2 - 1e-10) return 1;
        double metersPerRadian = _ellipsoid.MetersPerRadian(latitude).Longitude;
        return metersPerRadian / (_twiceRadius * TangentOfHalf(fromPole));
    }

    public (double X, double Y) Forward(double longitude, double latitude)
    {
        // The other pole is infinitely far.
        if (_pole * latitude <= -Math.PI / 2 + 1e-9) return (double.NaN, double.NaN);
        double distance = _twiceRadius * TangentOfHalf(_pole * latitude);
        return (distance * Math.Sin(longitude), -_pole * distance * Math.Cos(longitude));
    }

    public (double Longitude, double Latitude) Inverse(double x, double y)
    {
        double t = Math.Sqrt(x * x + y * y) / _twiceRadius;
        if (t == 0) return (0, _pole * Math.PI / 2);
        return (Math.Atan2(x, -_pole * y), _pole * Math.Atan(_ellipsoid.TangentOfConformal((1 / t - t) / 2)));
    }

    // Of the angle between pole and conformal latitude.
    private double TangentOfHalf(double latitude)
    {
        double conformal = _ellipsoid.ConformalTangent(Math.Tan(latitude)), secant = Math.Sqrt(1 + conformal * conformal);
        return conformal > 0 ? 1 / (secant + conformal) : secant - conformal;
    }
}
