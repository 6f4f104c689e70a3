using Microsoft.Data.Sqlite;

namespace Swan.Geo.Places;

/// <summary>A table of places.</summary>
/// <param name="Table">Its name: small letters, digits and underscores.</param>
/// <param name="SrsId">Its coordinate system's number in the file; null for a table without geometry.</param>
/// <param name="System">The name of a coordinate system that not every GeoPackage knows; null for others.</param>
/// <param name="EpsgCode">Its EPSG code; null where it has none.</param>
internal sealed record GeoPackageLayer(string Table, int? SrsId, string? System = null, int? EpsgCode = null);

/// <summary>The tables of a GeoPackage: one for each coordinate system that places lie in.</summary>
/// <param name="definitions">Well-known texts by the names of coordinate systems.</param>
internal sealed class GeoPackageLayers(IReadOnlyDictionary<string, string> definitions)
{
    // Numbers from here on are free for coordinate systems without a code; EPSG's own end before.
    private const int FirstOwnSrsId = 100_000;
    private const int MostNameCharacters = 40;

    private readonly Dictionary<string, GeoPackageLayer> _others = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tables = new(StringComparer.Ordinal);
    private int _nextOwnSrsId = FirstOwnSrsId;

    /// <summary>The table of footprints in WGS 84.</summary>
    public GeoPackageLayer Wgs84 { get; } = new("places", GeoPackageSchema.Wgs84);

    private static readonly GeoPackageLayer s_undefined = new("places_undefined", GeoPackageSchema.UndefinedCartesian);
    private static readonly GeoPackageLayer s_withoutPosition = new("places_without_position", null);

    /// <summary>The table that a place belongs to.</summary>
    public GeoPackageLayer Of(Place place)
    {
        if (place.Footprint is not null) return Wgs84;
        if (place.MapFootprint is null) return s_withoutPosition;
        string? system = place.EpsgCode is { } code ? $"EPSG:{code}" : place.CoordinateSystem;
        if (system is null) return s_undefined;
        if (_others.TryGetValue(system, out GeoPackageLayer? layer)) return layer;
        string name = place.CoordinateSystem ?? system;
        // A system that has neither code nor definition is one that no reader knows.
        layer = place.EpsgCode is null && !definitions.ContainsKey(name)
            ? s_undefined with { Table = TableName(system) }
            : new(TableName(system), place.EpsgCode ?? _nextOwnSrsId++, name, place.EpsgCode);
        _others.Add(system, layer);
        return layer;
    }

    /// <summary>Creates an empty table, and registers its coordinate system.</summary>
    public void Create(DatabaseFile file, GeoPackageLayer layer)
    {
        if (layer.System is { } system)
        {
            using SqliteCommand add = file.Connection.CreateCommand();
            add.CommandText = "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES ($name, $id, $organization, $id, $definition, NULL)";
            add.Parameters.AddWithValue("$name", system);
            add.Parameters.AddWithValue("$id", layer.SrsId);
            add.Parameters.AddWithValue("$organization", layer.EpsgCode is null ? "NONE" : "EPSG");
            add.Parameters.AddWithValue("$definition", definitions.GetValueOrDefault(system, "undefined"));
            add.ExecuteNonQuery();
        }

        file.Execute(layer.SrsId is { } id ? GeoPackageSchema.FeatureTable(layer.Table, id) : GeoPackageSchema.AttributeTable(layer.Table));
    }

    private string TableName(string system)
    {
        string plain = string.Concat(system.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')).Trim('_');
        string name = $"places_{plain[..Math.Min(plain.Length, MostNameCharacters)]}", free = name;
        if (name == s_undefined.Table || name == s_withoutPosition.Table) free = $"{name}_1";
        for (int i = 2; !_tables.Add(free); i++) free = $"{name}_{i}";
        return free;
    }
}
