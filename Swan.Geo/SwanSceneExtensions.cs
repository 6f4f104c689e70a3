using Microsoft.ML;
using Microsoft.ML.Runtime;
using Swan.Geo.Scenes;
using Swan.MLNet;
using Swan.MLNet.DataViews;

namespace Swan.Geo;

/// <summary>Adds scenes to <c>mlContext.Swan()</c>.</summary>
public static class SwanSceneExtensions
{
    /// <summary>Loads the windows of GeoTIFFs as rows, cut and decoded when they are read.</summary>
    /// <remarks>
    /// <para>Columns: <c>Window</c> (image, for <c>SwanEmbedding("Embedding", "Window")</c> and zero-shot labels), <c>Key</c>
    /// (<c>scene#column,row,width,height</c>), <c>Scene</c> (the path), <c>Column</c>, <c>Row</c>, <c>Width</c> and <c>Height</c> (pixels
    /// of the scene), <c>MetersPerPixel</c> (NaN where unknown), <c>Center</c> (longitude and latitude in WGS 84, degrees; NaN where
    /// unknown), <c>Corners</c> (the same of the upper left, upper right, lower right and lower left corner) and <c>Date</c> (ISO 8601;
    /// empty where unknown).</para>
    /// <para>Each pass reads each scene once, tile by tile: memory depends on the windows, not on the scene. A window's picture has 256 to
    /// 511 pixels a side where the window has more. All windows of a scene are stretched alike. A pass without <c>Window</c>
    /// has the same rows, and reads headers only; pixels, too, where some may have no data (no-data values, masks, alpha, floats), or
    /// where scenes that can't be read are skipped. Safe for concurrent use.</para>
    /// </remarks>
    /// <param name="catalog">Of <c>mlContext.Swan()</c>.</param>
    /// <param name="files">GeoTIFFs, also BigTIFF and cloud-optimized ones.</param>
    /// <param name="options">Sides, overlap, bands, range. Null: the defaults.</param>
    /// <exception cref="SwanOptionsException">The options are not valid.</exception>
    public static IDataView LoadScenes(this SwanCatalog catalog, IEnumerable<string> files, SwanSceneOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(files);
        options?.Validate();
        SwanSceneOptions asked = options?.Copy() ?? new();
        string[] scenes = [.. files];
        IHost host = MlNetEnvironment.Host(catalog.Environment, "Swan");
        return new SceneView(pictures => SceneRows.Of(scenes, asked, host, pictures));
    }
}
