using NetTopologySuite.Geometries;

namespace Swan.Geo.Coordinates;

/// <summary>Where a scene lies: its pixels on a map, and the map on the earth.</summary>
/// <remarks>Immutable, safe for concurrent use.</remarks>
public sealed class Georeference
{
    // Pixels that a place on the scene's edge may lie outside of it by rounding.
    private const double Rounding = 1e-6;

    // Degrees of latitude.
    private const double Pole = 90;

    private readonly Lazy<(double, double)?> _metersPerPixel;

    /// <summary>Creates a georeference.</summary>
    /// <param name="transform">From pixels to the map.</param>
    /// <param name="coordinateSystem">The map's.</param>
    /// <param name="width">The scene's size, in pixels.</param>
    /// <param name="height">The scene's size, in pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scene has no pixels.</exception>
    /// <exception cref="SwanGeoreferenceException">The transform can't be inverted.</exception>
    public Georeference(PixelTransform transform, CoordinateSystem coordinateSystem, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(coordinateSystem);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (!transform.IsInvertible)
        {
            throw new SwanGeoreferenceException($"Pixels can't be placed on a map by {transform.Describe()}: "
                + "all must be numbers, and a pixel must have an area. The scene was exported wrongly; export it again.");
        }

        (Transform, CoordinateSystem, Width, Height) = (transform, coordinateSystem, width, height);
        _metersPerPixel = new(MeasurePixel);
    }

    /// <summary>From pixels to the map.</summary>
    public PixelTransform Transform { get; }

    /// <summary>The map's.</summary>
    public CoordinateSystem CoordinateSystem { get; }

    /// <summary>The scene's size, in pixels.</summary>
    public int Width { get; }

    /// <summary>The scene's size, in pixels.</summary>
    public int Height { get; }

    /// <summary>Meters on the ground between columns, and between rows, at the scene's center.</summary>
    /// <remarks>
    /// Null if the map's place on the earth and its unit are unknown. Measured on the ellipsoid, so without the map's distortion.
    /// If only the map's unit is known, meters on the map.
    /// </remarks>
    public (double Column, double Row)? MetersPerPixel => _metersPerPixel.Value;

    /// <summary>The mean of both; null where they are unknown.</summary>
    internal double? MeanMetersPerPixel => MetersPerPixel is var (across, down) ? Math.Sqrt(across * down) : null;

    /// <summary>The scene's outline in WGS 84 by RFC 7946 (GeoJSON): counterclockwise, cut at the antimeridian.</summary>
    /// <remarks>
    /// A polygon, or several in one geometry. Edges that the map bends have further points, so they are accurate to a tenth of a pixel.
    /// </remarks>
    /// <exception cref="SwanGeoreferenceException">
    /// The map's place on the earth is unknown, or the scene contains a pole, reaches beyond the map or goes around the earth more than
    /// once.
    /// </exception>
    public Geometry Footprint => FootprintOf(0, 0, Width, Height);

    /// <summary>The outline of a rectangle of pixels in WGS 84, as <see cref="Footprint"/>.</summary>
    /// <param name="column">The left edge, in pixels.</param>
    /// <param name="row">The top edge, in pixels.</param>
    /// <param name="width">In pixels; more than 0.</param>
    /// <param name="height">In pixels; more than 0.</param>
    /// <returns>A polygon, or several in one geometry.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The rectangle is empty.</exception>
    /// <exception cref="SwanGeoreferenceException">As <see cref="Footprint"/>.</exception>
    public Geometry FootprintOf(double column, double row, double width, double height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        return new FootprintOutline(this).Draw(column, row, width, height);
    }

    /// <summary>Converts a place of the picture to longitude and latitude.</summary>
    /// <param name="column">In pixels from the left edge.</param>
    /// <param name="row">In pixels from the top edge.</param>
    /// <returns>In degrees of WGS 84.</returns>
    /// <exception cref="SwanGeoreferenceException">
    /// The map's place on the earth is unknown, or the place lies outside of the map.
    /// </exception>
    public (double Longitude, double Latitude) ToWgs84(double column, double row)
    {
        if (TryToWgs84(column, row, out double longitude, out double latitude)) return (longitude, latitude);
        (double x, double y) = Transform.ToMap(column, row);
        return CoordinateSystem.ToWgs84(x, y);
    }

    /// <summary>The same; false where it throws.</summary>
    /// <remarks>
    /// The outer halves of a grid's first and last pixels lie beyond the poles where their middles lie on them: up to a pixel beyond is the
    /// pole.
    /// </remarks>
    internal bool TryToWgs84(double column, double row, out double longitude, out double latitude)
    {
        (double x, double y) = Transform.ToMap(column, row);
        double beyond = Math.Abs(y) - Pole, pixel = Math.Abs(Transform.ColumnY) + Math.Abs(Transform.RowY);
        if (CoordinateSystem.Kind == CoordinateSystemKind.Geographic && beyond > 0 && beyond <= pixel * (1 + Rounding))
            y = Math.CopySign(Pole, y);
        return CoordinateSystem.TryToWgs84(x, y, out longitude, out latitude);
    }

    /// <summary>Converts longitude and latitude to a place of the picture.</summary>
    /// <param name="longitude">In degrees of WGS 84.</param>
    /// <param name="latitude">In degrees of WGS 84.</param>
    /// <returns>Column and row in pixels, fractions included; null if it lies outside of the picture.</returns>
    /// <exception cref="SwanGeoreferenceException">The map's place on the earth is unknown.</exception>
    public (double Column, double Row)? PixelAt(double longitude, double latitude)
    {
        if (!CoordinateSystem.CanTransform) throw new SwanGeoreferenceException(CoordinateSystem.Obstacle);
        if (!CoordinateSystem.TryFromWgs84(longitude, latitude, out double x, out double y)) return null;
        // If the scene continues beyond the antimeridian, its map has the same place one turn further.
        double period = CoordinateSystem.Period;
        for (int turns = period > 0 ? -1 : 0; turns <= (period > 0 ? 1 : 0); turns++)
        {
            (double column, double row) = Transform.ToPixel(x + turns * period, y);
            (double nearColumn, double nearRow) = (Math.Clamp(column, 0, Width), Math.Clamp(row, 0, Height));
            if (Math.Abs(nearColumn - column) <= Rounding && Math.Abs(nearRow - row) <= Rounding) return (nearColumn, nearRow);
        }

        return null;
    }

    private (double, double)? MeasurePixel()
    {
        double column = Width / 2.0, row = Height / 2.0;
        if (Distance(column - 0.5, row, column + 0.5, row) is { } across && Distance(column, row - 0.5, column, row + 0.5) is { } down)
            return (across, down);
        return CoordinateSystem.MetersPerUnit is { } meters ? (Transform.PixelWidth * meters, Transform.PixelHeight * meters) : null;
    }

    // Of places that are next to each other.
    private double? Distance(double column1, double row1, double column2, double row2)
    {
        if (!TryToWgs84(column1, row1, out double longitude1, out double latitude1)
            || !TryToWgs84(column2, row2, out double longitude2, out double latitude2))
        {
            return null;
        }

        return FootprintOutline.Meters(longitude2 - longitude1, latitude1, latitude2);
    }
}
