using Microsoft.ML;
using Swan.Geo.Scenes;
using Swan.MLNet;
using Swan.MLNet.Models;
using Swan.MLNet.Transforms;

namespace Swan.Geo.Search;

/// <summary>A scene that is read from its beginning to its end, and whose windows are embedded.</summary>
/// <remarks>What is wrong with it is a <see cref="SceneReadException"/>: the index and other scenes have nothing to do with it.</remarks>
internal sealed class EmbeddedScene : IDisposable
{
    private readonly PendingScene _pending;
    private readonly CancellationToken _token;

    private EmbeddedScene(PendingScene pending, Scene scene, CancellationToken token) =>
        (_pending, Scene, _token) = (pending, scene, token);

    public Scene Scene { get; }

    /// <summary>Opens a scene.</summary>
    /// <exception cref="SceneReadException">It can't be read, or has changed since it was looked at.</exception>
    public static EmbeddedScene Open(PendingScene pending, SwanSceneOptions options)
    {
        pending.ThrowIfChanged();
        return new(pending, Tried(() => Scene.Open(pending.File.Path, options, options.CancellationToken)), options.CancellationToken);
    }

    /// <summary>Embeds windows.</summary>
    /// <param name="model">Embeds.</param>
    /// <param name="isThere">Whether the index has a window, which is left out then.</param>
    /// <param name="progress">Receives the share of the scene that has been read, at each window.</param>
    /// <returns>Each of them in the same object.</returns>
    /// <exception cref="SceneReadException">The scene can't be read on, or has changed meanwhile.</exception>
    public IEnumerable<EmbeddedWindow> Windows(SwanModel model, Func<SceneWindow, bool> isThere, Action<double> progress)
    {
        var ml = new MLContext();
        var view = new SceneView(pictures => Missing(pictures, isThere, progress));
        var options = new SwanEmbeddingOptions { CancellationToken = _token };
        IDataView embedded = ml.Transforms.SwanEmbedding("Embedding", SceneColumns.Window, model, options).Fit(view).Transform(view);
        foreach (EmbeddedWindow window in ml.Data.CreateEnumerable<EmbeddedWindow>(embedded, reuseRowObject: true)) yield return window;
        _pending.ThrowIfChanged();
    }

    public void Dispose() => Scene.Dispose();

    private IEnumerable<SceneRow> Missing(bool pictures, Func<SceneWindow, bool> isThere, Action<double> progress)
    {
        using IEnumerator<SceneRow> rows = SceneRows.Of(Scene, pictures, _token).GetEnumerator();
        while (Tried(rows.MoveNext))
        {
            progress(Scene.Windows.Done);
            if (!isThere(rows.Current.Window)) yield return rows.Current;
        }
    }

    private static T Tried<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is SwanException or IOException or UnauthorizedAccessException)
        {
            throw new SceneReadException(e);
        }
    }
}

/// <summary>A scene can't be read; passes through ML.NET's cursors as it is.</summary>
/// <param name="cause">Why.</param>
internal sealed class SceneReadException(Exception cause) : Exception(cause.Message, cause);

/// <summary>A window as ML.NET hands it out.</summary>
internal sealed class EmbeddedWindow
{
    public int Column { get; set; }

    public int Row { get; set; }

    public int Width { get; set; }

    public int Height { get; set; }

    public float[] Embedding { get; set; } = [];

    public SceneWindow Place => new(Column, Row, Width, Height);
}
