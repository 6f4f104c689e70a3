using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Playwright;

namespace Swan.SceneSearch.Tests.Page;

/// <summary>The sample's page in a browser; when it is closed, no fault must have been told and nobody else asked.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Uri _server;
    private readonly ConcurrentQueue<string> _faults = new(), _asked = new();

    private OpenPage(IBrowserContext context, IPage page, Uri server) => (_context, Page, _server) = (context, page, server);

    public IPage Page { get; }

    /// <summary>Addresses that the page asked for, in their order.</summary>
    public string[] Asked => [.. _asked];

    public ILocator Text => Page.Locator("#text");

    public ILocator Status => Page.Locator("#status");

    public ILocator Notice => Page.Locator("#notice");

    public ILocator Hits => Page.Locator("#list li");

    public ILocator Details => Page.Locator("#details[open]");

    public static async Task<OpenPage> StartAsync(IBrowserContext context, Uri server, string hash)
    {
        IPage page = await context.NewPageAsync();
        var open = new OpenPage(context, page, server);
        page.Console += (_, message) =>
        {
            if (message.Type == "error") open._faults.Enqueue($"{message.Type}: {message.Text}");
        };
        page.PageError += (_, fault) => open._faults.Enqueue(fault);
        page.Request += (_, request) => open._asked.Enqueue(request.Url);
        page.SetDefaultTimeout(60_000);
        await page.GotoAsync(new Uri(server, hash).ToString());
        await open.UntilAsync("() => document.getElementById('status').textContent !== ''");
        return open;
    }

    /// <summary>Types a text, and waits for its answer.</summary>
    public async Task SearchAsync(string text)
    {
        await Text.FillAsync("");
        await Text.PressSequentiallyAsync(text);
        await AnsweredAsync(text);
    }

    /// <summary>Waits until what is shown is the answer to a text.</summary>
    public Task AnsweredAsync(string text) => UntilAsync(
        "text => new URLSearchParams(location.hash.slice(1)).get('q') === text && document.getElementById('results').ariaBusy === 'false'"
        + " && document.getElementById('hints').hidden", text);

    /// <summary>Waits until a function says true; Playwright's own way to do so is forbidden by the page's policy.</summary>
    public async Task UntilAsync(string function, object? argument = null)
    {
        for (long start = Stopwatch.GetTimestamp(); !await Page.EvaluateAsync<bool>(function, argument); await Task.Delay(20))
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(60), $"{function} was not so within a minute.");
    }

    /// <summary>Closes it, whatever it told.</summary>
    public Task CloseAsync() => _context.CloseAsync();

    /// <summary>How many pixels of the map have nearly one of the colors of windows' outlines.</summary>
    public async Task<int> LitPixelsAsync() => await Page.EvaluateAsync<int>(
        """
        () => [...document.querySelectorAll('#map canvas')].reduce((lit, canvas) => {
          const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
          const stops = [[106, 20, 160], [177, 42, 144], [225, 100, 98], [252, 166, 54], [246, 230, 70]];
          const isNear = (i, color) => color.reduce((off, value, c) => off + Math.abs(data[i + c] - value), 0) < 12;
          for (let i = 0; i < data.length; i += 4)
            if (data[i + 3] > 240 && stops.some(color => isNear(i, color))) lit++;
          return lit;
        }, 0)
        """);

    public async ValueTask DisposeAsync()
    {
        string[] others = [.. Asked.Where(address => !address.StartsWith(_server.ToString(), StringComparison.Ordinal)
            && !address.StartsWith("data:", StringComparison.Ordinal))];
        await _context.DisposeAsync();
        Assert.Empty(_faults);
        Assert.Empty(others);
    }
}
