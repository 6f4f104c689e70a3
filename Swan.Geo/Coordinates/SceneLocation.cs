using System.Globalization;
using Swan.Geo.Rasters;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Coordinates;

/// <summary>What a scene's file, or one beside it, says of where it lies.</summary>
/// <remarks>
/// As GDAL does: the file .aux.xml counts before the file's own transform, and that before a world file's; a pixel's scale counts before a
/// matrix, and a scale's rows go down the map whatever its sign.
/// </remarks>
/// <param name="Kind">What was found.</param>
/// <param name="Georeference">
/// Places pixels on a map; null where they have no place. Only with <see cref="SceneLocationKind.Georeferenced"/> can its places be
/// converted to WGS 84.
/// </param>
/// <param name="Sentence">What was found, in words, and what to do about it; it names the file.</param>
internal sealed record SceneLocation(SceneLocationKind Kind, Georeference? Georeference, string Sentence)
{
    private const int TiePointNumbers = 6;

    /// <summary>Of a file.</summary>
    /// <exception cref="SwanImageException">It is no TIFF, or corrupt.</exception>
    /// <exception cref="SwanGeoreferenceException">A file beside it can't be read.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static SceneLocation Read(string path)
    {
        using TiffFile file = TiffFile.Open(File.OpenRead(path), path);
        return Read(file, SceneTags.Read(path, file.Directory, PamFile.Beside(path)));
    }

    /// <summary>Of an open file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="tags">What places it.</param>
    /// <exception cref="SwanImageException">Its entries are corrupt.</exception>
    public static SceneLocation Read(TiffFile file, GeoTags tags)
    {
        string name = file.Directory.Name;
        var keys = new GeoKeys(tags);
        PixelTransform? transform = SceneTags.TransformOf(tags);
        if (transform is { } found)
        {
            return Place(
                found, GeoKeyCoordinates.Read(keys), hasKeys: !keys.IsEmpty, file.Image.Fields.Width, file.Image.Fields.Height, name);
        }

        if (tags.TiePoints is { Length: >= TiePointNumbers } points)
        {
            return new(SceneLocationKind.GroundControlPoints, null,
                $"'{name}' has {points.Length / TiePointNumbers} ground control points but no transform: the places of pixels between them "
                + "are uncertain. Rectify it, for example with gdalwarp -tps -t_srs EPSG:4326.");
        }

        if (file.Directory.Has(GeoTags.RpcTag))
        {
            return new(SceneLocationKind.RationalPolynomials, null,
                $"'{name}' has the rational polynomials of a satellite's camera (RPC) but "
                + "no transform: its pixels' places depend on the ground's heights. Rectify it, for example with gdalwarp -rpc "
                + "-to RPC_DEM=heights.tif -t_srs EPSG:4326.");
        }

        return new(SceneLocationKind.None, null, keys.IsEmpty
            ? $"'{name}' does not say where it lies: it has no GeoTIFF tags, and no world file lies beside it."
            : $"'{name}' names a coordinate system ({GeoKeyCoordinates.Read(keys)}), but doesn't place its pixels in it, "
                + "and no world file lies beside it.");
    }

    private static SceneLocation Place(PixelTransform transform, CoordinateSystem system, bool hasKeys, int width, int height, string name)
    {
        if (!transform.IsInvertible)
        {
            return new(SceneLocationKind.Contradictory, null, $"'{name}' places its pixels by {transform.Describe()}: all must be numbers, "
                + "and a pixel must have an area. It was exported wrongly; export it again.");
        }

        var georeference = new Georeference(transform, system, width, height);
        if (!system.CanTransform)
        {
            return hasKeys
                ? new(SceneLocationKind.UnsupportedCoordinateSystem, georeference, $"'{name}': {system.Obstacle}")
                : new(SceneLocationKind.NoCoordinateSystem, georeference,
                    $"'{name}' lies on a map, but does not name the map's "
                    + "coordinate system. Assign one, for example with gdal_edit.py -a_srs EPSG:32632.");
        }

        foreach ((double column, double row) in (ReadOnlySpan<(double, double)>)[(0, 0), (width, 0), (width, height), (0, height)])
        {
            if (georeference.TryToWgs84(column, row, out _, out _)) continue;
            (double x, double y) = transform.ToMap(column, row);
            return new(SceneLocationKind.Contradictory, null,
                string.Create(CultureInfo.InvariantCulture, $"'{name}' has a corner at x {x}, y {y}, ")
                + $"which lies outside of its coordinate system '{system}'. "
                + "Its coordinates are wrong, or in another system: assign the right one, for example with "
                + "gdal_edit.py -a_srs EPSG:32632.");
        }

        return new(SceneLocationKind.Georeferenced, georeference, $"'{name}' lies in '{system}'.");
    }
}
