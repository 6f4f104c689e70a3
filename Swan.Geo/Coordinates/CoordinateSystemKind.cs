namespace Swan.Geo.Coordinates;

/// <summary>The kind of coordinates of a coordinate system.</summary>
public enum CoordinateSystemKind
{
    /// <summary>Unknown: no system is named, or it does not place its coordinates on the earth.</summary>
    Local,

    /// <summary>Longitudes and latitudes, in degrees.</summary>
    Geographic,

    /// <summary>Eastings and northings on a map.</summary>
    Projected,
}
