using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using SceneSearch.Web.Galleries;
using SceneSearch.Web.Maps;

namespace SceneSearch.Web.Endpoints;

/// <summary>Pictures of windows and tiles of maps; both are kept by browsers as long as what they show is the same.</summary>
internal static class PictureEndpoints
{
    private const string Forever = "private, max-age=31536000, immutable", AskAgain = "private, no-cache", Never = "no-store";

    public static void Map(IEndpointRouteBuilder routes, bool hasMaps)
    {
        routes.MapGet("/pictures/{id}", Picture);
        if (hasMaps) routes.MapGet("/tiles/{group}/{stamp}/{z:int}/{x:int}/{y:int}", Tile);
    }

    private static async Task<IResult> Picture(
        string id, int? side, IGallery gallery, WindowPictures pictures, HttpContext context, CancellationToken token)
    {
        int asked = side ?? WindowPictures.Sides[0];
        if (!WindowPictures.Sides.Contains(asked))
            throw RequestFault.Bad($"side is {asked}; expected {string.Join(", ", WindowPictures.Sides)}.");
        string key = PictureId.Read(id);
        string stamp = gallery.StampOf(key) ?? throw RequestFault.Missing(gallery.Maps is null
            ? "There is no such image, or its file is not in the folder that the server was given." : "There is no such window.");
        // A window's key has its scene's hash; an image may change under the same key.
        string caching = gallery.Maps is null ? AskAgain : Forever;
        if (IsKnown(context, stamp, caching)) return Results.StatusCode(StatusCodes.Status304NotModified);
        byte[] picture = await pictures.DrawAsync(key, stamp, asked, token)
            ?? throw RequestFault.Missing(
                $"The {(gallery.Maps is null ? "image" : "scene")} is gone or has changed since it was indexed; index it again.");
        Keep(context, stamp, caching);
        return Results.Bytes(picture, PictureCodec.ContentType);
    }

    private static async Task<IResult> Tile(
        string group, string stamp, int z, int x, int y, IGallery gallery, TileRenderer tiles, HttpContext context, CancellationToken token)
    {
        MapGroup map = gallery.Maps?.Find(group) ?? throw RequestFault.Missing("There is no such map.");
        if (!map.Grid.Has(z, x, y)) throw RequestFault.Missing("There is no such tile.");
        // A page that was opened before scenes changed gets what is there now, and asks for another stamp soon.
        string caching = map.Stamp == stamp ? Forever : Never;
        if (IsKnown(context, map.Stamp, caching)) return Results.StatusCode(StatusCodes.Status304NotModified);
        (byte[] bytes, bool isWhole) = await tiles.RenderAsync(map, z, x, y, token);
        Keep(context, map.Stamp, isWhole ? caching : Never);
        return Results.Bytes(bytes, PictureCodec.ContentType);
    }

    private static bool IsKnown(HttpContext context, string stamp, string caching)
    {
        if (!context.Request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Compare(TagOf(stamp), useStrongComparison: false))) return false;
        Keep(context, stamp, caching);
        return true;
    }

    private static void Keep(HttpContext context, string stamp, string caching)
    {
        context.Response.Headers.CacheControl = caching;
        if (caching != Never) context.Response.GetTypedHeaders().ETag = TagOf(stamp);
    }

    private static EntityTagHeaderValue TagOf(string stamp) =>
        new($"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stamp)))[..20]}\"");
}
