using Microsoft.ML.Runtime;
using Swan.MLNet;
using Swan.MLNet.DataViews;
using Swan.MLNet.Transforms;

namespace Swan.Geo.Scenes;

/// <summary>Passes over scenes: one is opened, its windows are cut, it is closed, and the next one is opened.</summary>
internal static class SceneRows
{
    /// <summary>The windows of some files.</summary>
    /// <param name="files">GeoTIFFs.</param>
    /// <param name="options">How they are cut, and what happens to those that can't be read.</param>
    /// <param name="host">Logs skipped files.</param>
    /// <param name="pictures">Whether pixels are wanted.</param>
    public static IEnumerable<SceneRow> Of(IReadOnlyList<string> files, SwanSceneOptions options, IHost host, bool pictures)
    {
        foreach (string path in files)
        {
            using IEnumerator<SceneRow> scene = Of(path, options, pictures).GetEnumerator();
            while (Next(scene)) yield return scene.Current;

            // A scene that can't be read on is no reason to stop, where the options say so.
            bool Next(IEnumerator<SceneRow> rows)
            {
                try
                {
                    return rows.MoveNext();
                }
                catch (Exception e) when (options.OnError == SwanOnError.Skip
                    && e is SwanException or IOException or UnauthorizedAccessException)
                {
                    MlNetEnvironment.Warning(host, "LoadScenes", $"'{path}' is left out from here on: {e.Message}");
                    return false;
                }
            }
        }
    }

    /// <summary>The windows of an open scene.</summary>
    /// <param name="scene">The caller's.</param>
    /// <param name="pictures">Whether pixels are wanted.</param>
    /// <param name="token">Ends reading.</param>
    public static IEnumerable<SceneRow> Of(Scene scene, bool pictures, CancellationToken token)
    {
        foreach (WindowPicture picture in scene.Windows.Read(pictures, token))
        {
            token.ThrowIfCancellationRequested();
            yield return new SceneRow(scene.Path, scene.Place, scene.Date, picture);
        }
    }

    private static IEnumerable<SceneRow> Of(string path, SwanSceneOptions options, bool pictures)
    {
        CancellationToken token = options.CancellationToken;
        token.ThrowIfCancellationRequested();
        using Scene scene = Scene.Open(path, options, token);
        // Which rows there are must not depend on the columns that are asked for: where damage costs rows and no exception, it is looked
        // for.
        foreach (SceneRow row in Of(scene, pictures || options.OnError == SwanOnError.Skip, token)) yield return row;
    }
}
