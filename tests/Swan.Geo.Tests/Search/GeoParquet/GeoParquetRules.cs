using System.Text.Json;
using System.Text.Json.Nodes;
using Parquet.Schema;

namespace Swan.Geo.Tests.Search;

/// <summary>What GeoParquet 1.1 asks of a file: the rules of its schema.json, and those of its text that concern columns.</summary>
internal static class GeoParquetRules
{
    private static readonly string[] s_kinds = ["Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon",
        "GeometryCollection"];
    private static readonly string[] s_sides = ["xmin", "ymin", "xmax", "ymax"];

    /// <summary>A sentence for each rule that is broken.</summary>
    public static IEnumerable<string> Faults(JsonNode geo, ParquetSchema schema)
    {
        if (Text(geo["version"]) != "1.1.0") yield return "version must be 1.1.0";
        if (geo["columns"] is not JsonObject { Count: > 0 } columns)
        {
            yield return "columns must be an object with a column";
            yield break;
        }
        if (Text(geo["primary_column"]) is not { Length: > 0 } primary || !columns.ContainsKey(primary))
            yield return "primary_column must be one of columns";
        foreach ((string name, JsonNode? column) in columns)
        {
            foreach (string fault in ColumnFaults(name, column!.AsObject(), schema)) yield return $"{name}: {fault}";
        }
    }

    private static IEnumerable<string> ColumnFaults(string name, JsonObject column, ParquetSchema schema)
    {
        if (schema.Fields.SingleOrDefault(f => f.Name == name) is not DataField { IsArray: false } field
            || field.ClrType != typeof(byte[]) && field.ClrType != typeof(ReadOnlyMemory<byte>))
        {
            yield return "must be bytes at the schema's root, not repeated";
            yield break;
        }
        if (Text(column["encoding"]) != "WKB") yield return "encoding must be WKB";
        string?[] types = column["geometry_types"] is JsonArray given ? [.. given.Select(Text)] : [null];
        if (types.Any(t => t is null || !s_kinds.Contains(t.EndsWith(" Z", StringComparison.Ordinal) ? t[..^2] : t)))
            yield return "geometry_types must be an array of names of geometries";
        if (types.Distinct().Count() != types.Length) yield return "geometry_types must be unique";
        if (column.ContainsKey("crs") && column["crs"] is not (null or JsonObject)) yield return "crs must be PROJJSON or null";
        if (column.ContainsKey("edges") && Text(column["edges"]) is not ("planar" or "spherical"))
            yield return "edges must be planar or spherical";
        if (column.ContainsKey("orientation") && Text(column["orientation"]) != "counterclockwise")
            yield return "orientation must be counterclockwise";
        if (column.ContainsKey("epoch") && column["epoch"]?.GetValueKind() != JsonValueKind.Number) yield return "epoch must be a number";
        if (column.ContainsKey("bbox") && !(column["bbox"] is JsonArray { Count: 4 or 6 } bounds
            && bounds.All(side => side?.GetValueKind() == JsonValueKind.Number)))
        {
            yield return "bbox must be 4 or 6 numbers";
        }
        if (!column.ContainsKey("covering")) yield break;
        if (column["covering"]?["bbox"] is not JsonObject covering)
        {
            yield return "covering must have bbox";
            yield break;
        }
        foreach (string side in s_sides)
        {
            if (covering[side] is not JsonArray { Count: 2 } path || Text(path[1]) != side || Text(path[0]) != Text(covering["xmin"]?[0]))
                yield return $"covering.bbox.{side} must be a column and '{side}'";
        }
        if (schema.Fields.SingleOrDefault(f => f.Name == Text(covering["xmin"]?[0])) is not StructField box)
        {
            yield return "covering's column must be a group at the schema's root";
            yield break;
        }
        if (!box.Fields.Select(f => f.Name).SequenceEqual(s_sides)) yield return "covering's column must have xmin, ymin, xmax, ymax";
        if (box.Fields.Any(f => f is not DataField { IsNullable: false } data || data.ClrType != typeof(double)))
            yield return "covering's fields must be there, and all of one type of float";
        if (box.IsNullable != field.IsNullable) yield return "covering's column must be repeated as the geometry is";
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
