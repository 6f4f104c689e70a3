namespace Swan.Geo.Coordinates;

/// <summary>What a scene's file says of where it lies.</summary>
internal enum SceneLocationKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its place on the earth.</summary>
    Georeferenced,

    /// <summary>Its place on a map, and not which map.</summary>
    NoCoordinateSystem,

    /// <summary>Its place on a map whose place on the earth can't be computed.</summary>
    UnsupportedCoordinateSystem,

    /// <summary>Ground control points only: pixels whose places are known, between which the scene may be bent.</summary>
    GroundControlPoints,

    /// <summary>Rational polynomials of a satellite's camera only, which need the heights of the ground.</summary>
    RationalPolynomials,

    /// <summary>What can't be: numbers that place no pixels, or places that its coordinate system doesn't have.</summary>
    Contradictory,
}
