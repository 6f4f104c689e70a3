using System.Globalization;

namespace Swan.MLNet.Metadata;

/// <summary>An axis-aligned rectangle in the plane, including its boundary.</summary>
/// <remarks>
/// <para>Its width or height may be zero. If both are zero, the box is a point: the query for the tiles at a place is
/// <c>footprint intersects box(x, y, x, y)</c>.</para>
/// <para>Coordinates are compared as plain numbers. A box does not cross the antimeridian (180° of longitude); use two boxes,
/// <c>place within box(170, -20, 180, 0) or place within box(-180, -20, -170, 0)</c>.</para>
/// Safe for concurrent use.
/// </remarks>
public readonly record struct SwanBox
{
    /// <summary>Makes a box.</summary>
    /// <param name="west">The least x.</param>
    /// <param name="south">The least y.</param>
    /// <param name="east">The greatest x, at least <paramref name="west"/>.</param>
    /// <param name="north">The greatest y, at least <paramref name="south"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A coordinate is not a finite number.</exception>
    /// <exception cref="ArgumentException">West is greater than east, or south greater than north.</exception>
    public SwanBox(double west, double south, double east, double north)
    {
        Coordinates.RequireFinite(west, nameof(west));
        Coordinates.RequireFinite(south, nameof(south));
        Coordinates.RequireFinite(east, nameof(east));
        Coordinates.RequireFinite(north, nameof(north));
        if (Fault(west, south, east, north) is { } fault) throw new ArgumentException(fault);
        (West, South, East, North) = (west, south, east, north);
    }

    /// <summary>The least x.</summary>
    public double West { get; }

    /// <summary>The least y.</summary>
    public double South { get; }

    /// <summary>The greatest x.</summary>
    public double East { get; }

    /// <summary>The greatest y.</summary>
    public double North { get; }

    /// <summary>Whether a point lies in the box or on its boundary.</summary>
    /// <param name="point">The point.</param>
    public bool Contains(SwanPoint point) => point.X >= West && point.X <= East && point.Y >= South && point.Y <= North;

    /// <summary>Whether all of another box lies in this one; their boundaries may touch.</summary>
    /// <param name="other">The other box.</param>
    public bool Contains(SwanBox other) =>
        other.West >= West && other.East <= East && other.South >= South && other.North <= North;

    /// <summary>Whether both boxes share a point, boundaries included.</summary>
    /// <param name="other">The other box.</param>
    public bool Intersects(SwanBox other) =>
        other.West <= East && other.East >= West && other.South <= North && other.North >= South;

    /// <summary>The box as filters write it: <c>box(west, south, east, north)</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"box({West:R}, {South:R}, {East:R}, {North:R})");

    /// <summary>What is wrong with four finite coordinates; null where nothing is.</summary>
    internal static string? Fault(double west, double south, double east, double north) => west > east
        ? Say($"A box has west {west:R}, which is greater than its east {east:R}. The order is west, south, east, north. ")
            + "A box across the antimeridian is two boxes, joined by 'or'."
        : south > north
            ? Say($"A box has south {south:R}, which is greater than its north {north:R}. The order is west, south, east, north.")
            : null;

    private static string Say(FormattableString text) => FormattableString.Invariant(text);
}
