using ProjNet.CoordinateSystems;
using ProjNet.CoordinateSystems.Transformations;

namespace Swan.Geo.Coordinates;

/// <summary>A projection that ProjNET computes. Its datum shifts, units, false origins and meridians are not used.</summary>
internal sealed class ProjNetProjection : IMapProjection
{
    private const double Degree = Math.PI / 180;

    private readonly MathTransform _forward, _inverse;

    /// <param name="ellipsoid">The ellipsoid.</param>
    /// <param name="name">The projection's name in ProjNET.</param>
    /// <param name="parameters">Its parameters in ProjNET, in degrees, without those of a false origin.</param>
    /// <exception cref="ArgumentException">ProjNET refuses them.</exception>
    public ProjNetProjection(Ellipsoid ellipsoid, string name, params ReadOnlySpan<(string Name, double Value)> parameters)
    {
        var factory = new CoordinateSystemFactory();
        var list = new List<ProjectionParameter> { new("false_easting", 0), new("false_northing", 0), new("scale_factor", 1) };
        foreach ((string key, double value) in parameters) list.Add(new(key, value));
        HorizontalDatum datum = factory.CreateHorizontalDatum(
            "datum", DatumType.HD_Geocentric,
            factory.CreateEllipsoid("ellipsoid", ellipsoid.SemiMajor, ellipsoid.SemiMinor, LinearUnit.Metre), null);
        GeographicCoordinateSystem geographic = factory.CreateGeographicCoordinateSystem(
            "geographic", AngularUnit.Degrees, datum, PrimeMeridian.Greenwich,
            new("Lon", AxisOrientationEnum.East), new("Lat", AxisOrientationEnum.North));
        ProjectedCoordinateSystem projected = factory.CreateProjectedCoordinateSystem(
            "projected", geographic, factory.CreateProjection("projection", name, list), LinearUnit.Metre,
            new("East", AxisOrientationEnum.East), new("North", AxisOrientationEnum.North));
        var transforms = new CoordinateTransformationFactory();
        _forward = transforms.CreateFromCoordinateSystems(geographic, projected).MathTransform;
        _inverse = transforms.CreateFromCoordinateSystems(projected, geographic).MathTransform;
    }

    public (double X, double Y) Forward(double longitude, double latitude) => Transform(_forward, longitude / Degree, latitude / Degree);

    public (double Longitude, double Latitude) Inverse(double x, double y)
    {
        (double longitude, double latitude) = Transform(_inverse, x, y);
        return (longitude * Degree, latitude * Degree);
    }

    private static (double, double) Transform(MathTransform transform, double x, double y)
    {
        try
        {
            (x, y) = transform.Transform(x, y);
            return (x, y);
        }
        // ProjNET throws plain exceptions of several types where a projection ends.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return (double.NaN, double.NaN);
        }
    }
}
