using NetTopologySuite.Geometries;

namespace Swan.Geo.Places;

/// <summary>
/// GeoJSON's bbox of footprints that come one after another: where one crosses the antimeridian, west is more than east (RFC 7946, 5.2).
/// </summary>
internal sealed class FootprintBounds
{
    private readonly Envelope _all = new();

    // The longitudes that footprints cover, from west to east, with gaps between them.
    private readonly List<(double West, double East)> _spans = [];

    private bool _crosses;

    /// <summary>Whether there was no footprint.</summary>
    public bool IsEmpty => _all.IsNull;

    /// <summary>The bounds of all.</summary>
    public (double West, double South, double East, double North) Sides
    {
        get
        {
            (double west, double east) = _crosses ? AroundWidestGap() : (_all.MinX, _all.MaxX);
            return (west, _all.MinY, east, _all.MaxY);
        }
    }

    /// <summary>The bounds of footprints that are at hand, at least one.</summary>
    public static (double West, double South, double East, double North) Of(IEnumerable<Geometry> footprints)
    {
        var bounds = new FootprintBounds();
        foreach (Geometry footprint in footprints) bounds.Add(footprint);
        return bounds.Sides;
    }

    /// <summary>Takes a footprint.</summary>
    /// <exception cref="ArgumentException">It consists of something else than polygons, or of nothing.</exception>
    public void Add(Geometry footprint)
    {
        foreach (Polygon part in Footprints.Polygons(footprint)) Add(part.EnvelopeInternal.MinX, part.EnvelopeInternal.MaxX);
        _all.ExpandToInclude(footprint.EnvelopeInternal);
        _crosses |= Footprints.CrossesAntimeridian(footprint);
    }

    // Windows of a scene overlap, so there are about as many spans as scenes.
    private void Add(double west, double east)
    {
        int low = 0, high = _spans.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_spans[middle].East < west) low = middle + 1;
            else high = middle;
        }

        int after = low;
        for (; after < _spans.Count && _spans[after].West <= east; after++)
            (west, east) = (Math.Min(west, _spans[after].West), Math.Max(east, _spans[after].East));
        _spans.RemoveRange(low, after - low);
        _spans.Insert(low, (west, east));
    }

    private (double West, double East) AroundWidestGap()
    {
        (double west, double east, double widest) = (-180, 180, 0);
        for (int i = 1; i < _spans.Count; i++)
        {
            double gap = _spans[i].West - _spans[i - 1].East;
            if (gap > widest) (widest, west, east) = (gap, _spans[i].West, _spans[i - 1].East);
        }

        return (west, east);
    }
}
