using NetTopologySuite.Geometries;

namespace Swan.Geo.Places;

/// <summary>A window of a scene that was found, and where on the earth it lies.</summary>
/// <remarks>Immutable, unless its geometries are changed.</remarks>
public sealed record Place
{
    /// <summary>The scene's path.</summary>
    public required string Scene { get; init; }

    /// <summary>The window's first column in the scene, in pixels from 0 at the left.</summary>
    public required int Column { get; init; }

    /// <summary>The window's first row in the scene, in pixels from 0 at the top.</summary>
    public required int Row { get; init; }

    /// <summary>The window's width, in pixels of the scene.</summary>
    public required int Width { get; init; }

    /// <summary>The window's height, in pixels of the scene.</summary>
    public required int Height { get; init; }

    /// <summary>The window's key in the index that it was found in; null for a place from elsewhere.</summary>
    public string? Key { get; init; }

    /// <summary>The query.</summary>
    public required string Query { get; init; }

    /// <summary>The cosine of the angle between the window's embedding and the query's, -1 to 1.</summary>
    public required float Score { get; init; }

    /// <summary>The probability that the window fits the query, 0 to 1; null unless a minimum probability was given.</summary>
    /// <remarks>By a calibration that is fitted on whole images.</remarks>
    public double? Probability { get; init; }

    /// <summary>The window in WGS 84; null where the scene's coordinates can't be transformed.</summary>
    /// <remarks>
    /// A polygon of longitudes (X) and latitudes (Y) in degrees, -180 to 180 and -90 to 90; a window across the antimeridian is a
    /// multipolygon with a part on either side.
    /// </remarks>
    public Geometry? Footprint { get; init; }

    /// <summary>The window in the scene's own coordinate reference system, in its units; null without a georeference.</summary>
    public Geometry? MapFootprint { get; init; }

    /// <summary>The name of the scene's coordinate reference system; null where it isn't known.</summary>
    public string? CoordinateSystem { get; init; }

    /// <summary>The EPSG code of the scene's coordinate reference system; null where it has none.</summary>
    public int? EpsgCode { get; init; }

    /// <summary>When the scene was taken; null where it isn't known.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>Meters on the ground along a side of one of the scene's pixels; null where it isn't known.</summary>
    public double? MetersPerPixel { get; init; }

    /// <summary>The hash of the scene that it was found in; null where it was found in no index.</summary>
    internal string? SceneHash { get; init; }
}
