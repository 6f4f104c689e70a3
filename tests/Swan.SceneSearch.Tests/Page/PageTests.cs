using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace Swan.SceneSearch.Tests.Page;

public sealed class PageTests(Chromium chromium, ServedLand land) : IClassFixture<Chromium>, IClassFixture<ServedLand>
{
    [Fact]
    public async Task Windows_light_up_when_a_text_is_typed()
    {
        await using OpenPage page = await chromium.OpenAsync(land.Server.Address);
        Assert.Equal(0, await page.LitPixelsAsync());
        await page.SearchAsync("tennis courts");
        Assert.True(await page.Hits.CountAsync() > 3);
        Assert.True(await page.LitPixelsAsync() > 200);
        await Expect(page.Hits.First).ToContainTextAsync("score 0.");
        await Expect(page.Hits.First).ToContainTextAsync("° N");
        await Expect(page.Hits.First).ToContainTextAsync("2025-0");
        // A letter at a time, and one search or few.
        Assert.InRange(page.Asked.Count(a => a.Contains("/api/search", StringComparison.Ordinal)), 1, 6);
    }

    [Fact]
    public async Task Nothing_found_is_said_plainly_of_images_and_the_nearest_can_be_shown()
    {
        await using ServedImages images = await ServedImages.StartAsync(bias: -9);
        await using OpenPage page = await chromium.OpenAsync(images.Server.Address);
        await page.SearchAsync("green river bridge");
        await Expect(page.Status).ToHaveTextAsync("Nothing found");
        await Expect(page.Notice).ToContainTextAsync("Nothing found for “green river bridge” in 6 images");
        Assert.Equal(0, await page.Hits.CountAsync());
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Show the nearest anyway" }).ClickAsync();
        await Expect(page.Hits.First).ToBeVisibleAsync();
        Assert.True(await page.Hits.CountAsync() > 3);
    }

    [Fact]
    public async Task A_click_on_a_window_opens_its_picture()
    {
        await using OpenPage page = await chromium.OpenAsync(land.Server.Address);
        await page.SearchAsync("tennis courts");
        await page.Hits.First.ClickAsync();
        await Expect(page.Details).ToBeVisibleAsync();
        await Expect(page.Details.Locator("img")).ToHaveJSPropertyAsync("complete", true);
        Assert.True(await page.Details.Locator("img").EvaluateAsync<int>("image => image.naturalWidth") >= 256);
        await Expect(page.Details).ToContainTextAsync("m a pixel");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Show on the map" }).ClickAsync();
        await Expect(page.Details).Not.ToBeVisibleAsync();
        // The window now lies in the middle of the map.
        await page.Page.Locator("#map").ClickAsync();
        await Expect(page.Details).ToBeVisibleAsync();
    }

