using CsCheck;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Overlay;
using NetTopologySuite.Operation.OverlayNG;
using Swan.Geo.Places;

namespace Swan.Geo.Tests.Places;

public sealed class NonMaximumSuppressionTests
{
    // Windows of two scales in two scenes, with few different scores so that there are ties.
    private static readonly Gen<Place> s_window = Gen.Select(
        Gen.Int[0, 12], Gen.Int[0, 12], Gen.Int[1, 6], Gen.Int[0, 9], Gen.OneOf("a.tif", "b.tif"), Gen.OneOf("boat", "harbor"))
        .Select((x, y, side, score, scene, query) => Found.Pixels(x, y, score / 10f, scene, side) with { Query = query });

    // Rotated, as windows of scenes in other coordinates are on the earth, also across the antimeridian.
    private static readonly Gen<Place> s_footprint = Gen.Select(
        Gen.Double[179.9, 180.1], Gen.Double[59.95, 60.05], Gen.Double[0.005, 0.03], Gen.Double[0, Math.PI], Gen.Int[0, 9])
        .Select((x, y, size, turn, score) => Found.Pixels(0, 0, score / 10f, "s.tif") with { Footprint = Turned(x, y, size, turn) });

    private static readonly Gen<SuppressionOptions> s_options = Gen.Select(
        Gen.Double[0.05, 0.95], Gen.Enum<OverlapMeasure>(), Gen.Int[1, 30].Nullable())
        .Select((limit, measure, most) => new SuppressionOptions { MaxOverlap = limit, Measure = measure, MaxPlaces = most });

    [Fact]
    public void What_is_kept_is_what_comparing_all_pairs_keeps() =>
        Gen.Select(s_window.List[0, 60], s_options).Sample(AgreesWithAllPairs, iter: 1500);

    [Fact]
    public void On_the_earth_too_and_across_the_antimeridian() =>
        Gen.Select(s_footprint.List[0, 40], s_options).Sample(AgreesWithAllPairs, iter: 300);

    [Fact]
    public void The_order_of_places_does_not_matter() => Gen.Select(s_window.List[2, 50], Gen.Int).Sample((places, seed) =>
    {
        Place[] shuffled = [.. places];
        new Random(seed).Shuffle(shuffled);

        Assert.Equal(NonMaximumSuppression.Suppress(places), NonMaximumSuppression.Suppress(shuffled));
    });

    [Fact]
    public void A_small_window_in_a_large_one_is_suppressed_unless_union_is_the_measure()
    {
        Place[] places = [Found.Pixels(0, 0, 0.4f, side: 800), Found.Pixels(100, 100, 0.3f, side: 100)];

        Assert.Equal([places[0]], NonMaximumSuppression.Suppress(places));
        Assert.Equal(places, NonMaximumSuppression.Suppress(places, new() { Measure = OverlapMeasure.Union }));
    }

    [Fact]
    public void Overlapping_scenes_are_merged_on_the_earth()
    {
        Place[] places = [Found.At(10, 50, 0.4f, "a.tif"), Found.At(10.002, 50.001, 0.3f, "b.tif"), Found.At(10.02, 50, 0.2f, "b.tif")];

        Assert.Equal([places[0], places[2]], NonMaximumSuppression.Suppress(places));
    }

    [Fact]
    public void Scenes_of_one_coordinate_system_are_merged_on_its_map_and_others_are_not()
    {
        Place[] places =
        [
            Found.OnMap(0, 0, "local grid", score: 0.5f, scene: "a.tif"), Found.OnMap(10, 0, "local grid", score: 0.4f, scene: "b.tif"),
            Found.OnMap(0, 0, "other grid", score: 0.3f, scene: "c.tif"), Found.OnMap(0, 0, null, score: 0.2f, scene: "d.tif"),
            Found.OnMap(0, 0, null, score: 0.1f, scene: "e.tif"),
        ];

        Assert.Equal([places[0], places[2], places[3], places[4]], NonMaximumSuppression.Suppress(places));
    }

    [Fact]
    public void Windows_that_only_touch_stay_even_where_no_overlap_is_allowed()
    {
        Place[] places = [.. Enumerable.Range(0, 100).Select(i => Found.At(0.1 * (i % 10), 0.1 * (i / 10), size: 0.1))];

        Assert.Equal(100, NonMaximumSuppression.Suppress(places, new() { MaxOverlap = 0 }).Count);
    }

