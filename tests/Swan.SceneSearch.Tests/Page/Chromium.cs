using Microsoft.Playwright;

namespace Swan.SceneSearch.Tests.Page;

/// <summary>Debian's Chromium, without a window. Tests are skipped where it isn't installed; nothing is downloaded.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Program)) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            // As root, Chromium has no sandbox.
            Args = Environment.UserName == "root" ? ["--no-sandbox", "--disable-gpu"] : ["--disable-gpu"],
        });
    }

    /// <summary>A page of its own, with nothing of others in its memory.</summary>
    internal async Task<OpenPage> OpenAsync(Uri address, string hash = "", int width = 1280, int height = 800, bool isDark = false)
    {
        if (_browser is null) Assert.Skip($"There is no {Program}: install Debian's chromium to have it show the page.");
        IBrowserContext context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            AcceptDownloads = true,
        });
        return await OpenPage.StartAsync(context, address, hash);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
