using System.Globalization;

namespace Swan.MLNet.Metadata;

/// <summary>A point in the plane.</summary>
/// <remarks>
/// The user chooses the coordinates: longitude and latitude, meters of a projection, or pixels. They are compared as plain numbers, without
/// regard to the Earth. Safe for concurrent use.
/// </remarks>
public readonly record struct SwanPoint
{
    /// <summary>Makes a point.</summary>
    /// <param name="x">Rises to the east; finite.</param>
    /// <param name="y">Rises to the north; finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A coordinate is not a finite number.</exception>
    public SwanPoint(double x, double y)
    {
        Coordinates.RequireFinite(x, nameof(x));
        Coordinates.RequireFinite(y, nameof(y));
        (X, Y) = (x, y);
    }

    /// <summary>Rises to the east.</summary>
    public double X { get; }

    /// <summary>Rises to the north.</summary>
    public double Y { get; }

    /// <summary>Both coordinates, as filters write them: <c>12.5 48</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{X:R} {Y:R}");
}
