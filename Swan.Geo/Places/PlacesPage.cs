using System.Globalization;
using System.Net;
using System.Text;
using NetTopologySuite.Geometries;
using Swan.MLNet;

namespace Swan.Geo.Places;

/// <summary>Places as one HTML file that needs nothing else: a table for each query, with pictures; it prints on A4.</summary>
internal static class PlacesPage
{
    private static ReadOnlySpan<byte> JpegMark => [0xFF, 0xD8, 0xFF];

    private static ReadOnlySpan<byte> PngMark => [0x89, (byte)'P', (byte)'N', (byte)'G'];

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a page.</summary>
    /// <param name="path">The file; replaced if it exists, and its folder made.</param>
    /// <param name="title">What stands above.</param>
    /// <param name="places">In the order in which they are shown; those of one query come together.</param>
    /// <param name="picture">A place's picture as the bytes of a JPEG or PNG; empty for none. Asked for once each, in order.</param>
    /// <param name="token">Ends writing; the path is as it was.</param>
    /// <exception cref="ArgumentException">A picture is neither JPEG nor PNG.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static void Write(
        string path, string title, IReadOnlyList<Place> places, Func<Place, ReadOnlyMemory<byte>> picture,
        CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(places);
        ArgumentNullException.ThrowIfNull(picture);
        using AtomicFile file = AtomicFile.Create(path);
        using (var html = new StreamWriter(file.Stream, s_utf8, leaveOpen: true))
        {
            int scenes = places.Select(p => p.Scene).Distinct().Count();
            html.Write($"""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
                <title>{Text(title)}</title>
                <style>{PlacesPageStyle.Css}</style>
                </head>
                <body>
                <main>
                <header><h1>{Text(title)}</h1>
                <p>{Count(places.Count, "place")} in {Count(scenes, "scene")}. Coordinates are WGS 84.</p></header>

                """);
            int section = 0;
            foreach (IGrouping<string, Place> query in places.GroupBy(p => p.Query))
                WriteTable(html, ++section, query.Key, [.. query], picture, token);
            html.Write("</main>\n</body>\n</html>\n");
        }

        file.Commit();
    }

    private static void WriteTable(
        StreamWriter html, int section, string query, Place[] places, Func<Place, ReadOnlyMemory<byte>> picture, CancellationToken token)
    {
        bool likely = places.Any(p => p.Probability is not null), dated = places.Any(p => p.Date is not null);
        // What scrolls sideways on a narrow screen must be in reach of the keyboard.
        html.Write($"""
            <section aria-labelledby="query-{section}">
            <h2 id="query-{section}">{Text(query)}</h2>
            <div class="scroll" role="region" tabindex="0" aria-labelledby="query-{section}">
            <table>
            <thead><tr><th scope="col" class="number">No.</th><th scope="col">Picture</th><th scope="col">Scene</th>
            <th scope="col">Position</th><th scope="col" class="number">Score</th>
            {Head(likely, "Probability", "number")}{Head(dated, "Date", "date")}</tr></thead>
            <tbody>

            """);
        for (int i = 0; i < places.Length; i++)
        {
            token.ThrowIfCancellationRequested();
            Place place = places[i];
            html.Write($"""
                <tr><td class="number">{i + 1}</td>
                <td class="picture">{Picture(place, i + 1, picture(place).Span)}</td>
                <th scope="row"><span class="name">{Text(FileName(place.Scene))}</span>
                <small>{place.Width}&nbsp;×&nbsp;{place.Height} pixels at column {place.Column}, row {place.Row}{Size(place)}</small></th>
                <td>{Position(place)}</td>
                <td class="number">{Number(place.Score, "0.000")}</td>
                {Cell(likely, Share(place.Probability), "number")}{Cell(dated, Date(place), "date")}</tr>

                """);
        }

        html.Write("</tbody>\n</table>\n</div>\n</section>\n");
    }

    private static string Head(bool shown, string text, string kind) => shown ? $"<th scope=\"col\" class=\"{kind}\">{text}</th>" : "";

    private static string Cell(bool shown, string html, string kind) => shown ? $"<td class=\"{kind}\">{html}</td>" : "";

    private static string Picture(Place place, int number, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return "<span class=\"none\">no picture</span>";
        string type = bytes.StartsWith(JpegMark) ? "jpeg" : bytes.StartsWith(PngMark) ? "png"
            : throw new ArgumentException(
                $"The picture of a window of '{place.Scene}' begins with {Convert.ToHexString(bytes[..Math.Min(bytes.Length, 4)])}; "
                + "expected a JPEG or PNG.");
        string alternative = $"Place {number} in {Text(FileName(place.Scene))}";
        return $"<img src=\"data:image/{type};base64,{Convert.ToBase64String(bytes)}\" alt=\"{alternative}\">";
    }

    private static string Position(Place place)
    {
        if (place.Footprint is { } footprint)
        {
            (double longitude, double latitude) = Footprints.Middle(footprint);
            string shown = $"{Degrees(latitude, "N", "S")}, {Degrees(longitude, "E", "W")}";
            // RFC 5870: latitude first, WGS 84 unless it says otherwise.
            return $"<a href=\"geo:{Number(latitude, "0.######")},{Number(longitude, "0.######")}\">{shown}</a>";
        }

        if (place.MapFootprint is not { } map) return "not georeferenced";
        Point middle = map.Centroid;
        return $"{Number(middle.X, "0.##")}, {Number(middle.Y, "0.##")}<br><small>in {Text(System(place))}</small>";
    }

    private static string System(Place place) =>
        place.CoordinateSystem ?? (place.EpsgCode is { } code ? $"EPSG:{code}" : "an unknown coordinate system");

    // Five decimals are a meter.
    private static string Degrees(double value, string positive, string negative) =>
        $"{Number(Math.Abs(value), "0.00000")}°&nbsp;{(value < 0 ? negative : positive)}";

    private static string Size(Place place) => place.MetersPerPixel is { } meters && meters > 0
        ? $", {Number(place.Width * meters, "#,##0")}&nbsp;×&nbsp;{Number(place.Height * meters, "#,##0")}&nbsp;m"
        : "";

    private static string Share(double? probability) => probability is { } p ? $"{Number(100 * p, "0.0")}&nbsp;%" : "–";

    private static string Date(Place place) =>
        place.Date is { } date ? $"<time datetime=\"{Utc(date, "yyyy-MM-ddTHH:mm:ssZ")}\">{Utc(date, "yyyy-MM-dd")}</time>" : "–";

    private static string Utc(DateTimeOffset date, string format) => date.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);

    private static string FileName(string scene) => scene[(scene.LastIndexOfAny(['/', '\\']) + 1)..];

    private static string Count(int count, string what) => $"{Number(count, "#,##0")} {what}{(count == 1 ? "" : "s")}";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
