using System.Text.Json;
using Swan.Geo.Coordinates;

namespace Swan.SceneSearch.Tests.Serving;

public sealed class FollowingTests : IAsyncLifetime
{
    private readonly DrawnScenes _scenes = new();
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync(_scenes.Options);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _scenes.Dispose();
    }

    [Fact]
    public async Task Scenes_that_are_indexed_meanwhile_are_found_and_no_request_fails()
    {
        JsonElement before = await _server.JsonAsync("api/index");
        using var stop = new CancellationTokenSource();
        Task<int> asking = Task.Run(async () =>
        {
            int asked = 0;
            for (; !stop.IsCancellationRequested; asked++) await _server.HitsAsync("q=green%20river%20bridge&top=200");
            return asked;
        });
        // Elsewhere: of two windows at one place one is told.
        PixelTransform north = DrawnScenes.North.Transform;
        _scenes.Write("later.tif", new Georeference(
            north with { OriginX = north.OriginX - 5_000 }, DrawnScenes.North.CoordinateSystem, DrawnScenes.Width, DrawnScenes.Height));
        File.Delete(Path.Combine(_scenes.Scenes, "turned.tif"));
        _scenes.Bring();
        string[] titles = [];
        await Eventually.True(() =>
        {
            titles = [.. _server.HitsAsync("q=green%20river%20bridge&top=200").GetAwaiter().GetResult()
                .Select(h => h.GetProperty("title").GetString()!).Distinct()];
            return titles.Contains("later.tif") && !titles.Contains("turned.tif");
        }, "the new scene is found, and the removed one isn't");
        await stop.CancelAsync();
        Assert.True(await asking > 0);
        JsonElement after = await _server.JsonAsync("api/index");
        Assert.NotEqual(before.GetProperty("stamp").GetString(), after.GetProperty("stamp").GetString());
        // The page sees that by the answer.
        JsonElement answer = await _server.JsonAsync("api/search?q=green");
        Assert.Equal(after.GetProperty("stamp").GetString(), answer.GetProperty("stamp").GetString());
    }
}