    [Fact]
    public async Task More_like_this_searches_by_a_window()
    {
        await using OpenPage page = await chromium.OpenAsync(land.Server.Address);
        await page.SearchAsync("tennis courts");
        await page.Hits.First.ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "More like this" }).ClickAsync();
        await Expect(page.Status).ToContainTextAsync("look alike");
        Assert.Equal("", await page.Text.InputValueAsync());
        Assert.Contains("like=", new Uri(page.Page.Url).Fragment, StringComparison.Ordinal);
        Assert.True(await page.Hits.CountAsync() > 3);
    }

    [Fact]
    public async Task A_box_that_is_drawn_is_searched()
    {
        await using OpenPage page = await chromium.OpenAsync(land.Server.Address);
        await page.SearchAsync("tennis courts");
        int everywhere = await page.Hits.CountAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Draw a box" }).ClickAsync();
        LocatorBoundingBoxResult map = (await page.Page.Locator("#map").BoundingBoxAsync())!;
        await page.Page.Mouse.MoveAsync(map.X + map.Width * 0.1f, map.Y + map.Height * 0.25f);
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(map.X + map.Width * 0.5f, map.Y + map.Height * 0.7f, new() { Steps = 5 });
        await page.Page.Mouse.UpAsync();
        await Expect(page.Status).ToContainTextAsync("inside the box");
        int inside = await page.Hits.CountAsync();
        Assert.InRange(inside, 1, everywhere - 1);
        double[] box = [.. System.Web.HttpUtility.ParseQueryString(new Uri(page.Page.Url).Fragment[1..])["box"]!.Split(',')
            .Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
        Assert.True(box[0] < box[2] && box[1] < box[3]);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Search everywhere" }).ClickAsync();
        await Expect(page.Status).Not.ToContainTextAsync("inside the box");
        await Expect(page.Hits).ToHaveCountAsync(everywhere);
    }

    [Fact]
    public async Task A_link_shows_the_same_again()
    {
        await using OpenPage page = await chromium.OpenAsync(land.Server.Address);
        await page.SearchAsync("tennis courts");
        string before = new Uri(page.Page.Url).Fragment;
        await page.Page.Locator("#map .ol-zoom-in").ClickAsync();
        // The address has the view once the zoom has ended.
        await page.UntilAsync("before => location.hash !== before", before);
        string hash = new Uri(page.Page.Url).Fragment;
        string[] titles = [.. await page.Hits.AllInnerTextsAsync()];
        await using OpenPage again = await chromium.OpenAsync(land.Server.Address, hash);
        await again.AnsweredAsync("tennis courts");
        Assert.Equal(titles, await again.Hits.AllInnerTextsAsync());
        Assert.Equal("tennis courts", await again.Text.InputValueAsync());
        Assert.Equal(hash, new Uri(again.Page.Url).Fragment);
    }

    // Of this text the calibration, fitted on whole images, would say that nothing is found.
    [Fact]
    public async Task Places_can_be_downloaded_as_GeoJSON()
    {
        await using OpenPage page = await chromium.OpenAsync(land.Server.Address);
        await page.SearchAsync("a snowy mountain peak");
        Assert.DoesNotContain("likely", await page.Hits.First.InnerTextAsync(), StringComparison.Ordinal);
        IDownload download = await page.Page.RunAndWaitForDownloadAsync(() => page.Page.Locator("#download").ClickAsync());
        Assert.Equal("a-snowy-mountain-peak.geojson", download.SuggestedFilename);
        JsonElement collection = JsonDocument.Parse(await File.ReadAllTextAsync(await download.PathAsync())).RootElement;
        Assert.True(collection.GetProperty("features").GetArrayLength() > 3);
    }

    [Fact]
    public async Task Scenes_without_coordinates_are_on_a_map_of_their_own()
    {
        await using OpenPage page = await chromium.OpenAsync(land.Server.Address);
        await page.SearchAsync("tennis courts");
        ILocator choice = page.Page.Locator("#group");
        string[] options = [.. await choice.Locator("option").AllInnerTextsAsync()];
        Assert.Equal(2, options.Length);
        Assert.All(options, option => Assert.Matches(@"^\d+ on ", option));
        await choice.SelectOptionAsync("pixels");
        await Expect(page.Hits.First).ToContainTextAsync("unplaced.tif");
        await Expect(page.Page.Locator("#draw-box")).ToBeDisabledAsync();
        Assert.True(await page.LitPixelsAsync() > 100);
    }

    [Fact]
    public async Task A_server_that_ends_is_told_in_a_sentence()
    {
        using var scenes = new DrawnScenes();
        RunningServer server = await RunningServer.StartAsync(scenes.Options);
        // Its browser reports the lost connection as a fault, which it is.
        OpenPage page = await chromium.OpenAsync(server.Address);
        await server.DisposeAsync();
        await page.Text.FillAsync("green river");
        await Expect(page.Notice).ToContainTextAsync("The server can't be reached");
        await page.CloseAsync();
    }

    [Theory]
    [InlineData(1280, 800)]
    [InlineData(420, 800)]
    public async Task Nothing_moves_when_results_come(int width, int height)
    {
        await using OpenPage page = await chromium.OpenAsync(land.Server.Address, "", width, height);
        await page.Page.EvaluateAsync(
            """
            () => {
              globalThis.shifts = [];
              new PerformanceObserver(list => {
                for (const entry of list.getEntries())
                  globalThis.shifts.push(`${entry.value.toFixed(4)} ${entry.sources.map(s => s.node?.id || s.node?.nodeName)}`);
              }).observe({ type: "layout-shift", buffered: true });
            }
            """);
        await page.SearchAsync("tennis courts");
        await page.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.Empty(await page.Page.EvaluateAsync<string[]>("globalThis.shifts"));
        // Nor is the page wider than the screen.
        Assert.True(await page.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}
