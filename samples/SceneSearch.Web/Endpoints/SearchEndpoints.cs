using System.Globalization;
using SceneSearch.Web.Galleries;
using Swan.Geo.Search;
using Swan.MLNet.Text;

namespace SceneSearch.Web.Endpoints;

/// <summary>Searches: for the page, and as GeoJSON.</summary>
internal static class SearchEndpoints
{
    private const string TimingHeader = "Server-Timing";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/search", Search);
        routes.MapGet("/api/places.geojson", Download);
    }

    private static IResult Search(
        [AsParameters] SearchRequest request, IGallery gallery, TextEmbeddings texts, HttpContext context, CancellationToken token)
    {
        var times = new SearchTimes();
        Found found;
        try
        {
            found = request.Run(gallery, texts, times, token);
        }
        catch (SwanTextException e)
        {
            // Half a word, as it is typed, is nobody's fault.
            found = new Found { Windows = [], IsNothing = true, Warning = e.Message };
        }
        object answer = SearchAnswer.Of(request.Q, found, gallery);
        context.Response.Headers[TimingHeader] = times.ToString();
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(answer);
    }

    private static IResult Download(
        [AsParameters] SearchRequest request, IGallery gallery, TextEmbeddings texts, CancellationToken token)
    {
        if (gallery.Maps is null) throw RequestFault.Missing("Images of this index have no map, so there is no GeoJSON of them.");
        Found found = request.Run(gallery, texts, new SearchTimes(), token);
        var bytes = new MemoryStream();
        SwanPlaceFiles.WriteGeoJson(bytes, found.Places, token);
        return Results.File(bytes.ToArray(), "application/geo+json", FileName(request.Q));
    }

    private static string FileName(string? text)
    {
        string words = string.Join('-', (text ?? "").ToLower(CultureInfo.InvariantCulture)
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(word => string.Concat(word.Where(char.IsAsciiLetterOrDigit)))
            .Where(word => word.Length > 0));
        return $"{(words.Length is 0 or > 80 ? "places" : words)}.geojson";
    }
}
