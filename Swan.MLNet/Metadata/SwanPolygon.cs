using System.Text;

namespace Swan.MLNet.Metadata;

/// <summary>A polygon in the plane: rings, some of which may be holes, including its boundary.</summary>
/// <remarks>
/// <para>A point on no ring is inside if a line from it to the outside crosses rings an odd number of times (even-odd rule). So a ring
/// within another one is a hole, whatever their directions. Points on a ring, even a hole's, are in the polygon.</para>
/// <para>A ring may repeat its first point at the end, or be left open. Rings may cross themselves or others. Sides are straight lines
/// between plain coordinates, and results are exact: rounding never decides.</para>
/// Immutable; safe for concurrent use.
/// </remarks>
public sealed class SwanPolygon : IEquatable<SwanPolygon>
{
    private readonly SwanPoint[][] _rings; // open: the last point is not the first again
    private readonly PolygonSides _sides;

    /// <summary>Makes a polygon of one ring.</summary>
    /// <param name="ring">At least three different points in their order around it.</param>
    /// <exception cref="ArgumentException">The ring has too few points.</exception>
    public SwanPolygon(params IEnumerable<SwanPoint> ring) : this([ring])
    {
    }

    /// <summary>Makes a polygon of some rings.</summary>
    /// <param name="rings">At least one, in any order; each has at least three different points in their order around it.</param>
    /// <exception cref="ArgumentException">There is no ring, or one has too few points.</exception>
    public SwanPolygon(IEnumerable<IEnumerable<SwanPoint>> rings)
    {
        ArgumentNullException.ThrowIfNull(rings);
        _rings = [.. rings.Select(Open)];
        if (Fault(_rings) is { } fault) throw new ArgumentException(fault, nameof(rings));
        _sides = new PolygonSides(_rings);
        Corners = _rings.Sum(ring => ring.Length);
        IEnumerable<SwanPoint> all = _rings.SelectMany(ring => ring);
        Bounds = new SwanBox(all.Min(p => p.X), all.Min(p => p.Y), all.Max(p => p.X), all.Max(p => p.Y));
        Rings = Array.AsReadOnly(Array.ConvertAll(_rings, ring => (IReadOnlyList<SwanPoint>)Array.AsReadOnly(ring)));
    }

    /// <summary>The rings, each without the repeated first point.</summary>
    public IReadOnlyList<IReadOnlyList<SwanPoint>> Rings { get; }

    /// <summary>Its bounding box.</summary>
    public SwanBox Bounds { get; }

    /// <summary>Points of all rings.</summary>
    internal int Corners { get; }

    /// <summary>Whether a point lies in the polygon or on its boundary.</summary>
    /// <param name="point">The point.</param>
    public bool Contains(SwanPoint point)
    {
        if (!Bounds.Contains(point)) return false;
        bool inside = false;
        foreach ((SwanPoint a, SwanPoint b) in _sides.Between(point.Y, point.Y))
        {
            if (PolygonSide.Meets(a, b, point, ref inside)) return true;
        }
        return inside;
    }

    /// <summary>Whether all of a box lies in the polygon; their boundaries may touch.</summary>
    /// <remarks>A box that a side passes through is not in it, even where rings lie side by side and both of the side's sides are inside.
    /// </remarks>
    /// <param name="box">The box.</param>
    public bool Contains(SwanBox box) => Contains(box, CancellationToken.None);

    /// <summary>Whether a box and the polygon share a point, boundaries included.</summary>
    /// <param name="box">The box.</param>
    public bool Intersects(SwanBox box)
    {
        if (!Bounds.Intersects(box)) return false;
        foreach ((SwanPoint a, SwanPoint b) in _sides.Between(box.South, box.North))
        {
            if (PolygonSide.Touches(a, b, box)) return true;
        }
        // No side comes near: all of the box is inside, or all of it outside.
        return Contains(new SwanPoint(box.West, box.South));
    }

