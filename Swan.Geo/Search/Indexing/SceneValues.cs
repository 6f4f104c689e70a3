using Swan.Geo.Coordinates;
using Swan.Geo.Scenes;
using Swan.MLNet.Metadata;

namespace Swan.Geo.Search;

/// <summary>The columns of an index of scenes, by which it is filtered.</summary>
internal static class SceneValues
{
    public const string Scene = "scene", Center = "center", MetersPerPixel = "meters_per_pixel", GroundSide = "ground_side", Date = "date";

    public static IReadOnlyList<SwanColumn> Columns { get; } =
    [
        new(Scene, SwanColumnType.Text), new(Center, SwanColumnType.Point), new(MetersPerPixel, SwanColumnType.Number),
        new(GroundSide, SwanColumnType.Number), new(Date, SwanColumnType.Date),
    ];

    /// <summary>A window's values; what is unknown is missing.</summary>
    public static IReadOnlyDictionary<string, object?> Of(string name, SceneWindow window, Georeference? place, DateTimeOffset? date)
    {
        var row = new SceneRow(name, place, date, new WindowPicture(window, 0, 0, null));
        var values = new Dictionary<string, object?>(StringComparer.Ordinal) { [Scene] = name };
        if (row.Center() is [var longitude, var latitude] && double.IsFinite(longitude)) values[Center] = new SwanPoint(longitude,
            latitude);
        if (row.MetersPerPixel is var meters && double.IsFinite(meters))
        {
            values[MetersPerPixel] = meters;
            values[GroundSide] = meters * Math.Sqrt((double)window.Width * window.Height);
        }
        if (date is { } taken) values[Date] = taken.UtcDateTime;
        return values;
    }
}
