using System.Globalization;
using Microsoft.Data.Sqlite;
using NetTopologySuite.Geometries;

namespace Swan.Geo.Places;

/// <summary>Writes places as a GeoPackage 1.3 (OGC 12-128r17), with spatial indexes and a style for QGIS.</summary>
/// <remarks>
/// The table <c>places</c> has the footprints in WGS 84. Places of scenes whose coordinates can't be transformed are in a table for each
/// coordinate system, such as <c>places_epsg_2154</c>, or <c>places_undefined</c> where it isn't known; those without a georeference are in
/// <c>places_without_position</c>, which has no geometry. A place's <c>fid</c> is its position in the list, from 1. Columns are named as
/// <see cref="GeoJsonWriter"/> names properties.
/// </remarks>
internal static class GeoPackageWriter
{
    private static readonly string[] s_columns =
    [
        "fid", "query", "score", "probability", "scene", "window_column", "window_row", "window_width", "window_height", "date",
        "meters_per_pixel", "coordinate_system", "epsg",
    ];

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file; replaced if it exists, and its folder made.</param>
    /// <param name="places">In the order in which they are numbered.</param>
    /// <param name="definitions">
    /// Definitions of coordinate systems as well-known text, by <see cref="Place.CoordinateSystem"/>; one that isn't there is written as
    /// "undefined", and readers know it by its EPSG code.
    /// </param>
    /// <param name="token">Ends writing; the path is as it was.</param>
    /// <exception cref="ArgumentException">A footprint isn't one of polygons, or a score is no number.</exception>
    /// <exception cref="IOException">The file can't be written, or another program has it open.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static void Write(
        string path, IReadOnlyList<Place> places, IReadOnlyDictionary<string, string>? definitions = null,
        CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(places);
        using DatabaseFile file = DatabaseFile.Create(path);
        try
        {
            Write(file, places, definitions ?? new Dictionary<string, string>(), token);
        }
        catch (SqliteException e)
        {
            throw new IOException($"'{path}' can't be written: SQLite says '{e.Message}'. An existing file is unchanged.", e);
        }

        file.Commit();
    }

    private static void Write(
        DatabaseFile file, IReadOnlyList<Place> places, IReadOnlyDictionary<string, string> definitions, CancellationToken token)
    {
        file.Execute(GeoPackageSchema.Base);
        using SqliteTransaction transaction = file.Connection.BeginTransaction();
        var layers = new GeoPackageLayers(definitions);
        // A file without places has the table in which a reader looks for them.
        var groups = Enumerable.Range(0, places.Count).GroupBy(i => layers.Of(places[i])).ToList();
        if (groups.Count == 0) layers.Create(file, layers.Wgs84);
        foreach (IGrouping<GeoPackageLayer, int> group in groups)
        {
            layers.Create(file, group.Key);
            Fill(file, group.Key, places, group, token);
        }

        transaction.Commit();
    }

    private static void Fill(
        DatabaseFile file, GeoPackageLayer layer, IReadOnlyList<Place> places, IEnumerable<int> members, CancellationToken token)
    {
        string[] columns = layer.SrsId is null ? s_columns : [.. s_columns, "geom"];
        using SqliteCommand row = Insert(file, layer.Table, columns);
        using SqliteCommand? box =
            layer.SrsId is null ? null : Insert(file, $"rtree_{layer.Table}_geom", ["id", "minx", "maxx", "miny", "maxy"]);
        var around = new Envelope();
        foreach (int index in members)
        {
            token.ThrowIfCancellationRequested();
            Place place = places[index];
            if (float.IsNaN(place.Score))
                throw new ArgumentException($"The score of a window of '{place.Scene}' is not a number.", nameof(places));
            Geometry? geometry = place.Footprint ?? place.MapFootprint;
            Set(row, Values(index + 1, place));
            if (layer.SrsId is { } srsId) row.Parameters["$geom"].Value = GeoPackageGeometry.Encode(geometry!, srsId);
            row.ExecuteNonQuery();
            if (box is null) continue;
            Envelope bounds = geometry!.EnvelopeInternal;
            around.ExpandToInclude(bounds);
            Set(box, [index + 1, bounds.MinX, bounds.MaxX, bounds.MinY, bounds.MaxY]);
            box.ExecuteNonQuery();
        }

        if (layer.SrsId is null) return;
        file.Execute(GeoPackageSchema.Triggers(layer.Table));
        using SqliteCommand extent = file.Connection.CreateCommand();
        extent.CommandText = "UPDATE gpkg_contents SET min_x = $a, min_y = $b, max_x = $c, max_y = $d WHERE table_name = $table";
        extent.Parameters.AddWithValue("$table", layer.Table);
        foreach ((string name, double side) in
            ((string, double)[])[("$a", around.MinX), ("$b", around.MinY), ("$c", around.MaxX), ("$d", around.MaxY)])
        {
            extent.Parameters.AddWithValue(name, side);
        }

        extent.ExecuteNonQuery();
        AddStyle(file, layer.Table, [.. members.Select(i => places[i])]);
    }

    private static object?[] Values(int id, Place place) =>
    [
        id, place.Query, Shortest(place.Score), place.Probability, place.Scene, place.Column, place.Row, place.Width, place.Height,
        place.Date?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture), place.MetersPerPixel,
        place.CoordinateSystem, place.EpsgCode,
    ];

    // The number that people read for a float, not the double that it is: 0.3, not 0.30000001192.
    private static double Shortest(float value) =>
        double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    // By probability where all places have one.
    private static void AddStyle(DatabaseFile file, string table, Place[] places)
    {
        bool likely = places.All(p => p.Probability is not null);
        double[] values = [.. places.Select(p => likely ? p.Probability!.Value : Shortest(p.Score))];
        using SqliteCommand style = Insert(file, "layer_styles",
            ["f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName", "styleQML", "styleSLD", "useAsDefault",
                "description", "owner"]);
        string qml = GeoPackageStyle.Qml(likely ? "probability" : "score", values.Min(), values.Max());
        Set(style, ["", "", table, "geom", "places", qml, "", 1, "Places by how well they fit the query", ""]);
        style.ExecuteNonQuery();
    }

    private static SqliteCommand Insert(DatabaseFile file, string table, string[] columns)
    {
        SqliteCommand command = file.Connection.CreateCommand();
        command.CommandText =
            $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(c => $"${c}"))})";
        foreach (string column in columns) command.Parameters.Add(new SqliteParameter { ParameterName = $"${column}" });
        return command;
    }

    private static void Set(SqliteCommand command, object?[] values)
    {
        for (int i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }
}
