using System.Text;

namespace Swan.MLNet.Metadata;

/// <summary>A polygon in the plane: rings, of which some may be holes; its boundary belongs to it.</summary>
/// <remarks>
/// <para>A point that lies on no ring is inside where a line from it to the outside crosses rings an odd number of times (even-odd rule).
/// So a ring within another one is a hole, whichever way each turns. Points on a ring, a hole's included, are in the polygon.</para>
/// <para>A ring may be closed by its first point again, or left open. Rings that cross themselves or others are taken as they are. Sides
/// are straight lines between plain coordinates, and results are exact for them: no rounding decides.</para>
/// Immutable; safe for concurrent use.
/// </remarks>
public sealed class SwanPolygon : IEquatable<SwanPolygon>
{
    private readonly SwanPoint[][] _rings; // open: the last point is not the first again

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
        Corners = _rings.Sum(ring => ring.Length);
        IEnumerable<SwanPoint> all = _rings.SelectMany(ring => ring);
        Bounds = new SwanBox(all.Min(p => p.X), all.Min(p => p.Y), all.Max(p => p.X), all.Max(p => p.Y));
        Rings = Array.AsReadOnly(Array.ConvertAll(_rings, ring => (IReadOnlyList<SwanPoint>)Array.AsReadOnly(ring)));
    }

    /// <summary>The rings, each without its first point again at its end.</summary>
    public IReadOnlyList<IReadOnlyList<SwanPoint>> Rings { get; }

    /// <summary>The least box around it.</summary>
    public SwanBox Bounds { get; }

    /// <summary>Points of all rings.</summary>
    internal int Corners { get; }

    /// <summary>Whether a point lies in the polygon or on its boundary.</summary>
    /// <param name="point">The point.</param>
    public bool Contains(SwanPoint point)
    {
        if (!Bounds.Contains(point)) return false;
        bool inside = false;
        foreach (SwanPoint[] ring in _rings)
        {
            SwanPoint a = ring[^1];
            foreach (SwanPoint b in ring)
            {
                if (PolygonSide.Meets(a, b, point, ref inside)) return true;
                a = b;
            }
        }
        return inside;
    }

    /// <summary>Whether all of a box lies in the polygon; their boundaries may touch.</summary>
    /// <remarks>A box that a side passes through is not in it, even where rings lie side by side and both of the side's sides are inside.
    /// </remarks>
    /// <param name="box">The box.</param>
    public bool Contains(SwanBox box)
    {
        if (!Bounds.Contains(box)) return false;
        return box.West < box.East && box.South < box.North ? HoldsArea(box) : HoldsLine(box);
    }

    /// <summary>Whether a box and the polygon have a point in common, be it one of their boundaries.</summary>
    /// <param name="box">The box.</param>
    public bool Intersects(SwanBox box)
    {
        if (!Bounds.Intersects(box)) return false;
        foreach ((SwanPoint a, SwanPoint b) in Sides())
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
        if (rings.Count == 0) return "A polygon has at least one ring.";
        for (int i = 0; i < rings.Count; i++)
        {
            int different = rings[i].Distinct().Take(3).Count();
            if (different < 3) return $"Ring {i + 1} of the polygon has {different} different points. A ring has at least three.";
        }
        return null;
    }

    private static SwanPoint[] Open(IEnumerable<SwanPoint> ring)
    {
        ArgumentNullException.ThrowIfNull(ring);
        SwanPoint[] points = [.. ring];
        int count = points.Length;
        while (count > 1 && points[count - 1] == points[0]) count--;
        return points[..count];
    }

    private IEnumerable<(SwanPoint A, SwanPoint B)> Sides()
    {
        foreach (SwanPoint[] ring in _rings)
        {
            for (int i = 0; i < ring.Length; i++) yield return (ring[i == 0 ? ^1 : i - 1], ring[i]);
        }
    }

    // Without a side in its inner part, that part is inside or outside as a whole, and its middle says which.
    private bool HoldsArea(SwanBox box)
    {
        foreach ((SwanPoint a, SwanPoint b) in Sides())
        {
            if (PolygonSide.Enters(a, b, box)) return false;
        }
        return Contains(new SwanPoint(Middle(box.West, box.East), Middle(box.South, box.North)));
    }

    // A box without width or height is a line along an axis. Sides that cross it lead out; corners that lie on it cut it into pieces,
    // each of which is inside or outside as a whole.
    private bool HoldsLine(SwanBox box)
    {
        bool upright = box.West == box.East;
        SwanPoint start = new(box.West, box.South), end = new(box.East, box.North);
        var cuts = new List<double> { Along(start), Along(end) };
        foreach ((SwanPoint a, SwanPoint b) in Sides())
        {
            if (PolygonSide.Crosses(a, b, start, end)) return false;
            if (box.Contains(a)) cuts.Add(Along(a));
        }
        cuts.Sort();
        for (int i = 1; i < cuts.Count; i++)
        {
            double middle = Middle(cuts[i - 1], cuts[i]);
            if (!Contains(upright ? new SwanPoint(box.West, middle) : new SwanPoint(middle, box.South))) return false;
        }
        return Contains(start) && Contains(end);

        double Along(SwanPoint point) => upright ? point.Y : point.X;
    }

    // Neither overflows nor leaves the interval.
    private static double Middle(double low, double high) => Math.Clamp(low / 2 + high / 2, low, high);
}
