namespace Swan.Geo.Coordinates;

/// <summary>What the coordinates of a coordinate system are.</summary>
public enum CoordinateSystemKind
{
    /// <summary>Unknown: no system is named, or one that does not say where on the earth its coordinates lie.</summary>
    Local,

    /// <summary>Longitudes and latitudes, in degrees.</summary>
    Geographic,

    /// <summary>Eastings and northings on a map.</summary>
    Projected,
}
