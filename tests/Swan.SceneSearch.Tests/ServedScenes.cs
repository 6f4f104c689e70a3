namespace Swan.SceneSearch.Tests;

/// <summary>A server of drawn scenes, for tests that change neither.</summary>
public sealed class ServedScenes : IAsyncLifetime
{
    internal DrawnScenes Scenes { get; } = new();

    internal RunningServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await RunningServer.StartAsync(Scenes.Options);
        await Server.PicturesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Scenes.Dispose();
    }
}
