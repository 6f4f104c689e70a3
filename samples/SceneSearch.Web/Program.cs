using System.Globalization;
using SceneSearch.Web;
using SceneSearch.Web.Demo;
using Swan.MLNet;

// Searches an index in a browser. CommandLine.cs reads what is asked for, Server.cs puts the server together, Galleries/ searches, Maps/
// draws the scenes, Endpoints/ answers requests, and wwwroot/ is the page.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["--help" or "-h" or "-?"])
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}
(ServerOptions? options, string? fault) = CommandLine.Parse(args);
if (options is null)
{
    Console.Error.WriteLine(fault);
    return 2;
}
using DemoFolder? demo = options.Demo ? DemoFolder.At(options.Index) : null;
try
{
    if (demo is not null) options = options with { Index = demo.Index(Console.Out) };
    await using WebApplication app = await Server.BuildAsync(options);
    await app.StartAsync();
    foreach (string url in app.Urls) Console.WriteLine($"'{options.Index}' is at {url}. Ctrl+C ends it.");
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is SwanException or IOException or UnauthorizedAccessException or InvalidOperationException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
