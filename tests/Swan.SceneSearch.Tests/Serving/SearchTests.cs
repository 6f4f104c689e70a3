using System.Net;
using System.Text.Json;
using Swan.Geo.Coordinates;
using Swan.Geo.Places;
using Swan.Geo.Search;
using Swan.MLNet.Models;

namespace Swan.SceneSearch.Tests.Serving;

public sealed class SearchTests(ServedScenes served) : IClassFixture<ServedScenes>
{
    private readonly DrawnScenes _scenes = served.Scenes;
    private readonly RunningServer _server = served.Server;

    [Fact]
    public async Task A_search_finds_what_the_index_finds()
    {
        using var index = SwanSceneIndex.Open(_scenes.Index);
        using var model = SwanModel.Open(_scenes.Model);
        IReadOnlyList<Place> places = index.Search(model, DrawnScenes.Text, new SwanPlaceOptions { Top = 5 }).Places;
        JsonElement[] hits = await _server.HitsAsync("q=green%20river%20bridge&top=5");
        Assert.Equal(
            places.Select(p => (Path.GetFileName(p.Scene)!, p.Column, p.Row, p.Width, p.Height)),
            hits.Select(h => (h.GetProperty("title").GetString()!, h.GetProperty("column").GetInt32(), h.GetProperty("row").GetInt32(),
                h.GetProperty("width").GetInt32(), h.GetProperty("height").GetInt32())));
    }

    [Fact]
    public async Task Windows_lie_on_the_map_of_their_coordinate_system()
    {
        foreach (JsonElement hit in await _server.HitsAsync("q=green%20river%20bridge&top=200"))
        {
            (string group, PixelTransform? transform) = hit.GetProperty("title").GetString() switch
            {
                "20240131_north.tif" => ("epsg-32632", DrawnScenes.North.Transform),
                "turned.tif" => ("epsg-32632", DrawnScenes.Turned.Transform),
                "mercator.tif" => ("epsg-3857", DrawnScenes.Mercator.Transform),
                _ => ("pixels", (PixelTransform?)null),
            };
            Assert.Equal(group, hit.GetProperty("group").GetString());
            (double x, double y) = (transform ?? new PixelTransform(0, 1, 0, 0, 0, -1))
                .ToMap(hit.GetProperty("column").GetInt32(), hit.GetProperty("row").GetInt32());
            Assert.Equal([x, y], hit.GetProperty("ring")[0].EnumerateArray().Select(n => n.GetDouble()));
        }
    }

    [Fact]
    public async Task A_box_is_searched_in_the_coordinates_of_its_map()
    {
        // Around the square of the scene whose north is up.
        string box = $"{500_000 + DrawnScenes.Left - 10},{5_300_000 - DrawnScenes.Top - DrawnScenes.Side - 10},"
            + $"{500_000 + DrawnScenes.Left + DrawnScenes.Side + 10},{5_300_000 - DrawnScenes.Top + 10}";
        JsonElement[] hits = await _server.HitsAsync($"q=green%20river%20bridge&top=200&group=epsg-32632&box={box}");
        Assert.NotEmpty(hits);
        Assert.All(hits, hit =>
        {
            Assert.Equal("20240131_north.tif", hit.GetProperty("title").GetString());
            Assert.InRange(hit.GetProperty("column").GetInt32() + 80, DrawnScenes.Left - 10, DrawnScenes.Left + DrawnScenes.Side + 10);
            Assert.InRange(hit.GetProperty("row").GetInt32() + 80, DrawnScenes.Top - 10, DrawnScenes.Top + DrawnScenes.Side + 10);
        });
        JsonElement nowhere = await _server.JsonAsync("api/search?q=green%20river&group=epsg-32632&box=0,0,1,1");
        Assert.True(nowhere.GetProperty("nothing").GetBoolean());
    }

    [Theory]
    [InlineData("q=river&box=1,2,3&group=epsg-32632", "four numbers")]
    [InlineData("q=river&box=3,2,1,4&group=epsg-32632", "four numbers")]
    [InlineData("q=river&box=1,2,NaN,4&group=epsg-32632", "four numbers")]
    [InlineData("q=river&box=1,2,3,4&group=nowhere", "no map 'nowhere'")]
    [InlineData("q=river&box=1,2,3,4&group=pixels", "no coordinates")]
    [InlineData("q=river&box=-1e12,-1e12,1e12,1e12&group=epsg-32632", "smaller one")]
    [InlineData("q=river&top=0", "1 to 200")]
    [InlineData("q=river&like=abcd", "not both")]
    [InlineData("", "Give a query")]
    public async Task What_cannot_be_asked_is_said_in_a_sentence(string query, string expected)
    {
        JsonElement problem = await _server.JsonAsync($"api/search?{query}", HttpStatusCode.BadRequest);
        Assert.Contains(expected, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_refused()
    {
        JsonElement problem = await _server.JsonAsync($"api/search?q={new string('a', 501)}", HttpStatusCode.BadRequest);
        Assert.Contains("501 characters", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_without_a_known_word_finds_nothing_and_says_why()
    {
        JsonElement answer = await _server.JsonAsync("api/search?q=zzz");
        Assert.True(answer.GetProperty("nothing").GetBoolean());
        Assert.NotEqual("", answer.GetProperty("message").GetString());
        Assert.Empty(answer.GetProperty("hits").EnumerateArray());
    }

    [Fact]
    public async Task More_like_a_window_does_not_find_itself()
    {
        JsonElement first = (await _server.HitsAsync("q=green%20river%20bridge&top=1"))[0];
        string id = first.GetProperty("id").GetString()!;
        JsonElement[] alike = await _server.HitsAsync($"like={id}&top=200");
        Assert.NotEmpty(alike);
        Assert.DoesNotContain(alike, hit => hit.GetProperty("id").GetString() == id);
        float[] scores = [.. alike.Select(h => h.GetProperty("score").GetSingle())];
        Assert.Equal(scores.OrderDescending(), scores);
        await _server.JsonAsync("api/search?like=bm90aGluZw", HttpStatusCode.NotFound);
        await _server.JsonAsync("api/search?like=***", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_answer_says_how_long_its_parts_took()
    {
        using HttpResponseMessage response = await _server.Client.GetAsync("api/search?q=green%20river");
        Assert.Matches(@"^encode;dur=[\d.]+, search;dur=[\d.]+, total;dur=[\d.]+$",
            Assert.Single(response.Headers.GetValues("Server-Timing")));
    }

    [Fact]
    public async Task GeoJSON_has_the_places_that_can_be_told_in_degrees()
    {
        using HttpResponseMessage response = await _server.Client.GetAsync("api/places.geojson?q=green%20river%20bridge&top=200");
        Assert.Equal("application/geo+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("green-river-bridge.geojson", response.Content.Headers.ContentDisposition!.FileName);
        JsonElement collection = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        JsonElement[] hits = await _server.HitsAsync("q=green%20river%20bridge&top=200");
        string[] scenes = [.. collection.GetProperty("features").EnumerateArray()
            .Select(f => f.GetProperty("properties").GetProperty("scene").GetString()!)];
        Assert.Equal(hits.Select(h => h.GetProperty("title").GetString()).Where(t => t != "plain.tif"), scenes);
        Assert.Equal(hits.Length - scenes.Length, collection.GetProperty("left_out").GetInt32());
    }
}
