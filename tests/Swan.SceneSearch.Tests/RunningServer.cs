using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;

namespace Swan.SceneSearch.Tests;

/// <summary>The sample's server on a free port, and its client.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningServer(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.First());
        Client = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<RunningServer> StartAsync(ServerOptions options)
    {
        WebApplication app = await Server.BuildAsync(options);
        await app.StartAsync();
        return new RunningServer(app);
    }

    public async Task<JsonElement> JsonAsync(string address, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using HttpResponseMessage response = await Client.GetAsync(address);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{address}: {response.StatusCode}\n{text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Waits until the maps have pictures of all scenes.</summary>
    public async Task PicturesAsync()
    {
        await Eventually.True(() => JsonAsync("api/index").GetAwaiter().GetResult().GetProperty("groups").EnumerateArray()
            .All(g => g.GetProperty("ready").GetInt32() == g.GetProperty("sceneCount").GetInt32()), "pictures of all scenes");
    }

    public async Task<JsonElement[]> HitsAsync(string query) =>
        [.. (await JsonAsync($"api/search?{query}")).GetProperty("hits").EnumerateArray()];

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
