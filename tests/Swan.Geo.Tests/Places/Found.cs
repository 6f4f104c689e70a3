using NetTopologySuite.Geometries;
using Swan.Geo.Places;

namespace Swan.Geo.Tests.Places;

/// <summary>Places to write and to merge.</summary>
internal static class Found
{
    /// <summary>A place around a point of the earth, as wide and high as so many degrees.</summary>
    public static Place At(double longitude, double latitude, float score = 0.3f, string scene = "scenes/a.tif", double size = 0.01) =>
        Pixels(0, 0, score, scene) with { Footprint = Box(longitude, latitude, size), CoordinateSystem = "WGS 84", EpsgCode = 4326 };

    /// <summary>A place in a scene without a georeference.</summary>
    public static Place Pixels(int column, int row, float score = 0.3f, string scene = "scenes/a.tif", int side = 224) => new()
    {
        Scene = scene, Column = column, Row = row, Width = side, Height = side, Query = "harbor", Score = score,
    };

    /// <summary>A place in a scene whose coordinates can't be transformed.</summary>
    public static Place OnMap(double x, double y, string? system, int? epsg = null, float score = 0.3f, string scene = "scenes/m.tif") =>
        Pixels(0, 0, score, scene) with { MapFootprint = Box(x, y, 100), CoordinateSystem = system, EpsgCode = epsg };

    /// <summary>A square around a point, clockwise, as no writer wants it.</summary>
    public static Polygon Box(double x, double y, double size)
    {
        double half = size / 2;
        return Polygon((x - half, y - half), (x - half, y + half), (x + half, y + half), (x + half, y - half));
    }

    /// <summary>What crosses the antimeridian at a latitude.</summary>
    public static MultiPolygon Across(double west, double east, double latitude = 0, double height = 1) => new(
    [
        Polygon((west, latitude), (180, latitude), (180, latitude + height), (west, latitude + height)),
        Polygon((-180, latitude), (east, latitude), (east, latitude + height), (-180, latitude + height)),
    ]);

    public static Polygon Polygon(params (double X, double Y)[] corners) => new(Ring(corners));

    public static LinearRing Ring(params (double X, double Y)[] corners) =>
        new([.. corners.Append(corners[0]).Select(c => new Coordinate(c.X, c.Y))]);
}
