using System.Text;

namespace Swan.MLNet.Metadata;

/// <summary>The position of a column's shape relative to the filter's.</summary>
internal enum PlacementKind
{
    Within,
    Intersects,
}

/// <summary>A column's point or box lies within a box or a polygon, or intersects it.</summary>
internal sealed class Placement : FilterTerm
{
    public Placement(string column, PlacementKind kind, SwanBox box) : base(column) => (Kind, Box) = (kind, box);

    public Placement(string column, PlacementKind kind, SwanPolygon polygon) : base(column)
    {
        ArgumentNullException.ThrowIfNull(polygon);
        (Kind, Box, Polygon) = (kind, polygon.Bounds, polygon);
        FilterLimits.Require(1, polygon.Corners, 1);
    }

    public PlacementKind Kind { get; }

    /// <summary>The box, or the polygon's.</summary>
    public SwanBox Box { get; }

    /// <summary>Null where the shape is the box.</summary>
    public SwanPolygon? Polygon { get; }

    internal override int Values => Polygon?.Corners ?? 0;

    public override string? Fault(SwanColumnType type) => type switch
    {
        SwanColumnType.Box => null,
        SwanColumnType.Point => Kind == PlacementKind.Within ? null
            : $"'{Name}' is a point column. Write '{Name} within …'; only boxes intersect.",
        _ => $"'{Name}' is a {ColumnValues.Name(type)} column, which has no position: 'within' and 'intersects' need points or boxes.",
    };

    public override bool Equals(SwanFilter? other) => other is Placement same && same.Name == Name && same.Kind == Kind
        && same.Box == Box && Equals(same.Polygon, Polygon);

    public override int GetHashCode() => HashCode.Combine(Name, Kind, Box, Polygon);

    internal override void Write(StringBuilder text) =>
        text.Append(Name).Append(Kind == PlacementKind.Within ? " within " : " intersects ")
            .Append(Polygon?.ToString() ?? Box.ToString());
}
