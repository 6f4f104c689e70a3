using NetTopologySuite.Geometries;
using NetTopologySuite.Index;
using NetTopologySuite.Index.HPRtree;

namespace Swan.Geo.Places;

/// <summary>Merges windows that overlap, also of overlapping scenes: of those that show the same spot, the best one stays.</summary>
/// <remarks>
/// Greedy: the place with the largest score is kept, and suppresses those that overlap it too much; then the next one that is left. Equal
/// scores go by scene, row, column, size, and the order in which they were given. Answers to different queries don't suppress each other.
/// Overlap is measured on the earth where footprints in WGS 84 are known, else in a common coordinate system, else in pixels of one scene.
/// </remarks>
internal static class NonMaximumSuppression
{
    // Windows that only touch share nothing but the last digits of numbers.
    private const double Tolerance = 1e-9;

    /// <summary>Keeps the best places.</summary>
    /// <param name="places">In any order.</param>
    /// <param name="options">When places suppress each other; null: as by default.</param>
    /// <param name="token">Ends it.</param>
    /// <returns>Those that are kept, the best first.</returns>
    /// <exception cref="ArgumentException">A score is no number, or a footprint no polygon.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is not valid.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static IReadOnlyList<Place> Suppress(
        IReadOnlyList<Place> places, SuppressionOptions? options = null, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(places);
        options ??= new();
        options.Check();
        Place[] sorted = Sorted(places);
        PlanarRegion[] regions = Array.ConvertAll(sorted, PlanarRegion.Of);
        var trees = new Dictionary<(string Query, string Plane), HPRtree<int>>();
        for (int rank = 0; rank < sorted.Length; rank++)
        {
            (string, string) group = (sorted[rank].Query, regions[rank].Plane);
            if (!trees.TryGetValue(group, out HPRtree<int>? tree)) trees.Add(group, tree = new());
            tree.Insert(regions[rank].Envelope, rank);
        }

        token.ThrowIfCancellationRequested();
        var kept = new List<Place>();
        var round = new Round(regions, options);
        for (int rank = 0; rank < sorted.Length && kept.Count < (options.MaxPlaces ?? int.MaxValue); rank++)
        {
            if (round.IsSuppressed(rank)) continue;
            token.ThrowIfCancellationRequested();
            kept.Add(sorted[rank]);
            round.Begin(rank);
            trees[(sorted[rank].Query, regions[rank].Plane)].Query(regions[rank].Envelope, round);
        }

        return kept;
    }

    private static Place[] Sorted(IReadOnlyList<Place> places)
    {
        Place[] all = [.. places];
        foreach (Place place in all)
        {
            if (float.IsNaN(place.Score))
                throw new ArgumentException($"The score of a window of '{place.Scene}' is not a number, so it can't rank.", nameof(places));
        }

        int[] order = [.. Enumerable.Range(0, all.Length)];
        Array.Sort(order, (a, b) => Compare(all[a], all[b]) is var c and not 0 ? c : a.CompareTo(b));
        return Array.ConvertAll(order, i => all[i]);
    }

    private static int Compare(Place a, Place b)
    {
        int order = b.Score.CompareTo(a.Score);
        if (order == 0) order = string.CompareOrdinal(a.Scene, b.Scene);
        if (order == 0) order = (a.Row, a.Column, a.Height, a.Width).CompareTo((b.Row, b.Column, b.Height, b.Width));
        return order != 0 ? order : string.CompareOrdinal(a.Query, b.Query);
    }

    /// <summary>What a place that is kept does to those around it.</summary>
    private sealed class Round(PlanarRegion[] regions, SuppressionOptions options) : IItemVisitor<int>
    {
        private readonly bool[] _suppressed = new bool[regions.Length];
        private readonly RingClipper _clipper = new();
        private int _keeper;

        public bool IsSuppressed(int rank) => _suppressed[rank];

        public void Begin(int keeper) => _keeper = keeper;

        public void VisitItem(int rank)
        {
            if (rank > _keeper && !_suppressed[rank]) _suppressed[rank] = Overlaps(regions[_keeper], regions[rank]);
        }

        private bool Overlaps(PlanarRegion a, PlanarRegion b)
        {
            // No more is shared than the rectangles around both share, and than the smaller one has.
            double most = Math.Min(SharedArea(a.Envelope, b.Envelope), Math.Min(a.Area, b.Area));
            return IsTooMuch(Share(most, a, b)) && IsTooMuch(Share(a.SharedArea(b, _clipper), a, b));
        }

        private static double SharedArea(Envelope a, Envelope b) =>
            Math.Max(Math.Min(a.MaxX, b.MaxX) - Math.Max(a.MinX, b.MinX), 0)
            * Math.Max(Math.Min(a.MaxY, b.MaxY) - Math.Max(a.MinY, b.MinY), 0);

        private bool IsTooMuch(double overlap) => overlap > options.MaxOverlap + Tolerance;

        private double Share(double shared, PlanarRegion a, PlanarRegion b)
        {
            double whole = options.Measure == OverlapMeasure.Smaller ? Math.Min(a.Area, b.Area) : a.Area + b.Area - shared;
            return whole > 0 ? shared / whole : 0;
        }
    }
}
