using System.Globalization;
using NetTopologySuite.Geometries;
using SceneSearch.Web.Galleries;
using SceneSearch.Web.Maps;
using Swan.Geo.Coordinates;

namespace SceneSearch.Web.Endpoints;

/// <summary>What a request looks for, as it stands in its address.</summary>
internal sealed class SearchRequest
{
    public const int MostText = 500, MostTop = 200;

    // A box is cut into so many pixels, so that its edges may be bent on the way to longitudes and latitudes.
    private const int BoxPixels = 1024;

    /// <summary>A text.</summary>
    public string? Q { get; set; }

    /// <summary>The id of a window or image to which others are to be alike, instead of a text.</summary>
    public string? Like { get; set; }

    /// <summary>West, south, east and north on the map of the group.</summary>
    public string? Box { get; set; }

    /// <summary>The map of the box.</summary>
    public string? Group { get; set; }

    public int? Top { get; set; }

    /// <summary>Searches.</summary>
    /// <exception cref="RequestFault">It asks for what can't be.</exception>
    public Found Run(IGallery gallery, TextEmbeddings texts, SearchTimes times, CancellationToken token)
    {
        if (string.IsNullOrWhiteSpace(Q) == string.IsNullOrEmpty(Like))
            throw RequestFault.Bad("Give a query: a text (q), or the id of a result (like), and not both.");
        if (Q?.Length > MostText) throw RequestFault.Bad($"The text has {Q.Length} characters; expected at most {MostText}.");
        if (Top is < 1 or > MostTop) throw RequestFault.Bad($"top is {Top}; expected 1 to {MostTop}.");
        var scope = new SearchScope(Top ?? 50, Area(gallery));
        if (!string.IsNullOrEmpty(Like)) return times.Searching("like", () => gallery.SearchLike(PictureId.Read(Like), scope, token));
        string text = Q!.Trim();
        float[] embedding = times.Encoding(() => texts.Of(text));
        return times.Searching("text", () => gallery.Search(text, embedding, scope, token));
    }

    private Geometry? Area(IGallery gallery)
    {
        if (string.IsNullOrEmpty(Box)) return null;
        MapGroup group = (gallery.Maps ?? throw RequestFault.Bad("Images of this index have no map, so there is no box to search in."))
            .Find(Group ?? "") ?? throw RequestFault.Bad($"There is no map '{Cut(Group)}'; expected one that /api/index names.");
        if (group.System is not { } system)
            throw RequestFault.Bad("These scenes have no coordinates on the earth, so there is no box to search in.");
        double[] sides = [.. Box.Split(',').Select(side =>
            double.TryParse(side, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
                ? number : double.NaN)];
        if (sides is not [var west, var south, var east, var north] || !(west < east) || !(south < north))
            throw RequestFault.Bad($"The box is '{Cut(Box)}'; expected west,south,east,north, four numbers in the map's coordinates.");
        try
        {
            var pixels = new PixelTransform(west, (east - west) / BoxPixels, 0, north, 0, (south - north) / BoxPixels);
            return new Georeference(pixels, system, BoxPixels, BoxPixels).Footprint;
        }
        catch (SwanGeoreferenceException)
        {
            throw RequestFault.Bad("The box reaches beyond its coordinate system; draw a smaller one.");
        }
    }

    private static string Cut(string? text) => text is null or { Length: <= 100 } ? text ?? "" : text[..100] + "…";
}
