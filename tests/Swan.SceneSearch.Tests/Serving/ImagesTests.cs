using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SceneSearch.Web.Galleries;
using SkiaSharp;
using Swan.MLNet;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace Swan.SceneSearch.Tests.Serving;

/// <summary>An index of images, which has no map.</summary>
public sealed class ImagesTests : IAsyncLifetime
{
    private const int Images = 12;
    private readonly TemporaryFolder _folder = new();
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        string model = TinyModel.Write(_folder.FullName);
        Directory.CreateDirectory(_folder.File("images"));
        using (var open = SwanModel.Open(model))
        using (var index = SwanLiveIndex.Create(
            _folder.File("index"), new SwanIndexSettings(open.EmbeddingSize) { Model = open.Card.Identity }))
        using (SwanIndexWriter writer = index.OpenWriter())
        {
            for (int i = 0; i < Images; i++)
            {
                TinyImages.Write(_folder.File("images"), $"{i:00}.png", seed: i);
                writer.Upsert($"{i:00}.png", open.EmbedImage(_folder.File(Path.Combine("images", $"{i:00}.png"))));
            }
            // Somebody else's index may name what it likes.
            writer.Upsert("../tiny.swan", open.EmbedImage(_folder.File(Path.Combine("images", "00.png"))));
            writer.Commit();
        }
        _server = await RunningServer.StartAsync(Options(model, _folder.File("images")));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Images_are_found_and_shown_without_a_map()
    {
        Assert.Equal("images", (await _server.JsonAsync("api/index")).GetProperty("kind").GetString());
        JsonElement[] hits = await _server.HitsAsync("q=green%20river%20bridge&top=50");
        Assert.Equal(Images + 1, hits.Length);
        JsonElement hit = hits.First(h => h.GetProperty("title").GetString()!.EndsWith(".png", StringComparison.Ordinal));
        string address = $"pictures/{hit.GetProperty("id").GetString()}?side=320";
        using SKBitmap picture = SKBitmap.Decode(await _server.Client.GetByteArrayAsync(address));
        using SKBitmap image = SKBitmap.Decode(_folder.File(Path.Combine("images", hit.GetProperty("title").GetString()!)));
        Assert.Equal((image.Width, image.Height), (picture.Width, picture.Height));
        JsonElement[] alike = await _server.HitsAsync($"like={hit.GetProperty("id").GetString()}&top=50");
        Assert.Equal(Images, alike.Length);
    }

    [Fact]
    public async Task A_key_that_leads_out_of_the_folder_has_no_picture()
    {
        JsonElement[] hits = await _server.HitsAsync("q=green%20river%20bridge&top=50");
        JsonElement outside = hits.Single(h => h.GetProperty("title").GetString() == "../tiny.swan");
        JsonElement problem = await _server.JsonAsync($"pictures/{outside.GetProperty("id").GetString()}", HttpStatusCode.NotFound);
        Assert.StartsWith("There is no such image", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        string warning = _server.Services.GetRequiredService<IGallery>().Warning!;
        Assert.Contains($"1 of {Images + 1} images of the index", warning, StringComparison.Ordinal);
        Assert.Contains("such as '../tiny.swan'", warning, StringComparison.Ordinal);
        Assert.Contains("Build the index again", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../pics/")]
    [InlineData("pics/")]
    [InlineData("/far/pics/")]
    [InlineData("s3://bucket/pics/")]
    public async Task Pictures_that_are_elsewhere_are_told_with_the_folder_to_give(string before)
    {
        using var model = SwanModel.Open(_folder.File("tiny.swan"));
        string index = _folder.File("other"), pictures = Directory.CreateDirectory(_folder.File("pics")).FullName;
        using (var made = SwanLiveIndex.Create(index, new SwanIndexSettings(model.EmbeddingSize) { Model = model.Card.Identity }))
        using (SwanIndexWriter writer = made.OpenWriter())
        {
            foreach (string name in (string[])["a.png", "b.png"])
            {
                TinyImages.Write(pictures, name, seed: 1);
                writer.Upsert(before + name, model.EmbedImage(Path.Combine(pictures, name)));
            }
            writer.Commit();
        }
        await using var wrong = new ImageGallery(index, _folder.File("images"), model);
        Assert.StartsWith($"2 of 2 images of the index '{index}' are not in '{_folder.File("images")}', such as '{before}a.png'",
            wrong.Warning, StringComparison.Ordinal);
        string expected = before.Contains("://", StringComparison.Ordinal) ? "URLs have no pictures"
            : before.StartsWith('/') ? "Give '/far/pics', or a folder above it, with --images DIR"
            : "Give the folder that has 'pics/a.png' with --images DIR";
        Assert.Contains(expected, wrong.Warning, StringComparison.Ordinal);
        if (!expected.Contains("has 'pics", StringComparison.Ordinal)) return;
        await using var right = new ImageGallery(index, _folder.FullName, model);
        Assert.Null(right.Warning);
        Assert.NotNull(await right.DrawAsync(before + "b.png", 160, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task There_are_no_tiles_boxes_or_GeoJSON()
    {
        await _server.JsonAsync("tiles/pixels/x/0/0/0", HttpStatusCode.NotFound);
        await _server.JsonAsync("api/places.geojson?q=green", HttpStatusCode.NotFound);
        await _server.JsonAsync("api/search?q=green&box=0,0,1,1&group=pixels", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Where_the_images_are_must_be_known()
    {
        string model = _folder.File("tiny.swan");
        var unknown = await Assert.ThrowsAsync<SwanOptionsException>(() => Server.BuildAsync(Options(model, null)));
        Assert.Contains("--images", unknown.Message, StringComparison.Ordinal);
        string gone = _folder.File("gone");
        var missing = await Assert.ThrowsAsync<SwanOptionsException>(() => Server.BuildAsync(Options(model, gone)));
        Assert.Contains(gone, missing.Message, StringComparison.Ordinal);
    }

    private ServerOptions Options(string model, string? images) =>
        new() { Index = _folder.File("index"), Images = images, Model = model, Urls = "http://127.0.0.1:0" };
}
