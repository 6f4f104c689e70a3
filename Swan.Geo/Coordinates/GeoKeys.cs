using Swan.Geo.Rasters;

namespace Swan.Geo.Coordinates;

/// <summary>A GeoTIFF's keys and their values.</summary>
/// <remarks>Source: OGC GeoTIFF standard 1.1 (OGC 19-008r4), clause 7.1 and annex B.</remarks>
internal sealed class GeoKeys
{
    public const int ModelType = 1024, RasterType = 1025, GeodeticCrs = 2048, GeodeticCitation = 2049, GeodeticDatum = 2050,
        AngularUnit = 2054, ProjectedCrs = 3072, ProjectedCitation = 3073, Projection = 3074, ProjectionMethod = 3075, LinearUnit = 3076,
        LinearUnitSize = 3077, StandardParallel1 = 3078, StandardParallel2 = 3079, NaturalOriginLongitude = 3080,
        NaturalOriginLatitude = 3081, FalseEasting = 3082, FalseNorthing = 3083, FalseOriginLongitude = 3084, FalseOriginLatitude = 3085,
        FalseOriginEasting = 3086, FalseOriginNorthing = 3087, CenterLongitude = 3088, CenterLatitude = 3089, CenterEasting = 3090,
        CenterNorthing = 3091, ScaleAtNaturalOrigin = 3092, ScaleAtCenter = 3093, StraightVerticalPoleLongitude = 3095;

    public const int UserDefined = 32767;

    private const int EntryNumbers = 4;

    private readonly GeoTags _tags;
    private readonly Dictionary<int, (int Location, int Count, int Value)> _entries = [];

    public GeoKeys(GeoTags tags)
    {
        _tags = tags;
        ushort[] keys = tags.Keys ?? [];
        int count = keys.Length < EntryNumbers ? 0 : Math.Min(keys[3], keys.Length / EntryNumbers - 1);
        for (int i = 1; i <= count; i++)
            _entries.TryAdd(keys[i * EntryNumbers], (keys[i * EntryNumbers + 1], keys[i * EntryNumbers + 2], keys[i * EntryNumbers + 3]));
    }

    public bool IsEmpty => _entries.Count == 0;

    public bool Has(int key) => _entries.ContainsKey(key);

    /// <summary>A key's code; 0 where it has none.</summary>
    public int Code(int key) => _entries.TryGetValue(key, out var entry) && entry.Location == 0 ? entry.Value : 0;

    /// <summary>The first number of the keys that are there; null where none is, NaN where its place holds none.</summary>
    public double? Number(params ReadOnlySpan<int> keys)
    {
        foreach (int key in keys)
        {
            if (!_entries.TryGetValue(key, out var entry)) continue;
            if (entry.Location == 0) return entry.Value;
            return entry.Location == GeoTags.KeyDoublesTag && entry.Value < _tags.KeyDoubles?.Length
                ? _tags.KeyDoubles[entry.Value]
                : double.NaN;
        }

        return null;
    }

    /// <summary>A key's text; null where it has none.</summary>
    public string? Text(int key)
    {
        if (!_entries.TryGetValue(key, out var entry) || entry.Location != GeoTags.KeyTextsTag || _tags.KeyTexts is not { } texts
            || entry.Value + entry.Count > texts.Length)
        {
            return null;
        }

        return texts.Substring(entry.Value, entry.Count).TrimEnd('|');
    }
}
