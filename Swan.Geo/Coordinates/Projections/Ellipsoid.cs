namespace Swan.Geo.Coordinates;

/// <summary>An ellipsoid of revolution, and its conformal latitude.</summary>
/// <remarks>
/// Source: C. F. F. Karney, "Transverse Mercator with an accuracy of a few nanometers", Journal of Geodesy 85 (2011), equations 7 to 9 and
/// 19 to 21.
/// </remarks>
/// <param name="SemiMajor">The radius at the equator, in meters.</param>
/// <param name="InverseFlattening">0 for a sphere.</param>
internal readonly record struct Ellipsoid(double SemiMajor, double InverseFlattening)
{
    public static readonly Ellipsoid Wgs84 = new(6378137, 298.257223563), Grs80 = new(6378137, 298.257222101);

    public double Flattening => InverseFlattening == 0 ? 0 : 1 / InverseFlattening;

    public double SemiMinor => SemiMajor * (1 - Flattening);

    /// <summary>The first eccentricity's square.</summary>
    public double EccentricitySquared => Flattening * (2 - Flattening);

    public double Eccentricity => Math.Sqrt(EccentricitySquared);

    /// <summary>Meters of a radian of latitude and of longitude at a latitude in radians.</summary>
    public (double Latitude, double Longitude) MetersPerRadian(double latitude)
    {
        double sine = Math.Sin(latitude), w = 1 - EccentricitySquared * sine * sine;
        double normal = SemiMajor / Math.Sqrt(w);
        return (normal * (1 - EccentricitySquared) / w, normal * Math.Cos(latitude));
    }

    /// <summary>Meters from the axis, and above the equator's plane, at a latitude in radians.</summary>
    public (double FromAxis, double AboveEquator) Meridian(double latitude)
    {
        double sine = Math.Sin(latitude), normal = SemiMajor / Math.Sqrt(1 - EccentricitySquared * sine * sine);
        return (normal * Math.Cos(latitude), normal * (1 - EccentricitySquared) * sine);
    }

    /// <summary>The tangent of the conformal latitude, from that of the latitude.</summary>
    public double ConformalTangent(double tangent)
    {
        double e = Eccentricity, secant = Math.Sqrt(1 + tangent * tangent), sigma = Math.Sinh(e * Math.Atanh(e * tangent / secant));
        return tangent * Math.Sqrt(1 + sigma * sigma) - sigma * secant;
    }

    /// <summary>The tangent of the latitude, from that of the conformal latitude.</summary>
    public double TangentOfConformal(double conformal)
    {
        const int mostSteps = 8;
        double e2 = EccentricitySquared, tangent = conformal / (1 - e2);
        // Newton's method gains twice the digits with each step: three are enough for the earth.
        for (int i = 0; i < mostSteps; i++)
        {
            double found = ConformalTangent(tangent);
            double step = (conformal - found) / Math.Sqrt(1 + found * found)
                * (1 + (1 - e2) * tangent * tangent) / ((1 - e2) * Math.Sqrt(1 + tangent * tangent));
            tangent += step;
            if (!(Math.Abs(step) > 1e-14 * Math.Max(1, Math.Abs(tangent)))) break;
        }

        return tangent;
    }
}
