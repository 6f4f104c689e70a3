using SceneSearch.Web.Demo;

namespace Swan.SceneSearch.Tests.Page;

/// <summary>A server of the land that --demo draws, with the model inside Swan.MLNet, in which "tennis courts" are found.</summary>
public sealed class ServedLand : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal RunningServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        using var demo = DemoFolder.At(_folder.File("demo"));
        Server = await RunningServer.StartAsync(new ServerOptions
        {
            Index = demo.Index(TextWriter.Null), Cache = _folder.File("cache"), Urls = "http://127.0.0.1:0",
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