    /// <summary>Whether another polygon has the same rings, with the same points in the same order.</summary>
    /// <param name="other">The other polygon.</param>
    public bool Equals(SwanPolygon? other) => other is not null && Bounds == other.Bounds && _rings.Length == other._rings.Length
        && _rings.Zip(other._rings).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SwanPolygon);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (SwanPoint point in _rings.SelectMany(ring => ring)) hash.Add(point);
        return hash.ToHashCode();
    }

    /// <summary>The polygon as filters write it: <c>polygon((x y, x y, x y), (x y, x y, x y))</c>.</summary>
    public override string ToString() =>
        new StringBuilder("polygon(").AppendJoin(", ", _rings.Select(ring => $"({string.Join(", ", ring)})")).Append(')').ToString();

    /// <summary>What is wrong with rings; null where nothing is.</summary>
    internal static string? Fault(IReadOnlyList<IReadOnlyList<SwanPoint>> rings)
    {
        if (rings.Count == 0) return "A polygon needs at least one ring.";
        for (int i = 0; i < rings.Count; i++)
        {
            int different = rings[i].Distinct().Take(3).Count();
            if (different < 3) return $"Ring {i + 1} of the polygon has {different} different points; a ring needs at least three.";
        }
        return null;
    }

    /// <summary>As <see cref="Contains(SwanBox)"/>.</summary>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    internal bool Contains(SwanBox box, CancellationToken cancellation)
    {
        if (!Bounds.Contains(box)) return false;
        if (box.West < box.East && box.South < box.North) return HoldsArea(box);
        return box.West < box.East || box.South < box.North
            ? HoldsLine(box, cancellation)
            : Contains(new SwanPoint(box.West, box.South));
    }

    private static SwanPoint[] Open(IEnumerable<SwanPoint> ring)
    {
        ArgumentNullException.ThrowIfNull(ring);
        SwanPoint[] points = [.. ring];
        int count = points.Length;
        while (count > 1 && points[count - 1] == points[0]) count--;
        return points[..count];
    }

    // Without a side in its inner part, that part is inside or outside as a whole, and the place beside a corner says which. Between two
    // neighbors among doubles there is no other point to look at.
    private bool HoldsArea(SwanBox box)
    {
        foreach ((SwanPoint a, SwanPoint b) in _sides.Between(box.South, box.North))
        {
            if (PolygonSide.Enters(a, b, box)) return false;
        }
        return _sides.IsInside(new SwanPoint(box.West, box.South), above: false);
    }

    // A box without width or height is a line along an axis. Sides that cross it lead out; corners that lie on it cut it into pieces,
    // each of which is inside or outside as a whole, or lies on a side. The place beside a piece's beginning says which.
    private bool HoldsLine(SwanBox box, CancellationToken cancellation)
    {
        bool upright = box.West == box.East;
        SwanPoint start = new(box.West, box.South), end = new(box.East, box.North);
        var cuts = new List<double> { Along(start) };
        foreach ((SwanPoint a, SwanPoint b) in _sides.Between(box.South, box.North))
        {
            if (PolygonSide.Crosses(a, b, start, end)) return false;
            if (box.Contains(a) && Along(a) < Along(end)) cuts.Add(Along(a));
        }
        cuts.Sort();
        for (int i = 0; i < cuts.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (i > 0 && cuts[i] == cuts[i - 1]) continue;
            if (!HoldsBeyond(upright ? new SwanPoint(box.West, cuts[i]) : new SwanPoint(cuts[i], box.South), upright)) return false;
        }
        return true;

        double Along(SwanPoint point) => upright ? point.Y : point.X;
    }

    private bool HoldsBeyond(SwanPoint point, bool above)
    {
        foreach ((SwanPoint a, SwanPoint b) in _sides.Between(point.Y, point.Y))
        {
            if (PolygonSide.LeadsOn(a, b, point, above)) return true;
        }
        return _sides.IsInside(point, above);
    }
}
