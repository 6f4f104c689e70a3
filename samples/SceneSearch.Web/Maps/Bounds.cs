using Swan.Geo.Coordinates;

namespace SceneSearch.Web.Maps;

/// <summary>A rectangle on a map, y upwards.</summary>
internal readonly record struct Bounds(double MinX, double MinY, double MaxX, double MaxY)
{
    public static readonly Bounds None = new(double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);

    public double Width => MaxX - MinX;

    public double Height => MaxY - MinY;

    public Bounds With(Bounds other) => new(
        Math.Min(MinX, other.MinX), Math.Min(MinY, other.MinY), Math.Max(MaxX, other.MaxX), Math.Max(MaxY, other.MaxY));

    public bool Meets(Bounds other) => MinX < other.MaxX && other.MinX < MaxX && MinY < other.MaxY && other.MinY < MaxY;

    public double[] ToArray() => [MinX, MinY, MaxX, MaxY];

    /// <summary>The corners of a rectangle of pixels on a map, around it.</summary>
    public static double[][] Ring(PixelTransform transform, double column, double row, double width, double height)
    {
        return [At(column, row), At(column, row + height), At(column + width, row + height), At(column + width, row)];

        double[] At(double c, double r)
        {
            (double x, double y) = transform.ToMap(c, r);
            return [x, y];
        }
    }

    /// <summary>Around points.</summary>
    public static Bounds Of(double[][] points) =>
        points.Aggregate(None, (all, p) => all.With(new Bounds(p[0], p[1], p[0], p[1])));
}
