using System.Text.Json.Nodes;
using NetTopologySuite.Geometries;
using Swan.Geo.Places;

namespace Swan.Geo.Search;

/// <summary>What GeoParquet 1.1 says of a file's outlines, gathered while they are written.</summary>
internal sealed class GeoMetadata
{
    /// <summary>The name of the file's value.</summary>
    public const string Name = "geo";

    /// <summary>The columns of outlines, and of their bounds.</summary>
    public const string Geometry = "geometry", Bounds = "bbox";

    private static readonly string[] s_sides = ["xmin", "ymin", "xmax", "ymax"];

    private readonly FootprintBounds _bounds = new();
    private readonly SortedSet<string> _types = new(StringComparer.Ordinal);

    /// <summary>The fields of <see cref="Bounds"/>.</summary>
    public static IReadOnlyList<string> Sides => s_sides;

    /// <summary>Takes an outline.</summary>
    public void Add(Geometry footprint)
    {
        _bounds.Add(footprint);
        _types.Add(footprint.GeometryType);
    }

    /// <summary>The file's value. Without a coordinate system, it is longitudes and latitudes of WGS 84 (OGC:CRS84).</summary>
    public override string ToString()
    {
        // What the map bends has further points: between two of them an outline is straight in degrees.
        var column = new JsonObject
        {
            ["encoding"] = "WKB", ["geometry_types"] = new JsonArray([.. _types.Select(type => JsonValue.Create(type))]),
            ["orientation"] = "counterclockwise", ["edges"] = "planar",
            ["covering"] = new JsonObject { ["bbox"] = new JsonObject(
                s_sides.Select(side => KeyValuePair.Create(side, (JsonNode?)new JsonArray(Bounds, side)))) },
        };
        if (!_bounds.IsEmpty)
        {
            (double west, double south, double east, double north) = _bounds.Sides;
            column["bbox"] = new JsonArray(west, south, east, north);
        }
        return new JsonObject
        {
            ["version"] = "1.1.0", ["primary_column"] = Geometry, ["columns"] = new JsonObject { [Geometry] = column },
        }.ToJsonString();
    }
}
