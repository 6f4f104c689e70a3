using System.Net;
using System.Text;
using System.Text.Json;
using SceneSearch.Web.Endpoints;
using SkiaSharp;

namespace Swan.SceneSearch.Tests.Serving;

public sealed class PicturesTests(ServedScenes served) : IClassFixture<ServedScenes>
{
    private readonly RunningServer _server = served.Server;

    [Theory]
    [InlineData(160, 160)]
    [InlineData(1024, 160)]
    public async Task A_picture_shows_its_window(int side, int expected)
    {
        JsonElement[] hits = await _server.HitsAsync("q=green%20river%20bridge&top=200");
        // The one that covers the square best.
        JsonElement hit = hits.Where(h => h.GetProperty("title").GetString() == "20240131_north.tif").MinBy(h =>
            Math.Abs(h.GetProperty("column").GetInt32() - DrawnScenes.Left) + Math.Abs(h.GetProperty("row").GetInt32() - DrawnScenes.Top));
        (int column, int row) = (hit.GetProperty("column").GetInt32(), hit.GetProperty("row").GetInt32());
        string address = $"pictures/{hit.GetProperty("id").GetString()}?side={side}";
        using SKBitmap picture = SKBitmap.Decode(await _server.Client.GetByteArrayAsync(address));
        Assert.Equal((expected, expected), (picture.Width, picture.Height));
        for (int y = 4; y < picture.Height; y += 8)
        {
            for (int x = 4; x < picture.Width; x += 8)
            {
                double inX = column + x - DrawnScenes.Left, inY = row + y - DrawnScenes.Top;
                // Next to an edge it is neither.
                double nearX = Math.Min(Math.Abs(inX), Math.Abs(inX - DrawnScenes.Side));
                double nearY = Math.Min(Math.Abs(inY), Math.Abs(inY - DrawnScenes.Side));
                if (Math.Min(nearX, nearY) < 4) continue;
                bool isRed = inX > 0 && inX < DrawnScenes.Side && inY > 0 && inY < DrawnScenes.Side;
                Assert.Equal(isRed, picture.GetPixel(x, y).Red > 130);
            }
        }
    }

    [Theory]
    [InlineData("../scenes/plain.tif")]
    [InlineData("/etc/passwd")]
    [InlineData("plain.tif")]
    [InlineData("20240131_north.tif@00000000#0,0,160,160")]
    [InlineData("plain.tif#")]
    [InlineData("")]
    public async Task Only_windows_of_the_index_have_pictures(string key)
    {
        string id = Convert.ToBase64String(Encoding.UTF8.GetBytes(key)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        using HttpResponseMessage response = await _server.Client.GetAsync($"pictures/{id}");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("pictures/..%2F..%2Findex%2Fscenes.json")]
    [InlineData("pictures/%FF%FE")]
    [InlineData("..%2Fscenes.json")]
    [InlineData("%2E%2E/%2E%2E/scenes.json")]
    [InlineData("js/..%5C..%5CSceneSearch.Web.dll")]
    public async Task Paths_lead_nowhere_else(string address)
    {
        using HttpResponseMessage response = await _server.Client.GetAsync(address);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Other_sizes_are_refused()
    {
        string id = (await _server.HitsAsync("q=green&top=1"))[0].GetProperty("id").GetString()!;
        await _server.JsonAsync($"pictures/{id}?side=5000", HttpStatusCode.BadRequest);
        await _server.JsonAsync($"pictures/{new string('a', 5000)}", HttpStatusCode.NotFound);
    }

    [Fact]
    public void Ids_are_keys_whatever_these_are()
    {
        foreach (string key in (string[])["a", "x/ü@1#0,0,1,1", new string('z', 500), "+/=?&#"])
            Assert.Equal(key, PictureId.Read(PictureId.Of(key)));
    }
}
