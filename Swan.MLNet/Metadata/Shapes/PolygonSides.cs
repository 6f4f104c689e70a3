namespace Swan.MLNet.Metadata;

/// <summary>The sides of a polygon by their heights, so that a place meets only those beside it.</summary>
/// <remarks>
/// Sides are sorted by their lower ends, so all sides that begin above a place are at the end. The others form groups of 16, of 256 and so
/// on that store the height of their highest side; a group below the place is skipped. Immutable; safe for concurrent use.
/// </remarks>
internal sealed class PolygonSides
{
    // A group has 2^4 of the level below.
    private const int Shift = 4;

    private readonly (SwanPoint A, SwanPoint B)[] _sides;
    private readonly double[] _lows;

    // tops[0]: each side's upper end; tops[l][i]: the highest of the sides from i * 16^l on, 16^l of them.
    private readonly double[][] _tops;

    /// <param name="rings">Open: a side leads from the last point to the first.</param>
    public PolygonSides(SwanPoint[][] rings)
    {
        _sides = [.. rings.SelectMany(ring => ring.Select((b, i) => (ring[i == 0 ? ^1 : i - 1], b)))];
        _lows = Array.ConvertAll(_sides, side => Math.Min(side.A.Y, side.B.Y));
        Array.Sort(_lows, _sides);
        var tops = new List<double[]> { Array.ConvertAll(_sides, side => Math.Max(side.A.Y, side.B.Y)) };
        while (tops[^1].Length > 1) tops.Add([.. tops[^1].Chunk(1 << Shift).Select(group => group.Max())]);
        _tops = [.. tops];
    }

    /// <summary>The sides that are somewhere between two heights, or end at one of them.</summary>
    public Beside Between(double low, double high) => new(this, low, high);

    /// <summary>Whether the place beside a point is in the polygon, for one through which no side passes.</summary>
    /// <param name="point">The point.</param>
    /// <param name="above">The place is just above the point; otherwise it is just east of it, and far less above it.</param>
    public bool IsInside(SwanPoint point, bool above)
    {
        bool inside = false;
        foreach ((SwanPoint a, SwanPoint b) in Between(point.Y, point.Y)) inside ^= PolygonSide.IsEastOf(a, b, point, above);
        return inside;
    }

    /// <summary>Some of the sides, by their lower ends.</summary>
    public struct Beside
    {
        private readonly PolygonSides _all;
        private readonly double _low;
        private readonly int _end;
        private int _at;

        internal Beside(PolygonSides all, double low, double high)
        {
            (_all, _low, _at) = (all, low, -1);
            int end = all._lows.Length;
            for (int first = 0; first < end;)
            {
                int middle = (first + end) / 2;
                if (all._lows[middle] <= high) first = middle + 1;
                else end = middle;
            }
            _end = end;
        }

        public readonly (SwanPoint A, SwanPoint B) Current => _all._sides[_at];

        public readonly Beside GetEnumerator() => this;

        public bool MoveNext()
        {
            for (_at++; _at < _end;)
            {
                int below = Below();
                if (below == 0) return true;
                _at += below;
            }
            return false;
        }

        // The size of the largest group that begins here and doesn't reach so high; 0 where this side does.
        private readonly int Below()
        {
            double[][] tops = _all._tops;
            if (tops[0][_at] >= _low) return 0;
            int level = 0;
            while (level + 1 < tops.Length && _at % (1 << Shift * (level + 1)) == 0 && tops[level + 1][_at >> Shift * (level + 1)] < _low)
                level++;
            return 1 << Shift * level;
        }
    }
}
