using System.Diagnostics.Metrics;

namespace SceneSearch.Web.Observing;

/// <summary>What this program measures beside Swan's own meter and ASP.NET's.</summary>
internal static class SearchMeter
{
    public const string Name = "SceneSearch.Web";

    private const string CacheTag = "cache";

    private static readonly Meter s_meter = new(Name);

    private static readonly Histogram<double> s_time = s_meter.CreateHistogram(
        "scene_search.duration", "s", "One search: encoding its text, comparing, merging.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
        });

    private static readonly Counter<long> s_texts = s_meter.CreateCounter<long>(
        "scene_search.texts", "{text}", "Texts that were asked for; those that were asked for before need no encoding."),
        s_pictures = s_meter.CreateCounter<long>("scene_search.pictures", "{picture}", "Pictures of windows and images."),
        s_tiles = s_meter.CreateCounter<long>("scene_search.tiles", "{tile}", "Tiles of maps.");

    public static void Search(string kind, TimeSpan time) =>
        s_time.Record(time.TotalSeconds, new KeyValuePair<string, object?>("kind", kind));

    public static void Text(bool isHit) => s_texts.Add(1, Cache(isHit));

    public static void Picture(bool isHit) => s_pictures.Add(1, Cache(isHit));

    public static void Tile(bool isHit) => s_tiles.Add(1, Cache(isHit));

    private static KeyValuePair<string, object?> Cache(bool isHit) => new(CacheTag, isHit ? "hit" : "miss");
}
