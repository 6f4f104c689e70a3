namespace Swan.Geo.Coordinates;

/// <summary>The Mercator projection of web maps (EPSG:3857): a sphere's formulas with an ellipsoid's latitudes.</summary>
internal sealed class WebMercator(double radius) : IMapProjection
{
    public (double X, double Y) Forward(double longitude, double latitude) => Math.Abs(latitude) < Math.PI / 2 - 1e-9
        ? (radius * longitude, radius * Math.Asinh(Math.Tan(latitude)))
        : (double.NaN, double.NaN);

    public (double Longitude, double Latitude) Inverse(double x, double y) => (x / radius, Math.Atan(Math.Sinh(y / radius)));
}
