using SceneSearch.Web.Galleries;
using SceneSearch.Web.Maps;
using Swan.MLNet;
using Swan.MLNet.Text;

namespace SceneSearch.Web.Endpoints;

/// <summary>Does once what the first requests would wait for: opens the encoder, and makes the maps' pictures, scene by scene.</summary>
internal sealed partial class WarmUp(TextEmbeddings texts, IGallery gallery, ILogger<WarmUp> log) : BackgroundService
{
    private volatile bool _isDone;

    /// <summary>Whether the encoder is open; pictures may still be made.</summary>
    public bool IsDone => _isDone;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            texts.Of("a bridge over a river");
        }
        catch (SwanTextException)
        {
            // A model of other words; the first text that it knows opens its encoder.
        }
        _isDone = true;
        if (gallery is not SceneGallery scenes) return;
        foreach (PlacedScene scene in scenes.Maps.All.SelectMany(g => g.Scenes))
        {
            try
            {
                if (!await scenes.Pictures.MakeAsync(scene.Scene, stoppingToken)) LogMissing(scene.Scene.Name);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is SwanException or IOException or UnauthorizedAccessException)
            {
                LogUnreadable(scene.Scene.Name, e.Message);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The scene '{Scene}' is gone or has changed since it was indexed: the map has no picture of it.")]
    private partial void LogMissing(string scene);

    [LoggerMessage(2, LogLevel.Warning, "The scene '{Scene}' can't be shown: {Reason}")]
    private partial void LogUnreadable(string scene, string reason);
}
