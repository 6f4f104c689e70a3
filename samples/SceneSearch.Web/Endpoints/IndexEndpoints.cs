using SceneSearch.Web.Galleries;
using SceneSearch.Web.Maps;
using Swan.MLNet.Models;

namespace SceneSearch.Web.Endpoints;

/// <summary>What is searched, and its maps.</summary>
internal static class IndexEndpoints
{
    // Outlines of more scenes than that are drawn by nobody.
    private const int MostOutlines = 2_000;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/index", Index);

    private static IResult Index(IGallery gallery, SwanModel model, HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        MapGroups? maps = gallery.Maps;
        return Results.Json(new
        {
            kind = maps is null ? "images" : "scenes",
            name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(gallery.Folder))),
            count = gallery.Count,
            model = model.Card.Name,
            calibrated = model.Calibration is not null,
            stamp = maps?.Stamp,
            mostText = SearchRequest.MostText,
            groups = maps?.All.Select(group => Group(group, gallery)),
        });
    }

    private static object Group(MapGroup group, IGallery gallery) => new
    {
        id = group.Id,
        title = group.Title,
        code = group.System?.EpsgCode is { } code ? $"EPSG:{code}" : group.Id,
        unit = group.Unit,
        // Where there are none, there is no box to search in.
        hasCoordinates = group.System is not null,
        stamp = group.Stamp,
        extent = group.Grid.Extent.ToArray(),
        resolutions = group.Grid.Resolutions,
        tileSize = TileGrid.Side,
        scenes = group.Scenes.Take(MostOutlines).Select(s => new { name = s.Scene.Name, ring = s.Outline }),
        sceneCount = group.Scenes.Count,
        // Tiles of the others show nothing yet.
        ready = group.Scenes.Count(s => gallery is SceneGallery scenes && scenes.Pictures.Has(s.Scene)),
    };
}