    [Fact]
    public void Answers_to_different_queries_stay()
    {
        Place[] places = [Found.At(1, 1, 0.4f), Found.At(1, 1, 0.3f) with { Query = "boat" }];

        Assert.Equal(places, NonMaximumSuppression.Suppress(places));
    }

    [Fact]
    public void What_has_no_rank_or_no_area_is_refused()
    {
        Assert.Throws<ArgumentException>(() => NonMaximumSuppression.Suppress([Found.Pixels(0, 0, float.NaN)]));
        var e = Assert.Throws<ArgumentException>(
            () => NonMaximumSuppression.Suppress([Found.Pixels(0, 0) with { Footprint = new Point(1, 2) }]));
        Assert.Contains("a Point; expected a Polygon", e.Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => NonMaximumSuppression.Suppress([Found.Pixels(0, 0)], token: new(canceled: true)));
    }

    [Fact]
    public void Options_are_checked_together()
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => NonMaximumSuppression.Suppress(
            [], new() { MaxOverlap = double.NaN, Measure = (OverlapMeasure)7, MaxPlaces = 0 }));

        Assert.Contains("MaxOverlap is NaN; expected a number from 0 to 1; Measure is 7", e.Message, StringComparison.Ordinal);
        Assert.Contains("MaxPlaces is 0", e.Message, StringComparison.Ordinal);
    }

    private static void AgreesWithAllPairs(List<Place> places, SuppressionOptions options)
    {
        var kept = new List<Place>();
        foreach (Place place in places.OrderByDescending(p => p.Score).ThenBy(p => p.Scene, StringComparer.Ordinal).ThenBy(p => p.Row)
            .ThenBy(p => p.Column).ThenBy(p => p.Height).ThenBy(p => p.Query, StringComparer.Ordinal))
        {
            if (kept.Count == options.MaxPlaces) break;
            double overlap = kept.Where(k => k.Query == place.Query).Max(k => (double?)Overlap(k, place, options.Measure)) ?? 0;
            // Rounding decides.
            if (Math.Abs(overlap - options.MaxOverlap) < 1e-4) return;
            if (overlap <= options.MaxOverlap) kept.Add(place);
        }

        Assert.Equal(kept, NonMaximumSuppression.Suppress(places, options), ReferenceEqualityComparer.Instance);
    }

    private static double Overlap(Place a, Place b, OverlapMeasure measure)
    {
        if (a.Footprint is null && a.Scene != b.Scene) return 0;
        Geometry one = Plane(a), other = Plane(b);
        double shared = OverlayNGRobust.Overlay(one, other, SpatialFunction.Intersection).Area;
        return shared / (measure == OverlapMeasure.Smaller ? Math.Min(one.Area, other.Area) : one.Area + other.Area - shared);
    }

    // The footprint before it was cut, where a degree of longitude is as long as at the middle latitude: half a degree of latitude.
    private static Polygon Plane(Place place) => place.Footprint?.UserData is Polygon whole
        ? Found.Polygon([.. whole.Shell.Coordinates.SkipLast(1).Select(c => (c.X / 2, c.Y))])
        : Found.Box(place.Column + place.Width / 2.0, place.Row + place.Height / 2.0, place.Width);

    // A square, cut at the antimeridian where it crosses that.
    private static Geometry Turned(double x, double y, double size, double turn)
    {
        Polygon whole = Found.Polygon([.. Enumerable.Range(0, 4).Select(i => (
            x + size * Math.Cos(turn + i * Math.PI / 2) * Math.Sqrt(2), y + size * Math.Sin(turn + i * Math.PI / 2) / Math.Sqrt(2)))]);
        Geometry west = whole.Intersection(Found.Polygon((0, -90), (180, -90), (180, 90), (0, 90)));
        Geometry east = whole.Intersection(Found.Polygon((180, -90), (360, -90), (360, 90), (180, 90)));
        Geometry cut = (west, east) switch
        {
            (Polygon { IsEmpty: false } within, Polygon { IsEmpty: false } beyond) => new MultiPolygon([within, Moved(beyond)]),
            (_, Polygon { IsEmpty: false } beyond) => Moved(beyond),
            _ => whole.Copy(),
        };
        cut.UserData = whole;
        return cut;

        static Polygon Moved(Polygon beyond) =>
            Found.Polygon([.. beyond.Shell.Coordinates.SkipLast(1).Select(c => (c.X - 360, c.Y))]);
    }
}
