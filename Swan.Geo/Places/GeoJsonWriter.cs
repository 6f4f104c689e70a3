using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using NetTopologySuite.Algorithm;
using NetTopologySuite.Geometries;
using Swan.MLNet;

namespace Swan.Geo.Places;

/// <summary>Writes places as a FeatureCollection of GeoJSON (RFC 7946), whose coordinates are WGS 84.</summary>
/// <remarks>
/// <para>A feature's <c>id</c> is the place's position in the list, from 1. Its properties are <c>query</c>, <c>score</c>,
/// <c>probability</c>, <c>scene</c>, <c>window_column</c>, <c>window_row</c>, <c>window_width</c>, <c>window_height</c> (pixels),
/// <c>date</c> (UTC), <c>meters_per_pixel</c>, <c>coordinate_system</c> and <c>epsg</c>; what isn't known is null.</para>
/// The collection has two members that RFC 7946 doesn't define: <c>name</c>, which GDAL and QGIS call the layer, and <c>left_out</c>, how
/// many places have no footprint in WGS 84 and so can't be in the file.
/// </remarks>
internal static class GeoJsonWriter
{
    // A centimeter, as RFC 7946 (11.2) recommends no more than.
    private const int Decimals = 7;
    private const int BufferBytes = 1 << 16;

    // Letters of all languages as they are; what could end a script in a page stays escaped.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file; replaced if it exists, and its folder made.</param>
    /// <param name="places">In the order in which they are written.</param>
    /// <param name="token">Ends writing; the path is as it was.</param>
    /// <returns>The places that were left out, because their scenes' coordinates can't be transformed to WGS 84.</returns>
    /// <exception cref="ArgumentException">A footprint has no polygons within the earth's degrees, or a number isn't finite.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static IReadOnlyList<Place> Write(string path, IReadOnlyList<Place> places, CancellationToken token = default)
    {
        using AtomicFile file = AtomicFile.Create(path);
        IReadOnlyList<Place> leftOut = Write(file.Stream, places, token);
        file.Commit();
        return leftOut;
    }

    /// <summary>Writes to a stream.</summary>
    /// <inheritdoc cref="Write(string, IReadOnlyList{Place}, CancellationToken)"/>
    public static IReadOnlyList<Place> Write(Stream stream, IReadOnlyList<Place> places, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(places);
        Place[] leftOut = [.. places.Where(p => p.Footprint is null)];
        foreach (Place place in places) ThrowUnlessWritable(place);
        using var json = new Utf8JsonWriter(stream, s_options);
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        json.WriteString("name", "places");
        json.WriteNumber("left_out", leftOut.Length);
        if (leftOut.Length < places.Count) WriteBounds(json, places.Select(p => p.Footprint).OfType<Geometry>());
        json.WriteStartArray("features");
        for (int i = 0; i < places.Count; i++)
        {
            token.ThrowIfCancellationRequested();
            if (places[i].Footprint is { } footprint) WriteFeature(json, i + 1, places[i], footprint);
            if (json.BytesPending > BufferBytes) json.Flush();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return leftOut;
    }

    private static void WriteFeature(Utf8JsonWriter json, int id, Place place, Geometry footprint)
    {
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        json.WriteNumber("id", id);
        WriteBounds(json, [footprint]);
        json.WriteStartObject("geometry");
        json.WriteString("type", footprint.GeometryType);
        json.WritePropertyName("coordinates");
        if (footprint is MultiPolygon) json.WriteStartArray();
        foreach (Polygon polygon in Footprints.Polygons(footprint)) WritePolygon(json, polygon);
        if (footprint is MultiPolygon) json.WriteEndArray();
        json.WriteEndObject();
        WriteProperties(json, place);
        json.WriteEndObject();
    }

    private static void WriteProperties(Utf8JsonWriter json, Place place)
    {
        json.WriteStartObject("properties");
        json.WriteString("query", place.Query);
        json.WriteNumber("score", place.Score);
        Number("probability", place.Probability);
        json.WriteString("scene", place.Scene);
        json.WriteNumber("window_column", place.Column);
        json.WriteNumber("window_row", place.Row);
        json.WriteNumber("window_width", place.Width);
        json.WriteNumber("window_height", place.Height);
        json.WriteString("date", place.Date?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFZ", CultureInfo.InvariantCulture));
        Number("meters_per_pixel", place.MetersPerPixel);
        json.WriteString("coordinate_system", place.CoordinateSystem);
        Number("epsg", place.EpsgCode);
        json.WriteEndObject();

        void Number(string name, double? value)
        {
            if (value is { } number) json.WriteNumber(name, number);
            else json.WriteNull(name);
        }
    }

    private static void WritePolygon(Utf8JsonWriter json, Polygon polygon)
    {
        json.WriteStartArray();
        WriteRing(json, polygon.Shell, counterclockwise: true);
        foreach (LinearRing hole in polygon.Holes) WriteRing(json, hole, counterclockwise: false);
        json.WriteEndArray();
    }

    // The right-hand rule: the polygon lies left of its rings.
    private static void WriteRing(Utf8JsonWriter json, LinearRing ring, bool counterclockwise)
    {
        CoordinateSequence points = ring.CoordinateSequence;
        bool forth = Orientation.IsCCW(points) == counterclockwise;
        json.WriteStartArray();
        for (int i = 0; i < points.Count; i++)
        {
            int at = forth ? i : points.Count - 1 - i;
            json.WriteStartArray();
            json.WriteNumberValue(Rounded(points.GetX(at)));
            json.WriteNumberValue(Rounded(points.GetY(at)));
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteBounds(Utf8JsonWriter json, IEnumerable<Geometry> footprints)
    {
        (double west, double south, double east, double north) = FootprintBounds.Of(footprints);
        json.WriteStartArray("bbox");
        foreach (double side in (double[])[west, south, east, north]) json.WriteNumberValue(Rounded(side));
        json.WriteEndArray();
    }

    private static double Rounded(double degrees) => Math.Round(degrees, Decimals) + 0.0; // no -0

    private static void ThrowUnlessWritable(Place place)
    {
        if (!float.IsFinite(place.Score) || place.Probability is { } p && !double.IsFinite(p)
            || place.MetersPerPixel is { } m && !double.IsFinite(m))
        {
            throw new ArgumentException($"A window of '{place.Scene}' has a number that isn't finite, which JSON can't hold.");
        }

        if (place.Footprint is not { } footprint) return;
        _ = Footprints.Polygons(footprint).First();
        Envelope around = footprint.EnvelopeInternal;
        if (IsWithin(around.MinX, around.MaxX, 180) && IsWithin(around.MinY, around.MaxY, 90)) return;
        throw new ArgumentException(
            $"A footprint of '{place.Scene}' has longitudes from {around.MinX} to {around.MaxX} and latitudes from {around.MinY} to "
            + $"{around.MaxY}; expected degrees of WGS 84, cut at the antimeridian.");

        static bool IsWithin(double least, double most, double limit) => Rounded(least) >= -limit && Rounded(most) <= limit;
    }
}
