using System.Globalization;
using Swan.Geo.Coordinates;
using Swan.Geo.Places;
using Swan.Geo.Rasters;
using Swan.Geo.Scenes;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace Swan.Geo.Search;

/// <summary>Writes search results for maps, people and programs.</summary>
/// <remarks>Each file is complete or unchanged. Safe for concurrent use on different files.</remarks>
public static class SwanPlaceFiles
{
    private const int ThumbnailSide = 320;

    /// <summary>Writes GeoJSON (RFC 7946): one feature per place, in WGS 84.</summary>
    /// <param name="path">The file.</param>
    /// <param name="places">In the order in which they are written.</param>
    /// <param name="cancellationToken">Ends writing; the path is as it was.</param>
    /// <returns>Places left out because their scenes' coordinates can't be converted to WGS 84; a GeoPackage takes them.</returns>
    public static IReadOnlyList<Place> WriteGeoJson(string path, IReadOnlyList<Place> places,
        CancellationToken cancellationToken = default) =>
        GeoJsonWriter.Write(path, places, cancellationToken);

    /// <summary>Writes GeoJSON (RFC 7946) to a stream: one feature per place, in WGS 84.</summary>
    /// <param name="stream">Can be written; stays open.</param>
    /// <param name="places">In the order in which they are written.</param>
    /// <param name="cancellationToken">Ends writing.</param>
    /// <returns>Places left out because their scenes' coordinates can't be converted to WGS 84.</returns>
    public static IReadOnlyList<Place> WriteGeoJson(Stream stream, IReadOnlyList<Place> places,
        CancellationToken cancellationToken = default) =>
        GeoJsonWriter.Write(stream, places, cancellationToken);

    /// <summary>
    /// Writes a GeoPackage with a style for QGIS: in WGS 84, or in a scene's own coordinates if they can't be transformed.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="places">In the order in which they are numbered.</param>
    /// <param name="cancellationToken">Ends writing; the path is as it was.</param>
    public static void WriteGeoPackage(string path, IReadOnlyList<Place> places, CancellationToken cancellationToken = default) =>
        GeoPackageWriter.Write(path, places, definitions: null, cancellationToken);

    /// <summary>Copies each place's window, with all bands and samples, into a GeoTIFF of its own.</summary>
    /// <param name="folder">Receives 01.tif, 02.tif and so on, in the places' order.</param>
    /// <param name="places">Places whose scenes are still there.</param>
    /// <param name="cancellationToken">Ends writing.</param>
    /// <returns>The files.</returns>
    public static IReadOnlyList<string> WriteClips(string folder, IReadOnlyList<Place> places,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(places);
        foreach (string scenes in places.Select(p => Path.GetDirectoryName(p.Scene)!).Distinct()) ThrowIfAmong(folder, scenes);
        Directory.CreateDirectory(folder);
        int digits = Math.Max(2, places.Count.ToString(CultureInfo.InvariantCulture).Length);
        var files = new List<string>();
        foreach ((int i, Place place) in places.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            string path = Path.Combine(folder, $"{(i + 1).ToString($"D{digits}", CultureInfo.InvariantCulture)}.tif");
            using TiffFile scene = SceneImage.OpenFile(place.Scene, ImageDecodingOptions.Default);
            TiffFields fields = scene.Image.Fields;
            if (place.Column + place.Width > fields.Width || place.Row + place.Height > fields.Height)
            {
                throw new SwanSceneException(
                    place.Scene, "it has changed since it was indexed: the place lies outside it. Index it again.");
            }
            PamFile? pam = PamFile.Beside(place.Scene);
            // A TIFF has one value for all bands.
            string? noData = pam?.NoDataOf(Enumerable.Range(0, fields.Samples), scene.NoData) is [{ } one]
                ? one.ToString("R", CultureInfo.InvariantCulture) : null;
            ClipWriter.Write(scene, new PixelWindow(place.Column, place.Row, place.Width, place.Height), path,
                SceneTags.Read(place.Scene, scene.Directory, pam), noData, cancellationToken);
            files.Add(path);
        }
        return files;
    }

    /// <summary>Writes one HTML file with a picture of each place, which prints on A4.</summary>
    /// <param name="index">The index in which they were found.</param>
    /// <param name="path">The file.</param>
    /// <param name="title">The page's title.</param>
    /// <param name="places">In the order in which they are shown.</param>
    /// <param name="cancellationToken">Ends writing; the path is as it was.</param>
    public static void WritePage(
        SwanSceneIndex index, string path, string title, IReadOnlyList<Place> places, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(index);
        using var pictures = new WindowPictures(index.Scenes.Current);
        PlacesPage.Write(path, title, places, place => pictures.Jpeg(place, ThumbnailSide, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Writes a heat map for each scene: a GeoTIFF of float32 scores for a text, in the scene's coordinates.
    /// </summary>
    /// <param name="index">The index.</param>
    /// <param name="model">The one that it was made with.</param>
    /// <param name="caption">Such as <c>a bridge over a river</c>.</param>
    /// <param name="folder">Receives one file per scene, with the scene's name and subfolders.</param>
    /// <param name="options">Which windows are scored; the others are not read. Null: all.</param>
    /// <param name="cancellationToken">Ends writing.</param>
    /// <returns>The files.</returns>
    public static IReadOnlyList<string> WriteHeatMaps(
        SwanSceneIndex index, SwanModel model, string caption, string folder, SwanPlaceOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(model);
        options?.Validate();
        ThrowIfAmong(folder, index.Scenes.Current.Folder);
        var all = new SwanGallerySearchOptions { K = int.MaxValue, Filter = options?.Rows };
        var windows = new Dictionary<string, (SceneRecord Scene, List<ScoredWindow> Windows)>(StringComparer.Ordinal);
        (LiveScenes.State scenes, SwanAnswer answer) =
            index.Together(() => index.Rows.AnswerCaption(model, caption, all, cancellationToken));
        foreach (SwanAnswerHit hit in answer.Hits)
        {
            if (scenes.Find(hit.Key) is not var (scene, _, window)) continue;
            if (!windows.TryGetValue(scene.Name, out var of)) windows.Add(scene.Name, of = (scene, []));
            of.Windows.Add(new ScoredWindow(window.Column, window.Row, window.Width, window.Height, hit.Score));
        }
        var files = new List<string>();
        foreach ((SceneRecord scene, List<ScoredWindow> of) in windows.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => w.Value))
        {
            string path = Path.GetFullPath(scene.Name.EndsWith(".tif", StringComparison.Ordinal) ? scene.Name : scene.Name + ".tif",
                Path.GetFullPath(folder));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            HeatMapWriter.Write(
                path, scene.Width, scene.Height, of, scene.Tags, new HeatMapOptions { Description = caption }, cancellationToken);
            files.Add(path);
        }
        return files;
    }

    // They would be indexed as scenes the next time, and could take the place of one.
    private static void ThrowIfAmong(string folder, string scenes)
    {
        string asked = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        string among = Path.GetFullPath(scenes) + Path.DirectorySeparatorChar;
        if (asked.StartsWith(among, StringComparison.Ordinal))
        {
            throw new SwanOptionsException($"'{folder}' lies among the scenes in '{scenes}': files written there would be indexed as "
                + "scenes. Choose another folder.");
        }
    }
}
