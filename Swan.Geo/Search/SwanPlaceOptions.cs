using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;
using Swan.MLNet;
using Swan.MLNet.Metadata;

namespace Swan.Geo.Search;

/// <summary>Options of a search of scenes.</summary>
public sealed class SwanPlaceOptions
{
    /// <summary>Maximum number of places, 1 to 100,000 (default 10).</summary>
    public int Top { get; set; } = 10;

    /// <summary>Minimum probability of a place, 0 to 1; requires a calibrated model (default null: any, without probabilities).</summary>
    /// <remarks>
    /// Calibrations are fitted on whole images. Over the windows of scenes, where what is searched for is rare, right places get low
    /// probabilities. 0 gives each place its probability and leaves none out.
    /// </remarks>
    public double? MinProbability { get; set; }

    /// <summary>
    /// The area to search: polygons of longitudes and latitudes in WGS 84 that contain a window's middle (default null:
    /// everywhere).
    /// </summary>
    public Geometry? Inside { get; set; }

    /// <summary>
    /// Filter on the windows' columns: scene, meters_per_pixel, ground_side, date and center (default null: all).
    /// </summary>
    public SwanFilter? Filter { get; set; }

    /// <summary>
    /// Maximum overlap of two windows, as a share of the smaller one; of a larger overlap, the better one stays (default 0.3).
    /// </summary>
    public double MaxOverlap { get; set; } = 0.3;

    /// <exception cref="SwanOptionsException">Values are outside their ranges; the message names all of them.</exception>
    internal void Validate()
    {
        var faults = new List<string>();
        if (Top is < 1 or > 100_000) faults.Add($"{nameof(Top)} is {Top}; expected 1 to 100,000");
        if (MinProbability is not (null or (>= 0 and <= 1))) faults.Add($"{nameof(MinProbability)} is {MinProbability}; expected 0 to 1");
        if (MaxOverlap is not (>= 0 and <= 1)) faults.Add($"{nameof(MaxOverlap)} is {MaxOverlap}; expected 0 to 1");
        if (Inside is not (null or Polygon or MultiPolygon) || Inside?.IsEmpty == true)
            faults.Add($"{nameof(Inside)} is {(Inside!.IsEmpty ? "empty" : $"a {Inside.GeometryType}")}; expected polygons");
        if (faults.Count > 0) throw new SwanOptionsException($"{nameof(SwanPlaceOptions)}: {string.Join("; ", faults)}.");
    }

    /// <summary>Both conditions together; null: all rows.</summary>
    internal SwanFilter? Rows => (Area(), Filter) switch
    {
        ({ } area, { } filter) => area & filter,
        var (area, filter) => area ?? filter,
    };

    private SwanFilter? Area()
    {
        if (Inside is null) return null;
        // Rings of one filter exclude what lies in two of them; together, polygons that overlap are one.
        Geometry area = GeometryFixer.Fix(Inside).Union();
        IEnumerable<Polygon> polygons = Enumerable.Range(0, area.NumGeometries).Select(area.GetGeometryN).OfType<Polygon>();
        IEnumerable<LineString> rings = polygons.Where(p => !p.IsEmpty).SelectMany(p => p.InteriorRings.Prepend(p.ExteriorRing));
        return SwanFilter.Column(SceneValues.Center).Within(
            new SwanPolygon(rings.Select(ring => ring.Coordinates.Select(c => new SwanPoint(c.X, c.Y)))));
    }
}
