namespace Swan.Geo.Coordinates;

/// <summary>A map projection of scale 1, without false origin, with 0 as its central meridian. Safe for concurrent use.</summary>
/// <remarks>Angles in radians, the map in meters. What lies outside of the projection becomes NaN.</remarks>
internal interface IMapProjection
{
    (double X, double Y) Forward(double longitude, double latitude);

    (double Longitude, double Latitude) Inverse(double x, double y);
}
