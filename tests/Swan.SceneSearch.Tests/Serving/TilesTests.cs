using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SceneSearch.Web.Caching;
using SceneSearch.Web.Galleries;
using SceneSearch.Web.Maps;
using SkiaSharp;
using Swan.Geo.Coordinates;
using Swan.Geo.Search;

namespace Swan.SceneSearch.Tests.Serving;

public sealed class TilesTests(ServedScenes served) : IClassFixture<ServedScenes>
{
    private readonly RunningServer _server = served.Server;

    public static TheoryData<string, string, PixelTransform> Maps => new()
    {
        { "north", "epsg-32632", DrawnScenes.North.Transform },
        { "turned", "epsg-32632", DrawnScenes.Turned.Transform },
        { "mercator", "epsg-3857", DrawnScenes.Mercator.Transform },
        { "plain", "pixels", new PixelTransform(0, 1, 0, 0, 0, -1) },
    };

    [Theory]
    [MemberData(nameof(Maps))]
    public async Task A_square_of_a_scene_appears_at_its_place_on_the_map(string scene, string map, PixelTransform transform)
    {
        Assert.NotEqual("", scene);
        MapGroup group = Group(map);
        // Where it is smaller than that, its edges take part.
        const double Edge = 3;
        int looked = 0;
        for (int z = 0; z < group.Grid.Resolutions.Count; z++)
        {
            double edge = Edge * group.Grid.Resolutions[z] / transform.PixelWidth;
            if (2 * edge > DrawnScenes.Side) continue;
            (double left, double top) = (DrawnScenes.Left, DrawnScenes.Top);
            (double right, double bottom) = (left + DrawnScenes.Side, top + DrawnScenes.Side);
            double middleX = (left + right) / 2, middleY = (top + bottom) / 2;
            Assert.True(IsRed(await ColorAsync(group, z, transform, middleX, middleY)), $"the middle, level {z}");
            foreach ((double x, double y, double outX, double outY) in ((double, double, double, double)[])
                [(left + edge, middleY, left - edge, middleY), (right - edge, middleY, right + edge, middleY),
                (middleX, top + edge, middleX, top - edge), (middleX, bottom - edge, middleX, bottom + edge)])
            {
                Assert.True(IsRed(await ColorAsync(group, z, transform, x, y)), $"inside at {x}, {y}, level {z}");
                if (outX < 0 || outY < 0 || outX > DrawnScenes.Width || outY > DrawnScenes.Height) continue;
                SKColor outside = await ColorAsync(group, z, transform, outX, outY);
                Assert.True(!IsRed(outside) && outside.Alpha > 200, $"outside at {outX}, {outY}, level {z}: {outside}");
            }
            looked++;
        }
        Assert.True(looked >= 3);
    }

    [Fact]
    public async Task What_lies_beside_a_turned_scene_is_see_through()
    {
        MapGroup group = Group("epsg-32632");
        Bounds bounds = group.Scenes.Single(s => s.Scene.Name == "turned.tif").Bounds;
        var corners = new PixelTransform(bounds.MinX, 1, 0, bounds.MaxY, 0, -1);
        Assert.Equal(0, (await ColorAsync(group, 3, corners, bounds.Width - 30, 30)).Alpha);
        Assert.Equal(0, (await ColorAsync(group, 3, corners, 30, bounds.Height - 30)).Alpha);
    }

    [Fact]
    public async Task Tiles_are_kept_as_long_as_their_scenes_are_the_same()
    {
        string address = Address(Group("epsg-32632"), 0, 0, 0);
        using HttpResponseMessage first = await _server.Client.GetAsync(address);
        Assert.Contains("immutable", first.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        using var again = new HttpRequestMessage(HttpMethod.Get, address);
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage second = await _server.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        string old = address.Replace(Group("epsg-32632").Stamp, "0000", StringComparison.Ordinal);
        using HttpResponseMessage other = await _server.Client.GetAsync(old);
        Assert.True(other.Headers.CacheControl!.NoStore);
        Assert.Equal(await first.Content.ReadAsByteArrayAsync(), await other.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("tiles/nowhere/x/0/0/0")]
    [InlineData("tiles/epsg-32632/x/0/5/0")]
    [InlineData("tiles/epsg-32632/x/99/0/0")]
    [InlineData("tiles/epsg-32632/x/0/-1/0")]
    [InlineData("tiles/..%2F..%2Fetc/passwd/0/0/0")]
    public async Task There_are_no_other_tiles(string address) => await _server.JsonAsync(address, HttpStatusCode.NotFound);

    [Fact]
    public async Task Drawing_ends_when_nobody_waits()
    {
        var tiles = _server.Services.GetRequiredService<TileRenderer>();
        MapGroup group = Group("epsg-3857");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => tiles.RenderAsync(group, group.Grid.Resolutions.Count - 1, 0, 0, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Nobody_waits_for_the_pictures_of_a_whole_scene_but_who_wants_to()
    {
        using var index = SwanSceneIndex.Open(served.Scenes.Index);
        await using var pictures = new ScenePictures(index, new PictureFolder(Path.Combine(served.Scenes.Cache, "empty"), 1 << 20));
        SwanIndexedScene scene = index.ListScenes()[0];
        Assert.Null(await ReadAsync(patience: new CancellationToken(canceled: true)));
        SwanScenePicture read = (await ReadAsync(patience: null))!;
        Assert.True(read.ColumnStep <= 4 && read.Width >= 25);
        Assert.True(await pictures.MakeAsync(scene, CancellationToken.None));
        Assert.True(pictures.Has(scene));
        Assert.Equal(DrawnScenes.Width / 4, (await ReadAsync(patience: CancellationToken.None))!.Width);

        Task<SwanScenePicture?> ReadAsync(CancellationToken? patience) =>
            pictures.ReadAsync(scene, 0, 0, 100, 100, 4, patience, CancellationToken.None);
    }

    [Fact]
    public async Task A_tile_of_a_scene_that_is_gone_is_not_kept()
    {
        using var scenes = new DrawnScenes();
        File.Delete(Path.Combine(scenes.Scenes, "mercator.tif"));
        await using RunningServer server = await RunningServer.StartAsync(scenes.Options);
        using HttpResponseMessage response = await server.Client.GetAsync(Address(Group("epsg-3857"), 0, 0, 0));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    private MapGroup Group(string id) => _server.Services.GetRequiredService<IGallery>().Maps!.Find(id)!;

    private static string Address(MapGroup group, int z, int x, int y) => $"tiles/{group.Id}/{group.Stamp}/{z}/{x}/{y}";

    private static bool IsRed(SKColor color) => color.Red > 150 && color.Green < 90 && color.Blue < 90;

    // Of the map where a place of a scene lies.
    private async Task<SKColor> ColorAsync(MapGroup group, int z, PixelTransform transform, double column, double row)
    {
        (double x, double y) = transform.ToMap(column, row);
        Bounds extent = group.Grid.Extent;
        (double across, double down) = ((x - extent.MinX) / group.Grid.Resolutions[z], (extent.MaxY - y) / group.Grid.Resolutions[z]);
        byte[] bytes = await _server.Client.GetByteArrayAsync(Address(group, z, (int)across / TileGrid.Side, (int)down / TileGrid.Side));
        using SKBitmap tile = SKBitmap.Decode(bytes);
        Assert.Equal(TileGrid.Side, tile.Width);
        return tile.GetPixel((int)across % TileGrid.Side, (int)down % TileGrid.Side);
    }
}
