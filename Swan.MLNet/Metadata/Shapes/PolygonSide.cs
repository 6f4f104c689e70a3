namespace Swan.MLNet.Metadata;

/// <summary>The exact position of one polygon side, from a to b, relative to points, boxes and lines.</summary>
internal static class PolygonSide
{
    /// <summary>Whether a point is on the side; if not, <paramref name="inside"/> turns where a line from the point to the east crosses it.
    /// </summary>
    public static bool Meets(SwanPoint a, SwanPoint b, SwanPoint point, ref bool inside)
    {
        if (a.Y > point.Y == b.Y > point.Y)
        {
            // Both ends above, or neither: the line to the east doesn't cross it, but it may end or lie at the point's height.
            return Math.Max(a.Y, b.Y) == point.Y && point.X >= Math.Min(a.X, b.X) && point.X <= Math.Max(a.X, b.X)
                && Orientation.Of(a, b, point) == 0;
        }
        int side = Orientation.Of(a, b, point);
        if (side == 0) return true;
        // Left of a side that rises: the side is to the east.
        if (side > 0 == b.Y > a.Y) inside = !inside;
        return false;
    }

    /// <summary>Whether a line to the east crosses the side, from a place beside a point through which the side doesn't lead.</summary>
    /// <param name="a">Where the side begins.</param>
    /// <param name="b">Where it ends.</param>
    /// <param name="point">The point.</param>
    /// <param name="above">The place is just above the point; otherwise it is just east of it, and far less above it.</param>
    public static bool IsEastOf(SwanPoint a, SwanPoint b, SwanPoint point, bool above)
    {
        if (a.Y > point.Y == b.Y > point.Y) return false;
        int side = Orientation.Of(a, b, point);
        if (side != 0) return side > 0 == b.Y > a.Y;
        // Through the point itself: just above it the side is where it leans to, and a place east of the point is farther.
        return above && (b.Y > a.Y ? b.X > a.X : a.X > b.X);
    }

    /// <summary>Whether a side along an axis has the place beside one of its points, along that axis.</summary>
    /// <param name="a">Where the side begins.</param>
    /// <param name="b">Where it ends.</param>
    /// <param name="point">The point.</param>
    /// <param name="above">The place is just above the point; otherwise it is just east of it.</param>
    public static bool LeadsOn(SwanPoint a, SwanPoint b, SwanPoint point, bool above) => above
        ? a.X == point.X && b.X == point.X && Math.Min(a.Y, b.Y) <= point.Y && Math.Max(a.Y, b.Y) > point.Y
        : a.Y == point.Y && b.Y == point.Y && Math.Min(a.X, b.X) <= point.X && Math.Max(a.X, b.X) > point.X;

    /// <summary>Whether the side and a box have a point in common.</summary>
    public static bool Touches(SwanPoint a, SwanPoint b, SwanBox box)
    {
        if (Math.Max(a.X, b.X) < box.West || Math.Min(a.X, b.X) > box.East
            || Math.Max(a.Y, b.Y) < box.South || Math.Min(a.Y, b.Y) > box.North) return false;
        (int least, int greatest) = Corners(a, b, box);
        return least <= 0 && greatest >= 0;
    }

    /// <summary>Whether the side and a box without its boundary have a point in common.</summary>
    public static bool Enters(SwanPoint a, SwanPoint b, SwanBox box)
    {
        if (Math.Max(a.X, b.X) <= box.West || Math.Min(a.X, b.X) >= box.East
            || Math.Max(a.Y, b.Y) <= box.South || Math.Min(a.Y, b.Y) >= box.North) return false;
        if (a == b) return true;
        (int least, int greatest) = Corners(a, b, box);
        return least < 0 && greatest > 0;
    }

    /// <summary>Whether the side and a line cross in a point that is no end of either.</summary>
    public static bool Crosses(SwanPoint a, SwanPoint b, SwanPoint start, SwanPoint end) =>
        Orientation.Of(a, b, start) * Orientation.Of(a, b, end) < 0 && Orientation.Of(start, end, a) * Orientation.Of(start, end, b) < 0;

    // Between which sides of the line through a and b the box's corners are. The boxes overlap already, so this decides (separating axes).
    private static (int Least, int Greatest) Corners(SwanPoint a, SwanPoint b, SwanBox box)
    {
        int first = Orientation.Of(a, b, box.West, box.South), second = Orientation.Of(a, b, box.East, box.South);
        int third = Orientation.Of(a, b, box.East, box.North), fourth = Orientation.Of(a, b, box.West, box.North);
        return (Math.Min(Math.Min(first, second), Math.Min(third, fourth)), Math.Max(Math.Max(first, second), Math.Max(third, fourth)));
    }
}
