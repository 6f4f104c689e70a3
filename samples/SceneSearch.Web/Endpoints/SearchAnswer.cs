using System.Globalization;
using SceneSearch.Web.Galleries;

namespace SceneSearch.Web.Endpoints;

/// <summary>What a search found, as the page reads it.</summary>
internal static class SearchAnswer
{
    public static object Of(string? text, Found found, IGallery gallery) => new
    {
        query = text?.Trim(),
        nothing = found.IsNothing,
        message = found.IsNothing ? Nothing(text, found, gallery) : null,
        warning = found.Windows.Count == 0 && found.Warning is not null ? null : found.Warning,
        found.ProbabilityOfAny,
        found.Limit,
        count = gallery.Count,
        stamp = gallery.Maps?.Stamp,
        hits = found.Windows.Select(Hit),
    };

    private static object Hit(FoundWindow window) => new
    {
        id = PictureId.Of(window.Key),
        title = window.Title,
        score = window.Score,
        probability = window.Probability,
        group = window.OnMap?.Group,
        ring = window.OnMap?.Ring,
        longitude = window.Middle?.Longitude,
        latitude = window.Middle?.Latitude,
        date = window.Date?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        column = window.Window?.Column,
        row = window.Window?.Row,
        width = window.Window?.Width,
        height = window.Window?.Height,
        metersPerPixel = window.MetersPerPixel,
    };

    // As 'swan scene search' says it.
    private static string Nothing(string? text, Found found, IGallery gallery)
    {
        string kind = gallery.Maps is null ? "image" : "window";
        string looked = string.Create(CultureInfo.InvariantCulture, $"{gallery.Count:N0} {kind}{(gallery.Count == 1 ? "" : "s")}");
        if (found.Windows.Count > 0)
        {
            string any = string.Create(CultureInfo.InvariantCulture, $"{found.ProbabilityOfAny:P0}"),
                least = string.Create(CultureInfo.InvariantCulture, $"{found.Limit:P0}");
            return $"Nothing found for “{text?.Trim()}” in {looked}: any {kind} fits with a probability of {any}, "
                + $"below the minimum of {least}.";
        }
        if (found.Warning is { } warning) return warning;
        if (gallery.Count > 0) return $"Nothing found: none of {looked} lies in the box.";
        return gallery.Maps is null ? "Nothing found: the index has no images."
            : "Nothing found: the index has no scenes yet. Run 'swan scene index' to the end; this page follows it.";
    }
}
