using System.Globalization;

namespace Swan.Geo.Coordinates;

/// <summary>The affine transform from a picture's columns and rows to a map's x and y, like GDAL's geotransform.</summary>
/// <remarks>
/// Column 0, row 0 is the outer corner of the picture's top left pixel; (0.5, 0.5) is that pixel's center. x = <see cref="OriginX"/> +
/// column * <see cref="ColumnX"/> + row * <see cref="RowX"/>, and likewise for y. Immutable, safe for concurrent use.
/// </remarks>
/// <param name="OriginX">x of the top left pixel's outer corner, in the map's unit.</param>
/// <param name="ColumnX">Change of x from one column to the next.</param>
/// <param name="RowX">Change of x from one row to the next; 0 in pictures with north or south up.</param>
/// <param name="OriginY">y of the top left pixel's outer corner.</param>
/// <param name="ColumnY">Change of y from one column to the next; 0 in pictures with north or south up.</param>
/// <param name="RowY">Change of y from one row to the next; negative in pictures with north up.</param>
public readonly record struct PixelTransform(
    double OriginX, double ColumnX, double RowX, double OriginY, double ColumnY, double RowY)
{
    /// <summary>The length of a step to the next column on the map, in the map's unit.</summary>
    public double PixelWidth => Math.Sqrt(ColumnX * ColumnX + ColumnY * ColumnY);

    /// <summary>The length of a step to the next row on the map, in the map's unit.</summary>
    public double PixelHeight => Math.Sqrt(RowX * RowX + RowY * RowY);

    /// <summary>The direction of the rows, in degrees counterclockwise from the map's x axis, from -180 to 180; 0 with north up.</summary>
    public double Rotation => Math.Atan2(ColumnY, ColumnX) * (180 / Math.PI);

    /// <summary>Whether the transform can be inverted: all numbers are finite, and pixels have an area.</summary>
    public bool IsInvertible => double.IsFinite(OriginX) && double.IsFinite(OriginY) && double.IsFinite(1 / Determinant)
        && Math.Abs(Determinant) > 1e-12 * PixelWidth * PixelHeight;

    private double Determinant => ColumnX * RowY - RowX * ColumnY;

    /// <summary>Converts a place of the picture to the map.</summary>
    /// <param name="column">In pixels from the left edge.</param>
    /// <param name="row">In pixels from the top edge.</param>
    /// <returns>x and y, in the map's unit.</returns>
    public (double X, double Y) ToMap(double column, double row) =>
        (OriginX + column * ColumnX + row * RowX, OriginY + column * ColumnY + row * RowY);

    /// <summary>Converts a place of the map to the picture; NaN if the transform is not <see cref="IsInvertible"/>.</summary>
    /// <param name="x">In the map's unit.</param>
    /// <param name="y">In the map's unit.</param>
    /// <returns>Column and row, in pixels from the outer corner of the top left pixel.</returns>
    public (double Column, double Row) ToPixel(double x, double y)
    {
        if (!IsInvertible) return (double.NaN, double.NaN);
        (x, y) = (x - OriginX, y - OriginY);
        return ((x * RowY - y * RowX) / Determinant, (y * ColumnX - x * ColumnY) / Determinant);
    }

    /// <summary>The transform of six numbers in GDAL's order.</summary>
    internal static PixelTransform FromGdal(ReadOnlySpan<double> numbers) =>
        new(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);

    /// <summary>Of numbers that place the center of the top left pixel.</summary>
    internal PixelTransform FromCenters() =>
        this with { OriginX = OriginX - (ColumnX + RowX) / 2, OriginY = OriginY - (ColumnY + RowY) / 2 };

    internal string Describe() => string.Create(
        CultureInfo.InvariantCulture, $"origin {OriginX}, {OriginY}, a column {ColumnX}, {ColumnY}, a row {RowX}, {RowY}");
}
